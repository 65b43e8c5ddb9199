# SPDX-License-Identifier: Apache-2.0
# Step of a delivery pipeline: puts the files of a cloud assembly where its asset manifests say, with the roles that they name. It takes the
# destinations (ACCOUNT-REGION) that the pipeline may reach, and needs nothing but Python and the AWS CLI. What is there already stays.
import json
import os
import pathlib
import subprocess
import sys


def aws(*arguments, role=None, quiet=False):
    """The answer of a command of the AWS CLI, or None when it failed and that is no news."""
    environment = {**os.environ, **(role or {})}
    ran = subprocess.run(["aws", *arguments, "--output", "json"], env=environment, capture_output=True, text=True)
    if ran.returncode != 0:
        if quiet:
            return None
        sys.exit(f"aws {' '.join(arguments)}: {ran.stderr.strip()}")
    return json.loads(ran.stdout or "{}")


def credentials(arn):
    """The environment in which commands run as a role."""
    given = aws("sts", "assume-role", "--role-arn", arn, "--role-session-name", "publish-assets")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def wanted(folder, destinations):
    """Each file once for each place: its path, and where it belongs."""
    places = {}
    for manifest in sorted(pathlib.Path(folder).glob("*.assets.json")):
        assets = json.loads(manifest.read_text())
        for place in (p for image in assets.get("dockerImages", {}).values() for p in image["destinations"]):
            if place in destinations:
                sys.exit(f"{manifest.name}: container images are pushed by a build of their own")
        for asset in assets.get("files", {}).values():
            if asset["source"].get("packaging", "file") != "file":
                sys.exit(f"{manifest.name}: `{asset['source']['path']}` is not packed")
            for place, target in asset["destinations"].items():
                if place in destinations:
                    path = pathlib.Path(folder) / asset["source"]["path"]
                    places[place, target["bucketName"], target["objectKey"]] = (path, target)
    return [(place, path, target) for (place, _, _), (path, target) in sorted(places.items())]


def publish(folder, destinations):
    partition = aws("sts", "get-caller-identity")["Arn"].split(":")[1]
    roles = {}
    for place, path, target in wanted(folder, destinations):
        arn = target.get("assumeRoleArn", "").replace("${AWS::" + "Partition}", partition)  # whole, it would look like a reference
        if arn and arn not in roles:
            roles[arn] = credentials(arn)
        object_of = ["--bucket", target["bucketName"], "--key", target["objectKey"], "--expected-bucket-owner", place.split("-")[0]]
        if "region" in target:
            object_of += ["--region", target["region"]]
        there = aws("s3api", "head-object", *object_of, role=roles.get(arn), quiet=True) is not None
        if not there:
            aws("s3api", "put-object", *object_of, "--body", str(path), role=roles.get(arn))
        print(f"{'there' if there else 'published'}: s3://{target['bucketName']}/{target['objectKey']}")


if __name__ == "__main__":
    publish(sys.argv[1], sys.argv[2:])
