# SPDX-License-Identifier: Apache-2.0
# Step of a delivery pipeline: puts the files and images of a cloud assembly where its asset manifests say, with the roles that they name.
# It takes the destinations (ACCOUNT-REGION) that the pipeline may reach, and needs nothing but Python, the AWS CLI and, for images, Docker.
# What is there already stays.
import base64
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


def is_at(place, destinations):
    """Whether a destination is one of the accounts and regions; of other buckets there, the name follows."""
    return any(place == d or place.startswith(d + "-") for d in destinations)


def wanted(folder, destinations):
    """Each file and image once for each place: its path, and where it belongs."""
    places = {}
    for manifest in sorted(pathlib.Path(folder).glob("*.assets.json")):
        assets = json.loads(manifest.read_text())
        for asset in [*assets.get("files", {}).values(), *assets.get("dockerImages", {}).values()]:
            source = asset["source"]
            if source.get("packaging", "file") != "file":
                sys.exit(f"{manifest.name}: `{source['path']}` is not packed")
            path = pathlib.Path(folder) / source.get("path", source.get("directory", ""))
            for place, target in asset["destinations"].items():
                if is_at(place, destinations):
                    places[place, target.get("objectKey", target.get("imageTag"))] = (path, target)
    return [(place, path, target) for (place, _), (path, target) in sorted(places.items())]


def upload(path, target, owner, role):
    """Whether the object was not there yet."""
    object_of = ["--bucket", target["bucketName"], "--key", target["objectKey"], "--expected-bucket-owner", owner, *region_of(target)]
    if aws("s3api", "head-object", *object_of, role=role, quiet=True) is not None:
        return False
    aws("s3api", "put-object", *object_of, "--body", str(path), role=role)
    return True


def push(folder, target, owner, role):
    """Whether the image was not there yet. It is built here: the build runs Docker."""
    image = ["--repository-name", target["repositoryName"], "--registry-id", owner, *region_of(target)]
    if aws("ecr", "describe-images", *image, "--image-ids", f"imageTag={target['imageTag']}", role=role, quiet=True) is not None:
        return False
    registry = aws("ecr", "describe-repositories", "--repository-names", target["repositoryName"], "--registry-id", owner,
                   *region_of(target), role=role)["repositories"][0]["repositoryUri"]
    token = aws("ecr", "get-authorization-token", *region_of(target), role=role)["authorizationData"][0]["authorizationToken"]
    password = base64.b64decode(token).decode().split(":", 1)[1]
    name = f"{registry}:{target['imageTag']}"
    subprocess.run(["docker", "login", "--username", "AWS", "--password-stdin", registry.split("/")[0]], input=password, text=True, check=True)
    subprocess.run(["docker", "build", "--tag", name, str(folder)], check=True)
    subprocess.run(["docker", "push", name], check=True)
    return True


def region_of(target):
    return ["--region", target["region"]] if "region" in target else []


def publish(folder, destinations):
    partition = aws("sts", "get-caller-identity")["Arn"].split(":")[1]
    roles = {}
    for place, path, target in wanted(folder, destinations):
        arn = target.get("assumeRoleArn", "").replace("${AWS::" + "Partition}", partition)  # whole, it would look like a reference
        if arn and arn not in roles:
            roles[arn] = credentials(arn)
        work = upload if "objectKey" in target else push
        done = work(path, target, place.split("-")[0], roles.get(arn))
        print(f"{'published' if done else 'there'}: {path.name} in {place}")


if __name__ == "__main__":
    publish(sys.argv[1], sys.argv[2:])
