# SPDX-License-Identifier: Apache-2.0
"""Teaches an image model (Stable Diffusion) what one thing looks like, from a few pictures of it."""
from pipelines.jumpstart import model, steps

MODEL = "model-txt2img-stabilityai-stable-diffusion-v2-1-base"
VERSION = None  # the newest; write one here to stay with it
HYPERPARAMETERS = {"max_steps": "400", "lr": "0.000002"}
# Pictures of a dog, and a file that says what they show: replace it by your own.
SAMPLE_DATA = "s3://jumpstart-cache-prod-{region}/training-datasets/dogs_sd_finetuning/"


def build(s, clients):
    found = model.describe(clients("sagemaker"), MODEL, VERSION)
    return steps.fine_tuning(s, found, HYPERPARAMETERS, SAMPLE_DATA.format(region=s.region))
