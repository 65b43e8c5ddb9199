# SPDX-License-Identifier: Apache-2.0
"""Publishes what `gdk component build` made, and deploys it to the devices of a stage.

  python3 devices/delivery/deliver.py FOLDER         the folder in which the component was built; one that is not there is no mistake

The environment:
  STAGE, PROJECT_NAME        for names
  THING_GROUP_ARN            the devices; its region and account are where the component is published
  DEVICE_ROLE_ARN            a role of that account to take on; none, where it is this account
  ARTIFACT_BUCKET            the bucket from which devices fetch the component, below components/
  ARTIFACT_BUCKET_KMS_ID     its key; may be empty
"""
import json
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
import prepare  # noqa: E402

LONGEST_WAIT = 60  # looks


def built(folder):
    """The recipe and the archive that gdk made, None where there is no component."""
    recipe = folder / "greengrass-build" / "recipes" / "recipe.json"
    if not recipe.exists():
        return None
    archives = sorted((folder / "greengrass-build" / "artifacts").rglob("*.zip"))
    if len(archives) != 1:
        raise prepare.Unprepared(f"{folder} holds {len(archives)} archives, one is wanted")
    return json.loads(recipe.read_text()), archives[0]


def upload(s3, environment, recipe, archive):
    """Puts the archive where devices can fetch it, and writes its place into the recipe."""
    bucket = prepare.needed(environment, "ARTIFACT_BUCKET")
    key = f"components/{recipe['ComponentName']}/{recipe['ComponentVersion']}/{archive.name}"
    kms = environment.get("ARTIFACT_BUCKET_KMS_ID")
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms} if kms else {}
    s3.put_object(Bucket=bucket, Key=key, Body=archive.read_bytes(), **encryption)
    for manifest in recipe["Manifests"]:
        for artifact in manifest["Artifacts"]:
            artifact["URI"] = f"s3://{bucket}/{key}"


def publish(greengrass, group, recipe, sleep=time.sleep):
    """Makes the version known, if it is not, and waits until it can be deployed."""
    partition, region, account = group[1], group[3], group[4]
    arn = f"arn:{partition}:greengrass:{region}:{account}:components:{recipe['ComponentName']}:versions:{recipe['ComponentVersion']}"
    try:
        greengrass.create_component_version(inlineRecipe=json.dumps(recipe).encode())
    except greengrass.exceptions.ConflictException:
        print(f"{arn} is there")
    for _ in range(LONGEST_WAIT):
        status = greengrass.describe_component(arn=arn)["status"]
        if status["componentState"] == "DEPLOYABLE":
            return
        if status["componentState"] in ("FAILED", "DEPRECATED"):
            raise prepare.Unprepared(f"{arn}: {status['componentState']}, {status.get('message') or 'no reason given'}")
        sleep(5)
    raise prepare.Unprepared(f"{arn} cannot be deployed yet")


def deploy(greengrass, environment, recipe):
    """Adds the component to what the devices have. Gives whether that changed anything."""
    target = environment["THING_GROUP_ARN"]
    newest = greengrass.list_deployments(targetArn=target, historyFilter="LATEST_ONLY")["deployments"]
    there = greengrass.get_deployment(deploymentId=newest[0]["deploymentId"]).get("components", {}) if newest else {}
    name, version = recipe["ComponentName"], recipe["ComponentVersion"]
    if there.get(name, {}).get("componentVersion") == version:
        return False
    greengrass.create_deployment(
        targetArn=target,
        deploymentName=f"{prepare.needed(environment, 'PROJECT_NAME')}-{prepare.needed(environment, 'STAGE')}",
        components={**there, name: {**there.get(name, {}), "componentVersion": version}},
    )
    return True


def main(arguments, environment, clients, sleep=time.sleep):
    """`clients(service, region, role)` gives a client of boto3."""
    if len(arguments) != 1:
        print("usage: deliver.py FOLDER", file=sys.stderr)
        return 2
    try:
        found = built(pathlib.Path(arguments[0]))
        if not found:
            print("there is no component yet")
            return 0
        recipe, archive = found
        group = prepare.needed(environment, "THING_GROUP_ARN").split(":")
        upload(clients("s3"), environment, recipe, archive)
        greengrass = clients("greengrassv2", group[3], environment.get("DEVICE_ROLE_ARN"))
        publish(greengrass, group, recipe, sleep)
        changed = deploy(greengrass, environment, recipe)
    except prepare.Unprepared as problem:
        print(f"deliver.py: {problem}", file=sys.stderr)
        return 1
    said = "deployed" if changed else "is what the devices have:"
    print(f"{said} {recipe['ComponentName']} {recipe['ComponentVersion']}")
    return 0


def boto3_client(service, region=None, role=None):
    import boto3  # the tests need none

    credentials = {}
    if role:
        taken = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="devices")["Credentials"]
        credentials = {
            "aws_access_key_id": taken["AccessKeyId"],
            "aws_secret_access_key": taken["SecretAccessKey"],
            "aws_session_token": taken["SessionToken"],
        }
    return boto3.client(service, region_name=region, **credentials)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ), boto3_client))
