# SPDX-License-Identifier: Apache-2.0
"""The pipeline that also writes its model for devices, and the script that does so."""
import contextlib
import io
import json
import pathlib
import tarfile
import tempfile
import unittest

import environment
from ml_pipeline import definition, settings
from pipelines import devices
from pipelines.on_devices import export

SETTINGS = settings.from_environment(environment.ENVIRONMENT)
TREE = {
    "nodeid": 0, "split": "f3", "split_condition": 0.5, "yes": 1, "no": 2, "missing": 2,
    "children": [{"nodeid": 1, "leaf": -1.5}, {"nodeid": 2, "leaf": 2.5}],
}  # fmt: skip


def configuration(base):
    return json.dumps({"learner": {"learner_model_param": {"base_score": base}}})


class Pipeline(unittest.TestCase):
    def setUp(self):
        pipeline, self.files = devices.build(SETTINGS, None)
        self.written = pipeline.definition()
        self.steps = {s["Name"]: s["Arguments"] for s in definition.steps_in(self.written["Steps"])}

    def test_only_good_models_are_exported(self):
        edges = definition.edges(self.written)
        for edge in ("GoodEnough", "ExportForDevices"), ("Train", "ExportForDevices"), ("ExportForDevices", "Register"):
            self.assertIn(edge, edges)

    def test_version_says_where(self):
        self.assertEqual(
            self.steps["Register"]["CustomerMetadataProperties"]["DeviceModel"],
            definition.join(
                {"Get": "Steps.ExportForDevices.ProcessingOutputConfig.Outputs['device'].S3Output.S3Uri"}, "model.json", on="/"
            ),
        )
        self.assertEqual(self.written["Parameters"][-1]["DefaultValue"], "PendingManualApproval")

    def test_scripts_are_published(self):
        self.assertEqual([f.name for f in self.files], ["preprocess.py", "evaluate.py", "export.py"])


class Export(unittest.TestCase):
    def test_trees(self):
        found = export.to_device([json.dumps(TREE), '{"nodeid": 0, "leaf": 0.25}'], configuration("5E-1"))
        self.assertEqual(found, {"base": 0.5, "trees": [[3, 0.5, -1.5, 2.5, 0], 0.25]})

    def test_base_of_newer_versions(self):
        self.assertEqual(export.to_device([], configuration("[9.9]"))["base"], 9.9)

    def test_writes_the_model(self):
        with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(io.StringIO()):
            base = pathlib.Path(scratch)
            (base / "model").mkdir()
            (base / "weights").write_text("x")
            with tarfile.open(base / "model" / "model.tar.gz", "w:gz") as archive:
                archive.add(base / "weights", "xgboost-model")
            export.main(base, lambda folder: ([json.dumps(TREE)], configuration((folder / "xgboost-model").read_text().replace("x", "1"))))
            self.assertEqual(json.loads((base / "device" / "model.json").read_text()), {"base": 1.0, "trees": [[3, 0.5, -1.5, 2.5, 0]]})


if __name__ == "__main__":
    unittest.main()
