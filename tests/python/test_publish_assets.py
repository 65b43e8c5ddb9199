# SPDX-License-Identifier: Apache-2.0
"""stdlib/publish_assets.py against a fake AWS CLI: what it uploads, where, as whom, and what it refuses."""
import base64
import importlib.util
import json
import pathlib
import tempfile
import types
import unittest
from unittest import mock

SOURCE = pathlib.Path(__file__).parents[2] / "stdlib" / "publish_assets.py"
ROLE = "arn:${AWS::Partition}:iam::222222222222:role/publisher"


def place(key, region="eu-west-1"):
    return {"bucketName": f"assets-{region}", "objectKey": key, "region": region, "assumeRoleArn": ROLE}


class PublishAssets(unittest.TestCase):
    def setUp(self):
        spec = importlib.util.spec_from_file_location("publish_assets", SOURCE)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.calls, self.there = [], set()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_cli(self, command, env=None, **_):
        if command[0] == "docker":
            self.calls.append(("docker", command[1:], None))
            return types.SimpleNamespace(returncode=0)
        arguments = dict(zip(command[3::2], command[4::2]))
        self.calls.append((command[2], arguments, env.get("AWS_SESSION_TOKEN")))
        answers = {"get-caller-identity": {"Arn": "arn:aws-cn:sts::1:assumed-role/x"}, "put-object": {},
                   "assume-role": {"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "s", "SessionToken": "of-the-role"}},
                   "describe-repositories": {"repositories": [{"repositoryUri": "222222222222.dkr.example/images"}]},
                   "get-authorization-token": {"authorizationData": [{"authorizationToken": base64.b64encode(b"AWS:secret").decode()}]}}
        found = arguments.get("--key") in self.there or arguments.get("--image-ids") in self.there
        if command[2] in ("head-object", "describe-images"):
            return types.SimpleNamespace(returncode=0 if found else 254, stdout="{}", stderr="Not Found")
        return types.SimpleNamespace(returncode=0, stdout=json.dumps(answers[command[2]]), stderr="")

    def publish(self, files, destinations, images=None):
        (self.folder / "app.assets.json").write_text(json.dumps({"files": files, "dockerImages": images or {}}))
        with mock.patch.object(self.module.subprocess, "run", self.run_cli), mock.patch("builtins.print"):
            self.module.publish(str(self.folder), destinations)

    def uploads(self):
        return [(a["--bucket"], a["--key"]) for name, a, _ in self.calls if name == "put-object"]

    def test_uploads_what_is_missing_as_the_role_into_the_owners_bucket(self):
        files = {"one": {"source": {"path": "one.zip"}, "destinations": {"222222222222-eu-west-1": place("one")}},
                 "two": {"source": {"path": "two.zip"}, "destinations": {"222222222222-eu-west-1": place("two")}}}
        self.there.add("two")
        self.publish(files, ["222222222222-eu-west-1"])
        self.assertEqual(self.uploads(), [("assets-eu-west-1", "one")])
        name, arguments, token = self.calls[-2] if self.calls[-1][0] == "head-object" else self.calls[-1]
        self.assertEqual((name, arguments["--expected-bucket-owner"], token), ("put-object", "222222222222", "of-the-role"))
        taken = [a["--role-arn"] for n, a, _ in self.calls if n == "assume-role"]
        self.assertEqual(taken, ["arn:aws-cn:iam::222222222222:role/publisher"])

    def test_leaves_other_destinations_alone(self):
        files = {"one": {"source": {"path": "one.zip"}, "destinations": {
            "222222222222-eu-west-1": place("one"), "222222222222-us-east-1": place("one", "us-east-1")}}}
        self.publish(files, ["222222222222-us-east-1"])
        self.assertEqual(self.uploads(), [("assets-us-east-1", "one")])

    def test_takes_other_buckets_of_the_destination(self):
        files = {"one": {"source": {"path": "one.zip"}, "destinations": {"222222222222-eu-west-1-home": place("one")}}}
        self.publish(files, ["222222222222-eu-west-1"])
        self.assertEqual(self.uploads(), [("assets-eu-west-1", "one")])

    def image(self):
        target = {"repositoryName": "images", "imageTag": "tag", "region": "eu-west-1", "assumeRoleArn": ROLE}
        return {"i": {"source": {"directory": "asset.tag"}, "destinations": {"222222222222-eu-west-1": target}}}

    def test_builds_and_pushes_images_that_are_missing(self):
        self.publish({}, ["222222222222-eu-west-1"], self.image())
        name = "222222222222.dkr.example/images:tag"
        self.assertEqual([c for n, c, _ in self.calls if n == "docker"], [
            ["login", "--username", "AWS", "--password-stdin", "222222222222.dkr.example"],
            ["build", "--tag", name, str(self.folder / "asset.tag")], ["push", name]])

    def test_leaves_images_that_are_there(self):
        self.there.add("imageTag=tag")
        self.publish({}, ["222222222222-eu-west-1"], self.image())
        self.assertFalse([c for n, c, _ in self.calls if n == "docker"])

    def test_refuses_folders(self):
        files = {"one": {"source": {"path": "one", "packaging": "zip"}, "destinations": {"222222222222-eu-west-1": place("one")}}}
        with self.assertRaises(SystemExit):
            self.publish(files, ["222222222222-eu-west-1"])
        self.assertEqual(self.uploads(), [])


if __name__ == "__main__":
    unittest.main()
