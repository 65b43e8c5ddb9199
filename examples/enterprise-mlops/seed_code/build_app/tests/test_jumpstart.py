# SPDX-License-Identifier: Apache-2.0
"""What is made of JumpStart's descriptions of models, and the script that packs a model with what serves it."""
import io
import pathlib
import tarfile
import tempfile
import unittest

import environment  # noqa: F401
import jumpstart_models
from ml_pipeline import definition
from pipelines.jumpstart import model, repack, steps


class Model(unittest.TestCase):
    def test_reads_the_description(self):
        found = model.describe(environment.Aws(hub={"m": jumpstart_models.IMAGES}), "m", "1.2.3")
        self.assertEqual(found.version, "1.2.3")
        self.assertEqual(found.training_script, f"{jumpstart_models.CACHE}/images/prepacked.tar.gz")
        self.assertEqual(found.serving_machines, ("ml.g4dn.2xlarge", "ml.g5.xlarge"))
        self.assertEqual(found.environment, {"SAGEMAKER_PROGRAM": "inference.py"})

    def test_unusable(self):
        for changed, problem in (
            ({"TrainingSupported": False}, "m cannot be trained further"),
            ({"GatedBucket": True}, "licence"),
            ({"HostingEcrUri": None}, "its description has no HostingEcrUri"),
        ):
            with self.subTest(problem), self.assertRaisesRegex(model.Unusable, problem):
                model.from_document("m", "1", {**jumpstart_models.IMAGES, **changed})

    def test_unknown_hyperparameter(self):
        with self.assertRaisesRegex(definition.Mistake, "m has no hyperparameter epochs; it has epoch, instruction_tuned"):
            steps.hyperparameters(model.from_document("m", "1", jumpstart_models.TEXT), {"epochs": "2"})


class Repack(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.base = pathlib.Path(scratch.name)

    def archive(self, folder, **files):
        (self.base / folder).mkdir(exist_ok=True)
        with tarfile.open(self.base / folder / f"{folder}.tar.gz", "w:gz") as archive:
            for name, text in files.items():
                member = tarfile.TarInfo(name.replace("__", "/"))
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))

    def test_packs(self):
        self.archive("model", weights="w", code__inference="old")
        self.archive("script", **{"./inference": "new", "lib__x": "x"})
        repack.main(self.base)
        with tarfile.open(self.base / "packed" / "model.tar.gz") as packed:
            found = {m.name: packed.extractfile(m).read().decode() for m in packed}
        self.assertEqual(found, {"weights": "w", "code/inference": "new", "code/lib/x": "x"})

    def test_no_archive(self):
        (self.base / "model").mkdir()
        with self.assertRaisesRegex(SystemExit, "holds 0 archives"):
            repack.main(self.base)


if __name__ == "__main__":
    unittest.main()
