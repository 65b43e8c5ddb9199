# SPDX-License-Identifier: Apache-2.0
"""The pipeline that trains an image model further."""
import unittest

import environment
import jumpstart_models
from ml_pipeline import definition, settings
from pipelines import generative

SETTINGS = settings.from_environment(environment.ENVIRONMENT)


class Generative(unittest.TestCase):
    def setUp(self):
        pipeline, self.files = generative.build(SETTINGS, environment.Aws(hub=jumpstart_models.HUB))
        self.written = pipeline.definition()
        self.steps = {s["Name"]: s["Arguments"] for s in self.written["Steps"]}

    def test_order(self):
        self.assertEqual(definition.edges(self.written), [("FineTune", "Repack"), ("Repack", "Register")])
        self.assertEqual([f.name for f in self.files], ["repack.py"])

    def test_channels(self):
        channels = {c["ChannelName"]: c["DataSource"]["S3DataSource"]["S3Uri"] for c in self.steps["FineTune"]["InputDataConfig"]}
        self.assertEqual(
            channels,
            {
                "training": {"Get": "Parameters.InputDataUrl"},
                "model": jumpstart_models.IMAGES["TrainingArtifactUri"],
                "code": jumpstart_models.IMAGES["TrainingPrepackedScriptUri"],
            },
        )

    def test_hyperparameters(self):
        found = self.steps["FineTune"]["HyperParameters"]
        self.assertEqual((found["max_steps"], found["sagemaker_program"]), ("400", "transfer_learning.py"))
        self.assertTrue(self.steps["FineTune"]["EnableNetworkIsolation"])

    def test_registers_what_was_packed(self):
        registered = self.steps["Register"]["InferenceSpecification"]
        self.assertEqual(
            registered["Containers"][0]["ModelDataUrl"],
            definition.join({"Get": "Steps.Repack.ProcessingOutputConfig.Outputs['packed'].S3Output.S3Uri"}, "model.tar.gz", on="/"),
        )
        self.assertEqual(registered["Containers"][0]["Environment"], {"SAGEMAKER_PROGRAM": "inference.py"})
        self.assertEqual(registered["SupportedRealtimeInferenceInstanceTypes"][0], "ml.g4dn.2xlarge")
        self.assertEqual(self.written["Parameters"][-1]["DefaultValue"], "PendingManualApproval")


if __name__ == "__main__":
    unittest.main()
