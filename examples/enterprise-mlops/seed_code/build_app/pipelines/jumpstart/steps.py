# SPDX-License-Identifier: Apache-2.0
"""Trains a model of JumpStart further, packs it with the script that serves it, and registers it for somebody to approve."""
import pathlib

from ml_pipeline import definition as d

REPACK = pathlib.Path(__file__).resolve().parent / "repack.py"
PROCESSING = "/opt/ml/processing"


def hyperparameters(model, changed):
    """The model's own, with those that are changed; one that it does not know is a slip of the pen."""
    unknown = sorted(changed.keys() - model.hyperparameters.keys())
    if unknown:
        raise d.Mistake(f"{model.name} has no hyperparameter {unknown[0]}; it has {', '.join(sorted(model.hyperparameters))}")
    return {**model.hyperparameters, **changed}


def train(s, model, chosen, changed):
    return d.training(
        "FineTune",
        image=model.training_image,
        role=s.role,
        machine=(chosen["TrainingInstanceType"], 1),
        volume=model.training_volume,
        key=s.key,
        output=s.uri("models"),
        channels=[
            d.channel("training", chosen["InputDataUrl"]),
            d.channel("model", model.training_data, "application/x-sagemaker-model"),
            d.channel("code", model.training_script),
        ],
        hyperparameters=hyperparameters(model, changed),
        isolated=model.training_isolated,
    )


def repack(s, model, trained):
    """The job that puts the serving script into the archive of the model; it needs Python and nothing else, which that image has."""
    return d.processing(
        "Repack",
        image=model.training_image,
        role=s.role,
        script=s.script(REPACK),
        machine=("ml.m5.2xlarge", 1),
        volume=model.training_volume,
        key=s.key,
        inputs=[
            d.s3_input("model", trained.get("ModelArtifacts.S3ModelArtifacts"), f"{PROCESSING}/model"),
            d.s3_input("script", model.serving_script, f"{PROCESSING}/script"),
        ],
        outputs=[d.s3_output("packed", s.of_run("packed"), f"{PROCESSING}/packed")],
    )


def fine_tuning(s, model, changed, data=None):
    """The pipeline, and the files that it needs in S3. `changed`: hyperparameters; `data`: where the training data lies by default."""
    listed = [
        d.Parameter("InputDataUrl", data or model.sample_data or s.uri("data", "train")),
        d.Parameter("TrainingInstanceType", model.training_machine),
        d.Parameter("ModelApprovalStatus", "PendingManualApproval", ("PendingManualApproval", "Approved")),
    ]
    chosen = {p.name: p.get() for p in listed}
    trained = train(s, model, chosen, changed)
    steps, packed, files = [trained], trained.get("ModelArtifacts.S3ModelArtifacts"), []
    if model.serving_script:
        together = repack(s, model, trained)
        steps, packed, files = [trained, together], d.join(together.output("packed"), "model.tar.gz", on="/"), [REPACK]
    registered = d.register(
        "Register",
        group=s.group,
        image=model.serving_image,
        data=packed,
        approval=chosen["ModelApprovalStatus"],
        content_types=model.content_types,
        machines=model.serving_machines,
        environment=model.environment,
    )
    return d.Pipeline(s.pipeline_name, listed, [*steps, registered], s.pipeline_description), files
