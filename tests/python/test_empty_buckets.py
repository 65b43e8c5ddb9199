# SPDX-License-Identifier: Apache-2.0
"""stdlib/empty_buckets.py against a fake of S3 and CloudFormation: what is deleted, and above all what is not."""
import importlib.util
import pathlib
import sys
import types
import unittest

SOURCE = pathlib.Path(__file__).parents[2] / "stdlib" / "empty_buckets.py"
STACK = "arn:aws:cloudformation:eu-west-1:222222222222:stack/SC-1/abc"
PAGE = 1000  # what S3 lists, and deletes, at a time


class ClientError(Exception):
    def __init__(self, code):
        super().__init__(f"An error occurred ({code})")
        self.response = {"Error": {"Code": code}}


class Cloud:
    """Both services, the clock of the function, and the answer that CloudFormation gets."""

    def __init__(self):
        self.status = "DELETE_IN_PROGRESS"
        self.buckets = {"data": [], "logs": []}  # name: pairs of key and version
        self.markers = {}                        # name: the same, of deletion markers
        self.held = set()                        # keys that are not to be deleted
        self.refusal = None
        self.seconds = 0
        self.answers = []

    def describe_stacks(self, StackName):
        assert StackName == STACK
        if self.refusal:
            raise ClientError(self.refusal)
        return {"Stacks": [{"StackStatus": self.status}]}

    def list_object_versions(self, Bucket):
        if Bucket not in self.buckets:
            raise ClientError("NoSuchBucket")
        self.seconds += 1
        page = {}
        for name, all_of_them in ("Versions", self.buckets[Bucket]), ("DeleteMarkers", self.markers.get(Bucket, [])):
            if all_of_them:
                page[name] = [{"Key": k, "VersionId": v, "Size": 1} for k, v in all_of_them[:PAGE // 2]]
        return page

    def delete_objects(self, Bucket, Delete):
        assert 0 < len(Delete["Objects"]) <= PAGE
        errors = []
        for o in Delete["Objects"]:
            assert set(o) == {"Key", "VersionId"}
            if o["Key"] in self.held:
                errors.append({"Key": o["Key"], "Code": "AccessDenied", "Message": "held"})
                continue
            pair = (o["Key"], o["VersionId"])
            for kept in self.buckets[Bucket], self.markers.get(Bucket, []):
                if pair in kept:
                    kept.remove(pair)
        return {"Errors": errors} if errors else {}

    def get_remaining_time_in_millis(self):
        return (900 - self.seconds) * 1000

    def send(self, event, context, status, data, identity=None, noEcho=False, reason=None):
        self.answers.append({"status": status, "identity": identity, "reason": reason})


def load(cloud):
    """The module as Lambda would load it, with its imports replaced by the fake."""
    modules = {
        "boto3": types.SimpleNamespace(client=lambda name: cloud),
        "botocore": types.ModuleType("botocore"),
        "botocore.exceptions": types.SimpleNamespace(ClientError=ClientError),
        "cfnresponse": types.SimpleNamespace(SUCCESS="SUCCESS", FAILED="FAILED", send=cloud.send),
    }
    saved = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        spec = importlib.util.spec_from_file_location("empty_buckets", SOURCE)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        for name, before in saved.items():
            if before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = before
    module.print = lambda *words: None
    return module


class EmptyBuckets(unittest.TestCase):
    def setUp(self):
        self.cloud = Cloud()
        self.module = load(self.cloud)

    def request(self, kind, buckets=("data",), **more):
        event = {"RequestType": kind, "StackId": STACK, "ResourceProperties": {"BucketNames": list(buckets)}, **more}
        self.module.handler(event, self.cloud)
        self.assertEqual(len(self.cloud.answers), 1, "CloudFormation must get exactly one answer")
        return self.cloud.answers[0]

    def fill(self, bucket, count):
        self.cloud.buckets[bucket] = [(f"k{i}", f"v{i}") for i in range(count)]

    def test_fits_into_a_template(self):
        self.assertLessEqual(len(SOURCE.read_bytes()), 4096)

    def test_deletion_deletes_versions_and_markers_of_all_buckets(self):
        self.fill("data", 1700)
        self.cloud.buckets["logs"] = [("a", "1"), ("a", "2"), ("b", "null")]
        self.cloud.markers["logs"] = [("a", "3")]
        answer = self.request("Delete", ["data", "logs"])
        self.assertEqual(answer["status"], "SUCCESS")
        self.assertEqual((self.cloud.buckets, self.cloud.markers["logs"]), ({"data": [], "logs": []}, []))

    def test_other_buckets_are_left_alone(self):
        self.fill("logs", 3)
        self.request("Delete", ["data"])
        self.assertEqual(len(self.cloud.buckets["logs"]), 3)

    def test_nothing_is_deleted_but_when_the_stack_ends(self):
        for status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS",
                       "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "IMPORT_ROLLBACK_IN_PROGRESS"):
            self.fill("data", 3)
            self.cloud.status, self.cloud.answers = status, []
            self.assertEqual(self.request("Delete")["status"], "SUCCESS", status)
            self.assertEqual(len(self.cloud.buckets["data"]), 3, status)

    def test_a_stack_that_could_not_be_made(self):
        self.fill("data", 3)
        self.cloud.status = "ROLLBACK_IN_PROGRESS"
        self.assertEqual(self.request("Delete")["status"], "SUCCESS")
        self.assertEqual(self.cloud.buckets["data"], [])

    def test_creation_and_update_delete_nothing(self):
        for kind in "Create", "Update":
            self.fill("data", 3)
            self.cloud.answers = []
            old = {"OldResourceProperties": {"BucketNames": ["data"]}, "PhysicalResourceId": "emptied-buckets"} if kind == "Update" else {}
            answer = self.request(kind, ["logs"], **old)
            self.assertEqual((answer["status"], answer["identity"]), ("SUCCESS", "emptied-buckets"))
            self.assertEqual(len(self.cloud.buckets["data"]), 3)

    def test_the_identity_stays(self):
        self.assertEqual(self.request("Delete", PhysicalResourceId="other")["identity"], "other")

    def test_a_bucket_that_is_gone(self):
        self.fill("logs", 2)
        self.assertEqual(self.request("Delete", ["gone", "logs"])["status"], "SUCCESS")
        self.assertEqual(self.cloud.buckets["logs"], [])

    def test_objects_that_are_held(self):
        self.fill("data", 2)
        self.cloud.held = {"k1"}
        answer = self.request("Delete")
        self.assertEqual(answer["status"], "FAILED")
        self.assertIn("data: k1: AccessDenied", answer["reason"])

    def test_more_than_there_is_time_for(self):
        self.fill("data", 1700)
        self.cloud.seconds = 883
        answer = self.request("Delete")
        self.assertEqual(answer["status"], "FAILED")
        self.assertIn("delete the stack again", answer["reason"])
        self.assertLess(len(self.cloud.buckets["data"]), 1700)
        self.assertLess(self.cloud.seconds, 900, "there must be time left to answer")

    def test_what_cannot_be_asked(self):
        self.fill("data", 1)
        self.cloud.refusal = "AccessDenied"
        self.assertEqual(self.request("Delete")["status"], "FAILED")
        self.assertEqual(len(self.cloud.buckets["data"]), 1)

    def test_a_request_without_buckets(self):
        self.module.handler({"RequestType": "Delete", "StackId": STACK, "ResourceProperties": {}}, self.cloud)
        self.assertEqual(self.cloud.answers[0]["status"], "SUCCESS")


if __name__ == "__main__":
    unittest.main()
