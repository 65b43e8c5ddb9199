# SPDX-License-Identifier: Apache-2.0
"""Trains a regression on a table with an image of one's own (container/), and registers it for somebody to approve.

The image runs every step: it is built by container/build.sh before this, under the same tag.
"""
from pipelines.tabular import steps


def build(s, clients):
    return steps.training_pipeline(s, s.own_image(), "PendingManualApproval", {"penalty": 1.0}), steps.SCRIPTS
