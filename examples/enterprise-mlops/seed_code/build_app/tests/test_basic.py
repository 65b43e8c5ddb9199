# SPDX-License-Identifier: Apache-2.0
"""The pipeline that trains and leaves it to somebody to approve."""
import unittest

import environment
from ml_pipeline import definition, settings
from pipelines import basic

SETTINGS = settings.from_environment(environment.ENVIRONMENT)


class Basic(unittest.TestCase):
    def setUp(self):
        self.pipeline, self.files = basic.build(SETTINGS, None)
        self.written = self.pipeline.definition()
        self.steps = {s["Name"]: s for s in definition.steps_in(self.written["Steps"])}

    def test_order(self):
        self.assertEqual(
            definition.edges(self.written),
            [
                ("Evaluate", "GoodEnough"), ("Evaluate", "Register"), ("GoodEnough", "Register"), ("GoodEnough", "TooInaccurate"),
                ("Preprocess", "Evaluate"), ("Preprocess", "Train"), ("Train", "Evaluate"), ("Train", "Register"),
            ],
        )  # fmt: skip

    def test_somebody_approves(self):
        approval = next(p for p in self.written["Parameters"] if p["Name"] == "ModelApprovalStatus")
        self.assertEqual(approval["DefaultValue"], "PendingManualApproval")
        self.assertEqual(self.steps["Register"]["Arguments"]["ModelApprovalStatus"], {"Get": "Parameters.ModelApprovalStatus"})
        self.assertEqual(self.steps["Register"]["Arguments"]["ModelPackageGroupName"], SETTINGS.group)

    def test_condition_reads_the_report(self):
        test = self.steps["GoodEnough"]["Arguments"]["Conditions"][0]
        self.assertEqual(
            test["LeftValue"],
            {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Evaluation"}, "Path": "regression_metrics.mse.value"}},
        )

    def test_hyperparameters_are_text(self):
        self.assertTrue(all(isinstance(v, str) for v in self.steps["Train"]["Arguments"]["HyperParameters"].values()))

    def test_scripts_are_published(self):
        used = {
            i["S3Input"]["S3Uri"]
            for s in self.steps.values()
            for i in s["Arguments"].get("ProcessingInputs", [])
            if i["InputName"] == "code"
        }
        self.assertEqual(used, {SETTINGS.script(f) for f in self.files})

    def test_results_are_encrypted(self):
        for step in "Preprocess", "Evaluate":
            self.assertEqual(self.steps[step]["Arguments"]["ProcessingOutputConfig"]["KmsKeyId"], SETTINGS.key)
        self.assertEqual(self.steps["Train"]["Arguments"]["OutputDataConfig"]["KmsKeyId"], SETTINGS.key)


if __name__ == "__main__":
    unittest.main()
