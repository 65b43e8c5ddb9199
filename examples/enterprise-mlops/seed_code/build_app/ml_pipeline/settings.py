# SPDX-License-Identifier: Apache-2.0
"""What the project's CodeBuild project says in its environment, and what follows from it."""
import dataclasses
import hashlib
import pathlib

from . import definition

# Who publishes the images of XGBoost in which region: SageMaker Developer Guide, "Docker Registry Paths and Example Code".
XGBOOST_ACCOUNTS = {
    "af-south-1": "510948584623", "ap-east-1": "651117190479", "ap-northeast-1": "354813040037", "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886", "ap-south-1": "720646828776", "ap-south-2": "628508329040", "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285", "ap-southeast-3": "951798379941", "ap-southeast-4": "106583098589", "ca-central-1": "341280168497",
    "ca-west-1": "190319476487", "cn-north-1": "450853457545", "cn-northwest-1": "451049120500", "eu-central-1": "492215442770",
    "eu-central-2": "680994064768", "eu-north-1": "662702820516", "eu-south-1": "978288397137", "eu-south-2": "104374241257",
    "eu-west-1": "141502667606", "eu-west-2": "764974769150", "eu-west-3": "659782779980", "il-central-1": "898809789911",
    "me-central-1": "272398656194", "me-south-1": "801668240914", "sa-east-1": "737474898029", "us-east-1": "683313688378",
    "us-east-2": "257758044811", "us-gov-east-1": "237065988967", "us-gov-west-1": "414596584902", "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}  # fmt: skip
XGBOOST_VERSION = "1.7-1"


class Unset(Exception):
    """The environment lacks something."""


@dataclasses.dataclass(frozen=True)
class Settings:
    project_name: str
    project_id: str
    group: str
    region: str
    pipeline_name: str
    pipeline_description: str
    role: str
    bucket: str
    key: str | None
    image_repository: str | None
    image_tag: str

    def uri(self, *parts):
        """A place in the project's bucket."""
        return "/".join([f"s3://{self.bucket}", *parts])

    def of_run(self, *parts):
        """A place in the project's bucket that belongs to one run."""
        return definition.join(self.uri("runs"), definition.execution("PipelineExecutionId"), *parts, on="/")

    def script(self, path):
        """Where a script of this repository is uploaded to: the name has its content in it, so that a running pipeline keeps its own."""
        path = pathlib.Path(path)
        return self.uri("code", hashlib.sha256(path.read_bytes()).hexdigest()[:16], path.name)

    @property
    def partition(self):
        return self.role.split(":")[1]

    @property
    def key_arn(self):
        """The key as other accounts have to name it."""
        if not self.key or self.key.startswith("arn:"):
            return self.key
        return f"arn:{self.partition}:kms:{self.region}:{self.role.split(':')[4]}:key/{self.key}"

    @property
    def encryption(self):
        """How objects are put into the project's bucket."""
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.key} if self.key else {}

    def xgboost_image(self):
        if self.region not in XGBOOST_ACCOUNTS:
            raise Unset(f"no image of XGBoost is known for region {self.region}")
        domain = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        return f"{XGBOOST_ACCOUNTS[self.region]}.dkr.ecr.{self.region}.{domain}/sagemaker-xgboost:{XGBOOST_VERSION}"

    def own_image(self):
        if not self.image_repository:
            raise Unset("the environment lacks ECR_REPO_URI")
        return f"{self.image_repository}:{self.image_tag}"


def from_environment(environment):
    """The settings of a CodeBuild run; raises Unset."""

    def needed(name):
        if not environment.get(name):
            raise Unset(f"the environment lacks {name}")
        return environment[name]

    name = needed("SAGEMAKER_PIPELINE_NAME")
    return Settings(
        project_name=needed("SAGEMAKER_PROJECT_NAME"),
        project_id=needed("SAGEMAKER_PROJECT_ID"),
        group=needed("MODEL_PACKAGE_GROUP_NAME"),
        region=needed("AWS_REGION"),
        pipeline_name=name,
        pipeline_description=environment.get("SAGEMAKER_PIPELINE_DESCRIPTION", name),
        role=needed("SAGEMAKER_PIPELINE_ROLE_ARN"),
        bucket=needed("ARTIFACT_BUCKET"),
        key=environment.get("ARTIFACT_BUCKET_KMS_ID") or None,
        image_repository=environment.get("ECR_REPO_URI") or None,
        image_tag=environment.get("IMAGE_TAG") or environment.get("CODEBUILD_RESOLVED_SOURCE_VERSION") or "latest",
    )
