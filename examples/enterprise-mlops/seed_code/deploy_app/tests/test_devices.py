# SPDX-License-Identifier: Apache-2.0
"""The program that runs on devices, how it becomes a component, and how that gets to the devices of a stage."""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

import fakes
import prepare

for folder in "component", "delivery":
    sys.path.insert(0, str(fakes.HERE / "devices" / folder))
import component  # noqa: E402
import deliver  # noqa: E402
import main as on_device  # noqa: E402
import trees  # noqa: E402

MODEL = {"base": 0.5, "trees": [[1, 10.0, -1.0, [0, 2.0, 1.0, 3.0, 0], 1], 0.25]}
DEVICE_MODEL = f"s3://mlops-{fakes.GROUP}/runs/1/device/model.json"
ENVIRONMENT = {**fakes.ENVIRONMENT, "ARTIFACT_BUCKET": "mlops-churn"}
GROUP = "arn:aws:iot:eu-central-1:333333333333:thinggroup/churn"
STAGE = {**ENVIRONMENT, "STAGE": "preprod", "THING_GROUP_ARN": GROUP, "DEVICE_ROLE_ARN": "arn:aws:iam::333333333333:role/devices"}


class Folder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.base = pathlib.Path(scratch.name)

    def run_it(self, function, *arguments):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return function(*arguments), said.getvalue()


class OnDevice(Folder):
    def setUp(self):
        super().setUp()
        (self.base / "model.json").write_text(json.dumps(MODEL))
        self.data = self.base / "data"
        patched = mock.patch.object(on_device, "HERE", self.base)
        patched.start()
        self.addCleanup(patched.stop)

    def test_trees(self):
        for row, wanted in ([5, 9.9], -0.25), ([1.9, 10.0], 1.75), ([2, 11], 3.75), ([5, None], -0.25), ([None, 11], 3.75):
            self.assertEqual(trees.predict(MODEL, row), wanted, row)

    def test_answers_files(self):
        self.run_it(on_device.main, [str(self.data), "0"], 1)
        (self.data / "in" / "a.csv").write_text("5,9.9\n2,\n")
        (self.data / "in" / "b.csv").write_text("5,x\n")
        (self.data / "in" / "c.csv").write_text("5\n")
        code, said = self.run_it(on_device.main, [str(self.data), "0"], 2)
        self.assertEqual(code, 0)
        self.assertEqual((self.data / "out" / "a.csv").read_text(), "-0.25\n-0.25\n")
        self.assertEqual(sorted(p.name for p in (self.data / "refused").iterdir()), ["b.csv", "c.csv"])
        self.assertEqual(list((self.data / "in").iterdir()), [])
        self.assertIn("b.csv: ", said)

    def test_usage(self):
        self.assertEqual(self.run_it(on_device.main, [])[0], 2)


class Component(Folder):
    def aws(self, approved=(7,), metadata=True):
        aws = fakes.Aws(approved=approved, objects={DEVICE_MODEL: json.dumps(MODEL)})
        if metadata:
            aws.metadata = {"CustomerMetadataProperties": {"DeviceModel": DEVICE_MODEL}}
        return aws

    def lay_out(self, aws, name="model"):
        return self.run_it(component.main, [str(self.base / name)], ENVIRONMENT, aws)

    def test_layout(self):
        code, said = self.lay_out(self.aws())
        self.assertEqual(code, 0, said)
        folder = self.base / "model"
        self.assertEqual(json.loads((folder / "model.json").read_text()), MODEL)
        name, settings = next(iter(json.loads((folder / "gdk-config.json").read_text())["component"].items()))
        self.assertEqual(name, "churn-p-4xk2mplq8s1t.model")
        self.assertRegex(settings["version"], r"^1\.7\.\d+$")
        self.assertTrue((folder / "main.py").exists() and (folder / "recipe.json").exists())

    def test_same_content_same_version(self):
        said = []
        for folder in "one", "two":
            (self.base / folder).mkdir()
            said.append(self.lay_out(self.aws(), f"{folder}/model")[1].rpartition(" ")[2])
        self.assertEqual(said[0], said[1])

    def test_nothing_approved(self):
        self.assertEqual(self.lay_out(self.aws(approved=())), (0, "no model is approved yet: there is no component\n"))
        self.assertFalse((self.base / "model").exists())

    def test_no_form_for_devices(self):
        code, said = self.lay_out(self.aws(metadata=False))
        self.assertEqual(code, 1)
        self.assertIn("DeviceModel", said)

    def test_usage(self):
        self.assertEqual(self.lay_out(self.aws(), "elsewhere")[0], 2)


class Conflict(Exception):
    pass


