# SPDX-License-Identifier: Apache-2.0
"""Asks AWS what the program in this folder deploys, and where, and writes the answer to values.json: the only step that needs AWS.

What is asked:
- the newest approved version of the model package group: its ARN, the images in it, what it runs on by default;
- the account and region of each stage, from SSM: PREFIX/STAGE/account_id and PREFIX/STAGE/region;
- for the program `batch`, the definition of the inference pipeline: the object whose s3:// URI is in PREFIX/inferencepipeline.

What is not there yet (an approved version, a definition) is left out, and the program deploys all but that. Whatever AWS refuses to tell ends the run.

The environment, as the project's CodeBuild project sets it:
  PROJECT_NAME, PROJECT_ID     the SageMaker project
  MODEL_PACKAGE_GROUP_NAME     where its models are registered
  AWS_REGION                   where this runs; also the region of stages that name none
  STAGE_PARAMETERS             the PREFIX above; default: /mlops/PROJECT_NAME
  MODEL_BUCKET_ARN             the bucket with the models' data; default: the one that the package names
  ARTIFACT_BUCKET_KMS_ID       the key of that bucket, by id or ARN; none, where S3 encrypts with keys of its own

  python3 prepare.py PROGRAM_FOLDER [VALUES_FILE]
"""
import json
import os
import pathlib
import re
import sys

STAGES = ("dev", "preprod", "prod")
# What programs take besides the project, the stages, the bucket and the package.
WANTED = {"endpoint": {"repositories", "instance_type"}, "batch": {"repositories", "definition"}, "devices": set()}
IMAGE = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com[a-z.]*/(?P<name>[^:@]+)")
S3_URI = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")


class Unprepared(Exception):
    """What is missing, in words for whoever set the project up."""


def needed(environment, name):
    if not environment.get(name):
        raise Unprepared(f"the environment lacks {name}")
    return environment[name]


def partition_of(region):
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def newest_approved(sagemaker, group):
    """The newest approved version of a model package group as SageMaker describes it, or None."""
    wanted = {"ModelPackageGroupName": group, "ModelApprovalStatus": "Approved", "SortBy": "CreationTime", "SortOrder": "Descending"}
    while True:
        page = sagemaker.list_model_packages(**wanted)
        if page["ModelPackageSummaryList"]:
            return sagemaker.describe_model_package(ModelPackageName=page["ModelPackageSummaryList"][0]["ModelPackageArn"])
        if not page.get("NextToken"):  # a page may be empty although another follows
            return None
        wanted["NextToken"] = page["NextToken"]


def containers_of(package):
    return package.get("InferenceSpecification", {}).get("Containers", [])


def repositories_of(package, partition):
    """The repositories of the images that a package runs, by ARN."""
    found = set()
    for container in containers_of(package):
        image = IMAGE.match(container["Image"])
        if image:
            found.add(f"arn:{partition}:ecr:{image['region']}:{image['account']}:repository/{image['name']}")
    return sorted(found)


def bucket_of(package):
    """The bucket with the data of a package's first model, by name, or None."""
    for container in containers_of(package):
        uri = S3_URI.match(container.get("ModelDataUrl", ""))
        if uri:
            return uri["bucket"]
    return None


def stages_below(ssm, prefix, default_region):
    """The stages that SSM knows accounts of, in the order in which they are deployed."""
    names = [f"{prefix}/{stage}/{part}" for stage in STAGES for part in ("account_id", "region")]
    found = {p["Name"]: p["Value"] for p in ssm.get_parameters(Names=names)["Parameters"]}
    stages = [
        {
            "name": stage,
            "id": found[f"{prefix}/{stage}/account_id"],
            "region": found.get(f"{prefix}/{stage}/region", default_region),
        }
        for stage in STAGES
        if f"{prefix}/{stage}/account_id" in found
    ]
    if not stages:
        raise Unprepared(f"SSM has none of {', '.join(names)}: set STAGE_PARAMETERS to where the accounts of the stages are written")
    return stages


def key_arn(key, region, account, partition):
    return key if key.startswith("arn:") else f"arn:{partition}:kms:{region}:{account}:key/{key}"


def inference_definition(clients, prefix):
    """The definition that the build exported, as text; None before it did."""
    name = f"{prefix}/inferencepipeline"
    found = clients("ssm").get_parameters(Names=[name])["Parameters"]
    if not found:
        return None
    uri = S3_URI.fullmatch(found[0]["Value"])
    if not uri:
        raise Unprepared(f"{name} is {found[0]['Value']!r}, which is no s3:// URI of an object")
    return clients("s3").get_object(Bucket=uri["bucket"], Key=uri["key"])["Body"].read().decode()


def values(environment, clients, program):
    """The inputs of a program, which is the name of its folder. `clients(service)` gives a client of boto3."""
    if program not in WANTED:
        raise Unprepared(f"the folder {program} is no program that is known here: {', '.join(WANTED)}")
    project, region = needed(environment, "PROJECT_NAME"), needed(environment, "AWS_REGION")
    partition = partition_of(region)
    package = newest_approved(clients("sagemaker"), needed(environment, "MODEL_PACKAGE_GROUP_NAME"))
    prefix = environment.get("STAGE_PARAMETERS") or f"/mlops/{project}"
    stages = stages_below(clients("ssm"), prefix, region)
    bucket = environment.get("MODEL_BUCKET_ARN")
    if not bucket:
        name = bucket_of(package) if package else None
        if not name:
            raise Unprepared("set MODEL_BUCKET_ARN: without an approved model nothing else says where models are kept")
        bucket = f"arn:{partition}:s3:::{name}"
    result = {"project": {"name": project, "id": needed(environment, "PROJECT_ID")}, "stages": stages, "bucket": bucket}
    key = environment.get("ARTIFACT_BUCKET_KMS_ID")
    if key:
        result["bucket_key"] = key_arn(key, region, clients("sts").get_caller_identity()["Account"], partition)
    if package:
        result["package"] = package["ModelPackageArn"]
        result["repositories"] = repositories_of(package, partition)
        machines = package.get("InferenceSpecification", {}).get("SupportedRealtimeInferenceInstanceTypes")
        if machines:
            result["instance_type"] = machines[0]
    wanted = WANTED[program]
    definition = inference_definition(clients, prefix) if "definition" in wanted else None
    if definition:
        result["definition"] = definition
    unwanted = set().union(*WANTED.values()) - wanted
    return {name: value for name, value in result.items() if name not in unwanted}


def main(arguments, environment, clients):
    if len(arguments) not in (1, 2):
        print("usage: prepare.py PROGRAM_FOLDER [VALUES_FILE]", file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[0])
    try:
        found = values(environment, clients, folder.resolve().name)
    except Unprepared as problem:
        print(f"prepare.py: {problem}", file=sys.stderr)
        return 1
    target = pathlib.Path(arguments[1]) if len(arguments) == 2 else folder / "values.json"
    target.write_text(json.dumps(found, indent=2) + "\n")
    print(f"{target}: {found.get('package', 'no model is approved yet: everything but the model is deployed')}")
    return 0


def boto3_client(service):
    import boto3  # the tests need none

    return boto3.client(service)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ), boto3_client))
