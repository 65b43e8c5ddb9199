# SPDX-License-Identifier: Apache-2.0
"""Writes a SageMaker pipeline, publishes it and runs it, with boto3 alone."""
