# SPDX-License-Identifier: Apache-2.0
"""Trains a regression on a table, registers it as approved, and exports a second pipeline that puts data to the model in batches.

The exported definition lies in the project's bucket, and SSM says where; the deploy repository makes a pipeline of it in each stage. What
only the stage knows stands in it as ROLE and PACKAGE.
"""
from ml_pipeline import definition as d
from pipelines.tabular import steps

ROLE, PACKAGE = "REPLACE-ROLE-ARN", "REPLACE-MODEL-PACKAGE-ARN"


def build(s, clients):
    return steps.training_pipeline(s, s.xgboost_image(), "Approved"), steps.SCRIPTS


def inference(s):
    """The pipeline that the stages run. Its input has the columns that the model was trained with, without the label."""
    data = d.Parameter("InputDataUrl", s.uri("inference", "input"))
    machine = d.Parameter("TransformInstanceType", "ml.m5.large")
    made = d.model("Model", role=ROLE, package=PACKAGE)
    scored = d.transform(
        "Score",
        model_name=made.get("ModelName"),
        data=data.get(),
        output=d.join(s.uri("inference", "output"), d.execution("PipelineName"), d.execution("PipelineExecutionId"), on="/"),
        machine=(machine.get(), 1),
        content_type="text/csv",
        key=s.key_arn,
    )
    return d.Pipeline(f"{s.project_name}-inference", [data, machine], [made, scored])


def finish(s, clients):
    """Exports the definition, once there is a model that it can use."""
    key = "inference/definition.json"
    clients("s3").put_object(Bucket=s.bucket, Key=key, Body=inference(s).to_json().encode(), **s.encryption)
    clients("ssm").put_parameter(
        Name=f"/mlops/{s.project_name}/inferencepipeline",
        Description=f"The definition of the inference pipeline of {s.project_name}",
        Value=s.uri(key),
        Type="String",
        Overwrite=True,
    )
    print(f"exported {s.uri(key)}")
