# SPDX-License-Identifier: Apache-2.0
"""What the tests share: the environment of a build, and AWS as far as ml_pipeline calls it."""
import json
import pathlib
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ENVIRONMENT = {
    "SAGEMAKER_PROJECT_NAME": "churn",
    "SAGEMAKER_PROJECT_ID": "p-4xk2mplq8s1t",
    "MODEL_PACKAGE_GROUP_NAME": "churn-p-4xk2mplq8s1t",
    "AWS_REGION": "eu-west-1",
    "SAGEMAKER_PIPELINE_NAME": "churn-build",
    "SAGEMAKER_PIPELINE_DESCRIPTION": "churn Model Build Pipeline",
    "SAGEMAKER_PIPELINE_ROLE_ARN": "arn:aws:iam::222222222222:role/execution",
    "ARTIFACT_BUCKET": "mlops-churn",
    "ARTIFACT_BUCKET_KMS_ID": "11111111-2222-4333-8444-555555555555",
    "ECR_REPO_URI": "222222222222.dkr.ecr.eu-west-1.amazonaws.com/churn",
}


class NotFound(Exception):
    pass


class Aws:
    """Remembers what it was asked. `ends`: what becomes of the run, at each look; `exists`: the pipeline is there already;
    `hub`: descriptions of JumpStart's models, by name."""

    exceptions = types.SimpleNamespace(ResourceNotFound=NotFound)

    def __init__(self, exists=False, ends=("Succeeded",), steps=(), hub=None):
        self.exists, self.ends, self.steps = exists, list(ends), list(steps)
        self.hub = hub or {}
        self.calls, self.objects, self.parameters = [], {}, {}

    def __call__(self, service):
        return self

    def put_object(self, Bucket, Key, Body, **encryption):
        self.objects[f"s3://{Bucket}/{Key}"] = (Body, encryption)

    def describe_hub_content(self, HubName, HubContentType, HubContentName, HubContentVersion="2.0.4"):
        assert (HubName, HubContentType) == ("SageMakerPublicHub", "Model")
        return {"HubContentVersion": HubContentVersion, "HubContentDocument": json.dumps(self.hub[HubContentName])}

    def put_parameter(self, Name, Value, Type, Overwrite, Description):
        assert Type == "String" and Overwrite and Description
        self.parameters[Name] = Value

    def update_pipeline(self, **said):
        if not self.exists:
            raise NotFound
        self.calls.append(("update", said))
        return {"PipelineArn": f"arn:{said['PipelineName']}"}

    def create_pipeline(self, **said):
        self.exists = True
        self.calls.append(("create", said))
        return {"PipelineArn": f"arn:{said['PipelineName']}"}

    def start_pipeline_execution(self, **said):
        self.calls.append(("start", said))
        return {"PipelineExecutionArn": f"arn:{said['PipelineName']}/run"}

    def describe_pipeline_execution(self, PipelineExecutionArn):
        return {"PipelineExecutionStatus": self.ends.pop(0)}

    def list_pipeline_execution_steps(self, PipelineExecutionArn):
        return {"PipelineExecutionSteps": self.steps}
