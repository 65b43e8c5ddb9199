# SPDX-License-Identifier: Apache-2.0
"""Trains a regression on a table, writes it in a form for devices, and registers both for somebody to approve.

The registered version says in its metadata, as DeviceModel, where the form for devices lies; the deploy repository makes a component of it.
"""
import pathlib

from ml_pipeline import definition as d
from pipelines.tabular import steps

EXPORT = pathlib.Path(__file__).resolve().parent / "on_devices" / "export.py"


def export(s, image, chosen, trained):
    """The job that writes the form for devices, and what the registered version says of it."""
    step = d.processing(
        "ExportForDevices",
        image=image,
        role=s.role,
        script=s.script(EXPORT),
        machine=(chosen["ProcessingInstanceType"], 1),
        key=s.key,
        inputs=[d.s3_input("model", trained.get("ModelArtifacts.S3ModelArtifacts"), f"{steps.PROCESSING}/model")],
        outputs=[d.s3_output("device", s.of_run("device"), f"{steps.PROCESSING}/device")],
    )
    return step, {"DeviceModel": d.join(step.output("device"), "model.json", on="/")}


def build(s, clients):
    return steps.training_pipeline(s, s.xgboost_image(), "PendingManualApproval", export=export), [*steps.SCRIPTS, EXPORT]
