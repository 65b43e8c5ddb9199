# SPDX-License-Identifier: Apache-2.0
"""Splits a table, trains XGBoost on it, measures the model on rows that it has not seen, and registers it when it is good enough."""
import pathlib

from ml_pipeline import definition as d

HERE = pathlib.Path(__file__).resolve().parent
PREPROCESS, EVALUATE = HERE / "preprocess.py", HERE / "evaluate.py"
SCRIPTS = [PREPROCESS, EVALUATE]
PROCESSING = "/opt/ml/processing"
MACHINES = ("ml.m5.large", "ml.m5.xlarge", "ml.t2.medium")  # what the model may run on; the first is where it does by default

# The age of sea snails by their measures, which AWS offers in every region for trying things out.
SAMPLE_DATA = "s3://sagemaker-servicecatalog-seedcode-{region}/dataset/abalone-dataset.csv"

HYPERPARAMETERS = {
    "objective": "reg:squarederror",
    "num_round": 50,
    "max_depth": 5,
    "eta": 0.2,
    "gamma": 4,
    "min_child_weight": 6,
    "subsample": 0.7,
}


def parameters(s, approval):
    """What whoever starts the pipeline may choose: (list, by name)."""
    listed = [
        d.Parameter("InputDataUrl", SAMPLE_DATA.format(region=s.region)),
        d.Parameter("ProcessingInstanceType", "ml.m5.xlarge"),
        d.Parameter("TrainingInstanceType", "ml.m5.xlarge"),
        d.Parameter("LargestError", 6.0),
        d.Parameter("ModelApprovalStatus", approval, ("PendingManualApproval", "Approved")),
    ]
    return listed, {p.name: p.get() for p in listed}


def preprocess(s, image, chosen):
    parts = ("train", "validation", "test")
    return d.processing(
        "Preprocess",
        image=image,
        role=s.role,
        script=s.script(PREPROCESS),
        machine=(chosen["ProcessingInstanceType"], 1),
        key=s.key,
        inputs=[d.s3_input("table", chosen["InputDataUrl"], f"{PROCESSING}/input/table")],
        outputs=[d.s3_output(part, s.of_run(part), f"{PROCESSING}/{part}") for part in parts],
    )


def train(s, image, chosen, prepared, hyperparameters=None):
    return d.training(
        "Train",
        image=image,
        role=s.role,
        machine=(chosen["TrainingInstanceType"], 1),
        key=s.key,
        output=s.uri("models"),
        channels=[d.channel(part, prepared.output(part), "text/csv") for part in ("train", "validation")],
        hyperparameters=HYPERPARAMETERS if hyperparameters is None else hyperparameters,
    )


def evaluate(s, image, chosen, prepared, trained):
    return d.processing(
        "Evaluate",
        image=image,
        role=s.role,
        script=s.script(EVALUATE),
        machine=(chosen["ProcessingInstanceType"], 1),
        key=s.key,
        inputs=[
            d.s3_input("model", trained.get("ModelArtifacts.S3ModelArtifacts"), f"{PROCESSING}/model"),
            d.s3_input("test", prepared.output("test"), f"{PROCESSING}/test"),
        ],
        outputs=[d.s3_output("evaluation", s.of_run("evaluation"), f"{PROCESSING}/evaluation")],
        reports=[("Evaluation", "evaluation", "evaluation.json")],
    )


def register_if_good(s, image, chosen, trained, measured, export=None):
    """The last step: a new version of the model package group, or a run that failed because the error is too large. `export` adds a step
    that makes something else of a good model, and what the registered version says of it."""
    exported, metadata = export(s, image, chosen, trained) if export else (None, None)
    registered = d.register(
        "Register",
        group=s.group,
        image=image,
        data=trained.get("ModelArtifacts.S3ModelArtifacts"),
        approval=chosen["ModelApprovalStatus"],
        content_types=["text/csv"],
        machines=MACHINES,
        statistics=d.join(measured.output("evaluation"), "evaluation.json", on="/"),
        metadata=metadata,
    )
    refused = d.fail("TooInaccurate", d.join("the mean squared error is larger than ", chosen["LargestError"]))
    error = measured.json_get("Evaluation", "regression_metrics.mse.value")
    good = [exported, registered] if exported else [registered]
    return d.condition("GoodEnough", left=error, at_most=chosen["LargestError"], then=good, otherwise=[refused])


def training_pipeline(s, image, approval, hyperparameters=None, export=None):
    """The whole pipeline. `image` runs every step: it must have Python, and XGBoost for `evaluate.py` unless the model says otherwise."""
    listed, chosen = parameters(s, approval)
    prepared = preprocess(s, image, chosen)
    trained = train(s, image, chosen, prepared, hyperparameters)
    measured = evaluate(s, image, chosen, prepared, trained)
    steps = [prepared, trained, measured, register_if_good(s, image, chosen, trained, measured, export)]
    return d.Pipeline(s.pipeline_name, listed, steps, s.pipeline_description)