class Greengrass:
    """Remembers what is published and deployed. `states`: what each look at the version gives."""

    exceptions = types.SimpleNamespace(ConflictException=Conflict)

    def __init__(self, states=("DEPLOYABLE",), there=None, exists=False):
        self.states, self.there, self.exists = list(states), there, exists
        self.recipes, self.deployments, self.objects, self.asked = [], [], {}, []

    def __call__(self, service, region=None, role=None):
        self.asked.append((service, region, role))
        return self

    def put_object(self, Bucket, Key, Body, **encryption):
        self.objects[f"s3://{Bucket}/{Key}"] = (Body, encryption)

    def create_component_version(self, inlineRecipe):
        if self.exists:
            raise Conflict
        self.recipes.append(json.loads(inlineRecipe))

    def describe_component(self, arn):
        self.arn = arn
        return {"status": {"componentState": self.states.pop(0)}}

    def list_deployments(self, targetArn, historyFilter):
        return {"deployments": [] if self.there is None else [{"deploymentId": "1"}]}

    def get_deployment(self, deploymentId):
        return {"components": self.there}

    def create_deployment(self, **said):
        self.deployments.append(said)


class Deliver(Folder):
    def setUp(self):
        super().setUp()
        made = self.base / "greengrass-build"
        (made / "recipes").mkdir(parents=True)
        recipe = json.loads((fakes.HERE / "devices" / "component" / "recipe.json").read_text())
        (made / "recipes" / "recipe.json").write_text(json.dumps({**recipe, "ComponentName": "churn.model", "ComponentVersion": "1.7.5"}))
        (made / "artifacts" / "churn.model" / "1.7.5").mkdir(parents=True)
        (made / "artifacts" / "churn.model" / "1.7.5" / "model.zip").write_bytes(b"zip")

    def deliver(self, aws, **changes):
        return self.run_it(deliver.main, [str(self.base)], {**STAGE, **changes}, aws, lambda seconds: None)

    def test_publishes_and_deploys(self):
        aws = Greengrass(states=["REQUESTED", "DEPLOYABLE"], there={"log": {"componentVersion": "2.0.0"}})
        self.assertEqual(self.deliver(aws), (0, "deployed churn.model 1.7.5\n"))
        uri = "s3://mlops-churn/components/churn.model/1.7.5/model.zip"
        self.assertEqual(aws.objects[uri], (b"zip", {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": STAGE["ARTIFACT_BUCKET_KMS_ID"]}))
        self.assertEqual(aws.recipes[0]["Manifests"][0]["Artifacts"][0]["URI"], uri)
        self.assertEqual(aws.arn, "arn:aws:greengrass:eu-central-1:333333333333:components:churn.model:versions:1.7.5")
        self.assertIn(("greengrassv2", "eu-central-1", STAGE["DEVICE_ROLE_ARN"]), aws.asked)
        self.assertEqual(
            aws.deployments,
            [
                {
                    "targetArn": GROUP,
                    "deploymentName": "churn-preprod",
                    "components": {"log": {"componentVersion": "2.0.0"}, "churn.model": {"componentVersion": "1.7.5"}},
                }
            ],
        )

    def test_again_changes_nothing(self):
        aws = Greengrass(exists=True, there={"churn.model": {"componentVersion": "1.7.5"}})
        code, said = self.deliver(aws)
        self.assertEqual((code, aws.deployments), (0, []))
        self.assertIn("is what the devices have", said)

    def test_settings_of_the_devices_stay(self):
        there = {"churn.model": {"componentVersion": "1.6.1", "configurationUpdate": {"merge": "{}"}}}
        aws = Greengrass(there=there)
        self.deliver(aws)
        self.assertEqual(aws.deployments[0]["components"]["churn.model"], {"componentVersion": "1.7.5", "configurationUpdate": {"merge": "{}"}})

    def test_first_deployment(self):
        aws = Greengrass()
        self.assertEqual(self.deliver(aws)[0], 0)
        self.assertEqual(len(aws.deployments), 1)

    def test_version_fails(self):
        code, said = self.deliver(Greengrass(states=["FAILED"]))
        self.assertEqual(code, 1)
        self.assertIn("FAILED, no reason given", said)

    def test_version_never_ready(self):
        code, said = self.deliver(Greengrass(states=["REQUESTED"] * 100))
        self.assertEqual(code, 1)
        self.assertIn("cannot be deployed yet", said)

    def test_no_component(self):
        self.assertEqual(self.run_it(deliver.main, [str(self.base / "away")], STAGE, Greengrass()), (0, "there is no component yet\n"))

    def test_environment_lacks_something(self):
        self.assertEqual(self.deliver(Greengrass(), THING_GROUP_ARN=""), (1, "deliver.py: the environment lacks THING_GROUP_ARN\n"))
        with self.assertRaises(prepare.Unprepared):
            prepare.needed({}, "STAGE")

    def test_usage(self):
        self.assertEqual(self.run_it(deliver.main, [], STAGE, Greengrass())[0], 2)


if __name__ == "__main__":
    unittest.main()
