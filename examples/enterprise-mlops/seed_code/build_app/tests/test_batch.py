# SPDX-License-Identifier: Apache-2.0
"""The pipeline that approves its model itself, and the one that it exports."""
import contextlib
import io
import json
import unittest

import environment
from ml_pipeline import definition, settings
from pipelines import batch

SETTINGS = settings.from_environment(environment.ENVIRONMENT)


class Training(unittest.TestCase):
    def test_is_approved(self):
        written = batch.build(SETTINGS, None)[0].definition()
        approval = next(p for p in written["Parameters"] if p["Name"] == "ModelApprovalStatus")
        self.assertEqual(approval["DefaultValue"], "Approved")


class Inference(unittest.TestCase):
    def setUp(self):
        self.written = batch.inference(SETTINGS).definition()
        self.steps = {s["Name"]: s["Arguments"] for s in self.written["Steps"]}

    def test_order(self):
        self.assertEqual(definition.edges(self.written), [("Model", "Score")])
        self.assertEqual(self.steps["Score"]["ModelName"], {"Get": "Steps.Model.ModelName"})

    def test_the_stage_fills_in(self):
        self.assertEqual(
            self.steps["Model"],
            {"ExecutionRoleArn": "REPLACE-ROLE-ARN", "Containers": [{"ModelPackageName": "REPLACE-MODEL-PACKAGE-ARN"}]},
        )

    def test_the_key_is_that_of_this_account(self):
        self.assertEqual(
            self.steps["Score"]["TransformOutput"]["KmsKeyId"],
            "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-4333-8444-555555555555",
        )

    def test_export(self):
        aws = environment.Aws()
        with contextlib.redirect_stdout(io.StringIO()):
            batch.finish(SETTINGS, aws)
        uri = "s3://mlops-churn/inference/definition.json"
        self.assertEqual(aws.parameters, {"/mlops/churn/inferencepipeline": uri})
        self.assertEqual(json.loads(aws.objects[uri][0]), self.written)
        self.assertEqual(aws.objects[uri][1], SETTINGS.encryption)


if __name__ == "__main__":
    unittest.main()
