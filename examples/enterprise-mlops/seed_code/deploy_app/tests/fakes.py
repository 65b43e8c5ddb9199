# SPDX-License-Identifier: Apache-2.0
"""AWS as far as prepare.py asks it, without a network."""
import io
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

GROUP = "churn-p-4xk2mplq8s1t"
PACKAGES = f"arn:aws:sagemaker:eu-west-1:222222222222:model-package/{GROUP}"
ENVIRONMENT = {
    "PROJECT_NAME": "churn",
    "PROJECT_ID": "p-4xk2mplq8s1t",
    "MODEL_PACKAGE_GROUP_NAME": GROUP,
    "AWS_REGION": "eu-west-1",
    "MODEL_BUCKET_ARN": f"arn:aws:s3:::mlops-{GROUP}",
    "ARTIFACT_BUCKET_KMS_ID": "11111111-2222-4333-8444-555555555555",
}
STAGES = {
    "/mlops/churn/dev/account_id": "222222222222",
    "/mlops/churn/dev/region": "eu-west-1",
    "/mlops/churn/preprod/account_id": "333333333333",
    "/mlops/churn/preprod/region": "eu-west-1",
    "/mlops/churn/prod/account_id": "444444444444",
    "/mlops/churn/prod/region": "eu-west-1",
}


# The programs of this repository: one, but all of them where seeds are kept.
PROGRAMS = sorted(p.parent.name for p in HERE.glob("*/main.mlops"))


def sample(program, name):
    """What prepare.py is expected to write for a program."""
    return json.loads((HERE / program / "samples" / f"{name}.json").read_text())


def container(image="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1", data=f"s3://mlops-{GROUP}/train/model.tar.gz"):
    return {"Image": image, "ModelDataUrl": data}


class Aws:
    """`approved`: the versions of the group that are approved, newest first; `parameters`: what SSM holds."""

    def __init__(self, approved=(), parameters=None, containers=None, objects=None):
        self.approved = list(approved)
        self.parameters = STAGES if parameters is None else parameters
        self.containers = [container()] if containers is None else containers
        self.objects = objects or {}
        self.metadata = {}
        self.machines = {"SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large", "ml.t2.medium"]}

    def __call__(self, service):
        return self

    def list_model_packages(self, ModelPackageGroupName, ModelApprovalStatus, SortBy, SortOrder, NextToken=None):
        assert (ModelPackageGroupName, ModelApprovalStatus, SortBy, SortOrder) == (GROUP, "Approved", "CreationTime", "Descending")
        if NextToken is None:
            return {"ModelPackageSummaryList": [], "NextToken": "second page"}
        return {"ModelPackageSummaryList": [{"ModelPackageArn": f"{PACKAGES}/{version}"} for version in self.approved]}

    def describe_model_package(self, ModelPackageName):
        runs = {"Containers": self.containers, **self.machines}
        return {"ModelPackageArn": ModelPackageName, "InferenceSpecification": runs, **self.metadata}

    def get_parameters(self, Names):
        return {"Parameters": [{"Name": name, "Value": self.parameters[name]} for name in Names if name in self.parameters]}

    def get_object(self, Bucket, Key):
        return {"Body": io.BytesIO(self.objects[f"s3://{Bucket}/{Key}"].encode())}

    def get_caller_identity(self):
        return {"Account": "222222222222"}
