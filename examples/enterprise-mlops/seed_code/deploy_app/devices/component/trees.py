# SPDX-License-Identifier: Apache-2.0
"""Asks a model of trees: {"base": number, "trees": [...]}, where a tree is a number or a list:

  [feature, bound, tree below, tree not below, whether a missing number goes below]
"""
import json


def load(path):
    with open(path) as f:
        return json.load(f)


def leaf(tree, row):
    while isinstance(tree, list):
        feature, bound, below, above, missing_below = tree
        value = row[feature]
        goes_below = bool(missing_below) if value is None else value < bound
        tree = below if goes_below else above
    return tree


def predict(model, row):
    """The model's answer to one row of numbers; None is a number that is missing."""
    return model["base"] + sum(leaf(tree, row) for tree in model["trees"])
