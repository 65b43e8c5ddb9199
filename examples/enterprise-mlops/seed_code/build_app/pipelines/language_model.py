# SPDX-License-Identifier: Apache-2.0
"""Trains a language model (Falcon 7B) further on instructions and answers of one's own.

The data: JSON lines with the fields that template.json beside them names, in the project's bucket below data/train/.
"""
from pipelines.jumpstart import model, steps

MODEL = "huggingface-llm-falcon-7b-bf16"
VERSION = None  # the newest; write one here to stay with it
HYPERPARAMETERS = {"instruction_tuned": "True", "epoch": "3"}


def build(s, clients):
    found = model.describe(clients("sagemaker"), MODEL, VERSION)
    return steps.fine_tuning(s, found, HYPERPARAMETERS, s.uri("data", "train", ""))
