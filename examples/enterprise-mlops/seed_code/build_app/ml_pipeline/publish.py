# SPDX-License-Identifier: Apache-2.0
"""Brings a pipeline to SageMaker: uploads its scripts, creates or updates it, runs it and waits for the end."""
import pathlib
import time

DONE = {"Succeeded", "Failed", "Stopped"}


class Failed(Exception):
    """The run did not succeed; the text says which steps failed and why."""


def upload(s3, settings, files):
    """Files of this repository, to where the definition looks for them."""
    for file in files:
        key = settings.script(file).split("/", 3)[3]
        s3.put_object(Bucket=settings.bucket, Key=key, Body=pathlib.Path(file).read_bytes(), **settings.encryption)


def upsert(sagemaker, settings, pipeline):
    """Updates the pipeline, or creates it where there is none yet. Gives its ARN."""
    said = {
        "PipelineName": pipeline.name,
        "PipelineDescription": pipeline.description or settings.pipeline_description,
        "PipelineDefinition": pipeline.to_json(),
        "RoleArn": settings.role,
    }
    try:
        return sagemaker.update_pipeline(**said)["PipelineArn"]
    except sagemaker.exceptions.ResourceNotFound:
        tags = {"sagemaker:project-name": settings.project_name, "sagemaker:project-id": settings.project_id}
        return sagemaker.create_pipeline(**said, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])["PipelineArn"]


def failures(sagemaker, run):
    """Name and reason of each step of a run that failed."""
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=run)["PipelineExecutionSteps"]
    return [f"{s['StepName']}: {s.get('FailureReason', 'no reason given')}" for s in steps if s["StepStatus"] == "Failed"]


def run(sagemaker, name, description="", sleep=time.sleep, every=30):
    """Runs a pipeline to its end; raises Failed when it does not succeed. Gives the ARN of the run."""
    arn = sagemaker.start_pipeline_execution(PipelineName=name, PipelineExecutionDescription=description or name)["PipelineExecutionArn"]
    print(f"started {arn}", flush=True)
    while True:
        found = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        if found["PipelineExecutionStatus"] in DONE:
            break
        sleep(every)
    if found["PipelineExecutionStatus"] != "Succeeded":
        reasons = failures(sagemaker, arn) or [found.get("FailureReason", "no reason given")]
        raise Failed(f"the run {found['PipelineExecutionStatus'].lower()}: " + "; ".join(reasons))
    return arn
