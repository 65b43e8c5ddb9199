# SPDX-License-Identifier: Apache-2.0
"""The scripts that run in jobs over tables: preprocess.py and evaluate.py."""
import contextlib
import csv
import importlib.machinery
import io
import json
import pathlib
import random
import sys
import tarfile
import tempfile
import types
import unittest
from unittest import mock

import environment  # noqa: F401
from pipelines.tabular import evaluate, preprocess


class Folder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.base = pathlib.Path(scratch.name)

    def quietly(self, function, *arguments):
        with contextlib.redirect_stdout(io.StringIO()):
            return function(*arguments)


class Preprocess(Folder):
    def table(self, rows):
        folder = self.base / "input" / "table"
        folder.mkdir(parents=True)
        (folder / "table.csv").write_text("\n".join(rows) + "\n")
        self.quietly(preprocess.main, self.base)
        return {part: list(csv.reader((self.base / part / f"{part}.csv").read_text().splitlines())) for part in preprocess.PARTS}

    def test_snails(self):
        chance = random.Random(1)
        parts = self.table([f"{chance.choice('MFI')},{chance.random()},{chance.random()},{chance.randint(1, 20)}" for _ in range(200)])
        self.assertEqual({part: len(rows) for part, rows in parts.items()}, {"train": 140, "validation": 30, "test": 30})
        rows = [[float(cell) for cell in row] for row in parts["train"]]
        self.assertEqual({len(row) for row in rows}, {1 + 3 + 2})  # the label, three kinds, two measures
        self.assertTrue(all(row[0] >= 1 and sum(row[1:4]) == 1 for row in rows))
        for column in 4, 5:
            values = [row[column] for row in rows]
            self.assertAlmostEqual(sum(values) / len(values), 0)

    def test_gaps_get_the_median(self):
        column = preprocess.numeric_column(["1", "", "3", "8"])
        self.assertEqual(column(""), column("3"))

    def test_one_value_only(self):
        self.assertEqual(preprocess.numeric_column(["2", "2"])("2"), [0.0])

    def test_unknown_category(self):
        self.assertEqual(preprocess.category_column(["a", "b"])("c"), [0.0, 0.0])

    def test_same_split_every_time(self):
        rows = [[str(i)] for i in range(50)]
        self.assertEqual(preprocess.split(rows), preprocess.split(rows))

    def test_what_no_table_is(self):
        for rows, problem in ([], "no rows"), (["1,2", "1"], "different numbers of columns"), (["1,2"], "too few rows"):
            with self.subTest(problem), self.assertRaisesRegex(SystemExit, problem):
                self.setUp()
                self.table(rows)


class Evaluate(Folder):
    def test_report(self):
        (self.base / "test").mkdir()
        (self.base / "test" / "test.csv").write_text("3,0.5\n5,0.5\n")
        (self.base / "model").mkdir()
        (self.base / "weights").write_text("4")
        with tarfile.open(self.base / "model" / "model.tar.gz", "w:gz") as archive:
            archive.add(self.base / "weights", "xgboost-model")
        self.quietly(evaluate.main, self.base, lambda folder, rows: [float((folder / "xgboost-model").read_text()) for _ in rows])
        report = json.loads((self.base / "evaluation" / "evaluation.json").read_text())["regression_metrics"]
        self.assertEqual({name: m["value"] for name, m in report.items()}, {"mse": 1.0, "rmse": 1.0, "mae": 1.0})
        self.assertEqual(report["mse"]["standard_deviation"], 1.0)

    def test_image_of_ones_own(self):
        own = types.ModuleType("model")
        own.__spec__ = importlib.machinery.ModuleSpec("model", None)
        own.load, own.predict = (lambda folder: 2.0), (lambda model, rows: [model * sum(row) for row in rows])
        with mock.patch.dict(sys.modules, {"model": own}):
            self.assertEqual(evaluate.predictions(self.base, [[1.0, 2.0], [0.5, 0.5]]), [6.0, 2.0])

    def test_lengths_differ(self):
        with self.assertRaisesRegex(SystemExit, "1 labels and 0 predictions"):
            evaluate.measure([1.0], [])


if __name__ == "__main__":
    unittest.main()
