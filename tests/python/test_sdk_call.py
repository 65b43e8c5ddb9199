# SPDX-License-Identifier: Apache-2.0
"""stdlib/sdk_call.py against a fake of boto3: what it calls with which values, and what CloudFormation is told."""
import importlib.util
import json
import pathlib
import sys
import types
import unittest
from unittest import mock

SOURCE = pathlib.Path(__file__).parents[2] / "stdlib" / "sdk_call.py"


class ClientError(Exception):
    """As botocore.exceptions.ClientError: the code is in `response`."""

    def __init__(self, code):
        super().__init__(f"An error occurred ({code})")
        self.response = {"Error": {"Code": code}}


def shape(kind, **parts):
    return types.SimpleNamespace(type_name=kind, **parts)


INPUT = shape("structure", members={
    "Name": shape("string"), "Count": shape("integer"), "Rate": shape("double"), "Fast": shape("boolean"),
    "Sizes": shape("list", member=shape("long")), "Tags": shape("map", value=shape("boolean")),
})


class Client:
    """A service with two operations, which remembers its calls."""

    def __init__(self, cloud, service):
        self.cloud, self.service = cloud, service
        model = types.SimpleNamespace(operation_model=lambda name: types.SimpleNamespace(input_shape=INPUT))
        self.meta = types.SimpleNamespace(service_model=model, method_to_api_mapping={"make_it": "MakeIt", "drop_it": "DropIt", "fail_it": "FailIt"})

    def make_it(self, **arguments):
        self.cloud.calls.append((self.service, "make_it", arguments))
        return {"Id": "id-1", "Parts": [{"Url": "https://x"}], "Size": 3}

    def drop_it(self, **arguments):
        self.cloud.calls.append((self.service, "drop_it", arguments))
        return {}

    def fail_it(self, **arguments):
        raise ClientError("ResourceNotFound")


class SdkCall(unittest.TestCase):
    def setUp(self):
        self.calls, self.answers = [], []
        fakes = {"boto3": types.SimpleNamespace(client=lambda service: Client(self, service)), "botocore": types.ModuleType("botocore"),
                 "botocore.exceptions": types.SimpleNamespace(ClientError=ClientError)}
        with mock.patch.dict(sys.modules, fakes):
            spec = importlib.util.spec_from_file_location("sdk_call", SOURCE)
            self.module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(self.module)
        self.module.urllib.request = types.SimpleNamespace(Request=lambda url, data, method, headers: (url, json.loads(data), method),
                                                           urlopen=self.open)

    def open(self, request, timeout):
        self.answers.append(request)
        return types.SimpleNamespace(close=lambda: None)

    def ask(self, request, identity=None, **properties):
        event = {"RequestType": request, "ResourceProperties": properties, "LogicalResourceId": "It", "StackId": "s", "RequestId": "r",
                 "ResponseURL": "https://answer"}
        if identity:
            event["PhysicalResourceId"] = identity
        self.module.handler(event, None)
        [(url, answer, method)] = self.answers
        self.assertEqual((url, method), ("https://answer", "PUT"))
        self.assertEqual((answer["StackId"], answer["RequestId"], answer["LogicalResourceId"]), ("s", "r", "It"))
        return answer

    @staticmethod
    def to(operation, arguments=None, ignore=()):
        return {"service": "maker", "operation": operation, "arguments": arguments or {}, "ignore": list(ignore)}

    def test_creation_gives_an_identity_and_parts_of_the_answer(self):
        answer = self.ask("Create", Create=self.to("make_it"), PhysicalId="Id", Result={"url": "Parts.0.Url", "size": "Size"})
        self.assertEqual((answer["Status"], answer["PhysicalResourceId"]), ("SUCCESS", "id-1"))
        self.assertEqual(answer["Data"], {"url": "https://x", "size": "3", "PhysicalId": "id-1"})

    def test_without_a_physical_id_the_logical_one_serves(self):
        self.assertEqual(self.ask("Create", Create=self.to("make_it"))["PhysicalResourceId"], "It")

    def test_texts_become_what_the_api_wants(self):
        self.ask("Create", Create=self.to("make_it", {"Name": "7", "Count": "7", "Rate": "0.5", "Fast": "true", "Sizes": ["1", "2"],
                                                      "Tags": {"a": "false"}, "Other": "x"}))
        self.assertEqual(self.calls, [("maker", "make_it", {"Name": "7", "Count": 7, "Rate": 0.5, "Fast": True, "Sizes": [1, 2],
                                                            "Tags": {"a": False}, "Other": "x"})])

    def test_an_update_knows_the_identity(self):
        answer = self.ask("Update", "id-1", Create=self.to("make_it"), Update=self.to("drop_it", {"Name": "of PHYSICAL_ID"}))
        self.assertEqual(self.calls, [("maker", "drop_it", {"Name": "of id-1"})])
        self.assertEqual(answer["PhysicalResourceId"], "id-1")

    def test_without_an_update_the_creation_is_done_again_under_the_old_identity(self):
        answer = self.ask("Update", "old", Create=self.to("make_it"), PhysicalId="Id")
        self.assertEqual((answer["PhysicalResourceId"], self.calls[0][1]), ("old", "make_it"))

    def test_deletion(self):
        self.assertEqual(self.ask("Delete", "id-1", Create=self.to("make_it"), Delete=self.to("drop_it", {"Name": "PHYSICAL_ID"}))["Status"], "SUCCESS")
        self.assertEqual(self.calls, [("maker", "drop_it", {"Name": "id-1"})])

    def test_deletion_of_nothing_in_particular(self):
        self.assertEqual(self.ask("Delete", "id-1", Create=self.to("make_it"))["Status"], "SUCCESS")
        self.assertEqual(self.calls, [])

    def test_errors_that_do_not_count(self):
        answer = self.ask("Delete", "id-1", Create=self.to("make_it"), Delete=self.to("fail_it", ignore=["ResourceNotFound"]))
        self.assertEqual(answer["Status"], "SUCCESS")

    def test_errors_fail_the_stack(self):
        answer = self.ask("Create", Create=self.to("fail_it"))
        self.assertEqual((answer["Status"], answer["PhysicalResourceId"]), ("FAILED", "never-made"))
        self.assertIn("ResourceNotFound", answer["Reason"])

    def test_what_was_never_made_is_not_deleted(self):
        self.assertEqual(self.ask("Delete", "never-made", Create=self.to("make_it"), Delete=self.to("drop_it"))["Status"], "SUCCESS")
        self.assertEqual(self.calls, [])

    def test_a_part_that_is_not_there_fails_the_stack(self):
        answer = self.ask("Create", Create=self.to("make_it"), Result={"x": "Parts.1.Url"})
        self.assertEqual(answer["Status"], "FAILED")

    def test_an_answer_that_is_too_long_fails_the_stack(self):
        with mock.patch.object(Client, "make_it", lambda self, **_: {"Id": "x" * 5000}):
            answer = self.ask("Create", Create=self.to("make_it"), Result={"x": "Id"})
        self.assertEqual(answer["Status"], "FAILED")
        self.assertIn("more than the 4096", answer["Reason"])


if __name__ == "__main__":
    unittest.main()
