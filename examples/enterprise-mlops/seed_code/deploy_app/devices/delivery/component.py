# SPDX-License-Identifier: Apache-2.0
"""Lays out a Greengrass component for `gdk component build`: the program for devices, the newest approved model, gdk-config.json.

Without an approved model there is nothing to lay out, and the folder stays away.

  python3 devices/delivery/component.py FOLDER       the folder must be called `model`, which is how the recipe names it

The environment: PROJECT_NAME, PROJECT_ID, MODEL_PACKAGE_GROUP_NAME, AWS_REGION, and ARTIFACT_BUCKET for gdk-config.json.
"""
import hashlib
import json
import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "devices" / "component"
sys.path.insert(0, str(ROOT))
import prepare  # noqa: E402


def device_model(package, clients):
    """The form for devices of a version, as bytes."""
    uri = prepare.S3_URI.fullmatch(package.get("CustomerMetadataProperties", {}).get("DeviceModel", ""))
    if not uri:
        raise prepare.Unprepared(f"{package['ModelPackageArn']} says nowhere, as DeviceModel, where its form for devices lies")
    return clients("s3").get_object(Bucket=uri["bucket"], Key=uri["key"])["Body"].read()


def version_of(folder, package):
    """1.MODEL.CONTENT: the same files have the same version, so that a build can be repeated."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return f"1.{package['ModelPackageArn'].rpartition('/')[2]}.{int(digest.hexdigest()[:6], 16)}"


def lay_out(folder, environment, clients):
    """Gives the version, or None when there is no approved model."""
    package = prepare.newest_approved(clients("sagemaker"), prepare.needed(environment, "MODEL_PACKAGE_GROUP_NAME"))
    if not package:
        return None
    name = f"{prepare.needed(environment, 'PROJECT_NAME')}-{prepare.needed(environment, 'PROJECT_ID')}.model"
    folder.mkdir(parents=True)
    for path in sorted(PROGRAM.iterdir()):
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    (folder / "model.json").write_bytes(device_model(package, clients))
    version = version_of(folder, package)
    settings = {
        "author": environment["PROJECT_NAME"],
        "version": version,
        "build": {"build_system": "zip"},
        "publish": {"bucket": prepare.needed(environment, "ARTIFACT_BUCKET"), "region": prepare.needed(environment, "AWS_REGION")},
    }
    (folder / "gdk-config.json").write_text(json.dumps({"component": {name: settings}, "gdk_version": "1.3.0"}, indent=2) + "\n")
    return version


def main(arguments, environment, clients):
    if len(arguments) != 1 or pathlib.Path(arguments[0]).name != "model":
        print("usage: component.py FOLDER, called `model`", file=sys.stderr)
        return 2
    try:
        version = lay_out(pathlib.Path(arguments[0]), environment, clients)
    except prepare.Unprepared as problem:
        print(f"component.py: {problem}", file=sys.stderr)
        return 1
    print(f"{arguments[0]}: version {version}" if version else "no model is approved yet: there is no component")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ), prepare.boto3_client))
