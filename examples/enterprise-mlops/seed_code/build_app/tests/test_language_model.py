# SPDX-License-Identifier: Apache-2.0
"""The pipeline that trains a language model further."""
import unittest

import environment
import jumpstart_models
from ml_pipeline import definition, settings
from pipelines import language_model

SETTINGS = settings.from_environment(environment.ENVIRONMENT)


class LanguageModel(unittest.TestCase):
    def setUp(self):
        pipeline, self.files = language_model.build(SETTINGS, environment.Aws(hub=jumpstart_models.HUB))
        self.written = pipeline.definition()
        self.steps = {s["Name"]: s["Arguments"] for s in self.written["Steps"]}

    def test_image_brings_its_own_script(self):
        self.assertEqual(definition.edges(self.written), [("FineTune", "Register")])
        self.assertEqual(self.files, [])
        container = self.steps["Register"]["InferenceSpecification"]["Containers"][0]
        self.assertEqual(container["ModelDataUrl"], {"Get": "Steps.FineTune.ModelArtifacts.S3ModelArtifacts"})
        self.assertNotIn("Environment", container)

    def test_data_of_ones_own(self):
        self.assertEqual(self.written["Parameters"][0]["DefaultValue"], "s3://mlops-churn/data/train/")
        self.assertEqual(self.steps["FineTune"]["HyperParameters"]["instruction_tuned"], "True")
        self.assertEqual(self.steps["FineTune"]["ResourceConfig"]["VolumeSizeInGB"], 512)


if __name__ == "__main__":
    unittest.main()
