# SPDX-License-Identifier: Apache-2.0
"""ml_pipeline: definitions that cannot work are found here and not in a run; what is published and how runs end."""
import contextlib
import io
import json
import types
import unittest

import environment
from ml_pipeline import __main__ as command
from ml_pipeline import definition as d
from ml_pipeline import publish, settings

SETTINGS = settings.from_environment(environment.ENVIRONMENT)


def job(name, *inputs):
    outputs = [d.s3_output("out", "s3://b/out", "/out")]
    return d.processing(name, image="i", role="r", script="s3://b/x.py", inputs=inputs, outputs=outputs, machine=("ml.m5.large", 1),
                        reports=[("Report", "out", "report.json")])  # fmt: skip


class Definitions(unittest.TestCase):
    def refused(self, pattern, *steps, parameters=()):
        with self.assertRaisesRegex(d.Mistake, pattern):
            d.Pipeline("p", list(parameters), list(steps)).definition()

    def test_references(self):
        first = job("First")
        second = job("Second", d.s3_input("x", first.output("out"), "/x"))
        third = d.condition("Third", left=first.json_get("Report", "a.b"), at_most=1, then=[d.fail("Fourth", second.output("out"))])
        written = d.Pipeline("p", [d.Parameter("N", 3)], [first, second, third]).definition()
        self.assertEqual(d.edges(written), [("First", "Second"), ("First", "Third"), ("Second", "Fourth"), ("Third", "Fourth")])
        self.assertEqual(written["Parameters"], [{"Name": "N", "Type": "Integer", "DefaultValue": 3}])
        self.assertEqual(json.loads(d.Pipeline("p", [], [first]).to_json())["Version"], "2020-12-01")

    def test_reference_to_no_step(self):
        self.refused("Steps.Nobody.X leads nowhere", d.fail("F", {"Get": "Steps.Nobody.X"}))

    def test_reference_to_no_parameter(self):
        self.refused("Parameters.Lost leads nowhere", d.fail("F", d.join("a", {"Get": "Parameters.Lost"})))

    def test_reference_to_nothing_of_the_run(self):
        self.refused("Execution.Weather leads nowhere", d.fail("F", d.execution("Weather")))

    def test_reference_to_no_output(self):
        first = job("First")
        self.refused("no output of step First", first, d.fail("F", first.output("other")))

    def test_reference_to_no_report(self):
        first = job("First")
        self.refused("no report of step First", first, d.condition("C", left=first.json_get("Other", "x"), at_most=1, then=[]))

    def test_name_twice_also_in_a_condition(self):
        self.refused("Steps: F is there twice", d.fail("F", "x"), d.condition("C", left=1, at_most=1, then=[d.fail("F", "y")]))

    def test_waits_for_nobody(self):
        self.refused("waits for G", d.Step("F", "Fail", {"ErrorMessage": "x"}, depends_on=("G",)))

    def test_circle(self):
        steps = [d.Step(a, "Fail", {"ErrorMessage": "x"}, depends_on=(b,)) for a, b in (("F", "G"), ("G", "F"))]
        self.refused("wait for each other: F, G", *steps)


class Settings(unittest.TestCase):
    def test_lacks_something(self):
        for name in environment.ENVIRONMENT.keys() - {"SAGEMAKER_PIPELINE_DESCRIPTION", "ARTIFACT_BUCKET_KMS_ID", "ECR_REPO_URI"}:
            with self.assertRaisesRegex(settings.Unset, name):
                settings.from_environment({**environment.ENVIRONMENT, name: ""})

    def test_image(self):
        self.assertEqual(SETTINGS.xgboost_image(), "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1")
        china = settings.from_environment({**environment.ENVIRONMENT, "AWS_REGION": "cn-north-1"})
        self.assertIn(".amazonaws.com.cn/", china.xgboost_image())
        nowhere = settings.from_environment({**environment.ENVIRONMENT, "AWS_REGION": "xx-north-9"})
        with self.assertRaisesRegex(settings.Unset, "xx-north-9"):
            nowhere.xgboost_image()

    def test_own_image(self):
        self.assertEqual(SETTINGS.own_image(), "222222222222.dkr.ecr.eu-west-1.amazonaws.com/churn:latest")
        with self.assertRaisesRegex(settings.Unset, "ECR_REPO_URI"):
            settings.from_environment({**environment.ENVIRONMENT, "ECR_REPO_URI": ""}).own_image()


class Command(unittest.TestCase):
    """The command, with a pipeline of one step and one file."""

    def setUp(self):
        self.finished = []
        self.pipeline = d.Pipeline(SETTINGS.pipeline_name, [], [d.fail("F", "x")])
        self.module = types.SimpleNamespace(
            build=lambda s, clients: (self.pipeline, [environment.ROOT / "requirements.txt"]), finish=lambda s, clients: self.finished.append(s)
        )

    def run_it(self, aws, *arguments, env=environment.ENVIRONMENT):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return command.main(list(arguments), env, aws, self.module), said.getvalue()

    def test_first_run_creates(self):
        aws = environment.Aws()
        self.assertEqual(self.run_it(aws, "run")[0], 0)
        self.assertEqual([name for name, _ in aws.calls], ["create", "start"])
        self.assertEqual(json.loads(aws.calls[0][1]["PipelineDefinition"]), self.pipeline.definition())
        self.assertIn({"Key": "sagemaker:project-name", "Value": "churn"}, aws.calls[0][1]["Tags"])
        self.assertEqual(self.finished, [SETTINGS])

    def test_later_runs_update(self):
        aws = environment.Aws(exists=True)
        self.assertEqual(self.run_it(aws)[0], 0)
        self.assertEqual([name for name, _ in aws.calls], ["update", "start"])

    def test_publishing_runs_nothing(self):
        aws = environment.Aws()
        self.assertEqual(self.run_it(aws, "publish")[0], 0)
        self.assertEqual([name for name, _ in aws.calls], ["create"])
        self.assertEqual(self.finished, [])

    def test_files_are_encrypted_and_named_by_content(self):
        aws = environment.Aws()
        self.run_it(aws, "publish")
        file = environment.ROOT / "requirements.txt"
        body, encryption = aws.objects[SETTINGS.script(file)]
        self.assertEqual(body, file.read_bytes())
        self.assertEqual(encryption, {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": SETTINGS.key})

    def test_definition(self):
        code, said = self.run_it(environment.Aws(), "definition")
        self.assertEqual((code, json.loads(said)), (0, self.pipeline.definition()))

    def test_failed_run(self):
        steps = [{"StepName": "F", "StepStatus": "Failed", "FailureReason": "x"}, {"StepName": "G", "StepStatus": "Succeeded"}]
        code, said = self.run_it(environment.Aws(ends=["Failed"], steps=steps))
        self.assertEqual(code, 1)
        self.assertIn("the run failed: F: x\n", said)
        self.assertEqual(self.finished, [])

    def test_environment_lacks_something(self):
        code, said = self.run_it(environment.Aws(), env={})
        self.assertEqual((code, said), (1, "ml_pipeline: the environment lacks SAGEMAKER_PIPELINE_NAME\n"))

    def test_usage(self):
        self.assertEqual(self.run_it(environment.Aws(), "away")[0], 2)


class Runs(unittest.TestCase):
    def test_waits_for_the_end(self):
        pauses = []
        aws = environment.Aws(ends=["Executing", "Executing", "Succeeded"])
        with contextlib.redirect_stdout(io.StringIO()):
            publish.run(aws, "p", sleep=pauses.append, every=5)
        self.assertEqual(pauses, [5, 5])


if __name__ == "__main__":
    unittest.main()
