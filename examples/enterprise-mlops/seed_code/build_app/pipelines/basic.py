# SPDX-License-Identifier: Apache-2.0
"""Trains a regression on a table and registers it for somebody to approve; the endpoints of the deploy repository follow."""
from pipelines.tabular import steps


def build(s, clients):
    return steps.training_pipeline(s, s.xgboost_image(), "PendingManualApproval"), steps.SCRIPTS
