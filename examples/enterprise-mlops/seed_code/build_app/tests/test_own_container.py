# SPDX-License-Identifier: Apache-2.0
"""The image of one's own: the model in it, how it trains and serves, how it is built; and the pipeline that uses it."""
import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

import environment
from ml_pipeline import settings
from pipelines import own_container

CONTAINER = environment.ROOT / "container"
SETTINGS = settings.from_environment(environment.ENVIRONMENT)

sys.path.insert(0, str(CONTAINER / "program"))
import model  # noqa: E402
import run  # noqa: E402


class Model(unittest.TestCase):
    def test_finds_a_line(self):
        features = [[float(i), float(i % 3)] for i in range(9)]
        trained = model.train([2 * a - b + 5 for a, b in features], features, penalty=1e-9)
        for found, wanted in zip(trained["weights"], [2.0, -1.0, 5.0]):
            self.assertAlmostEqual(found, wanted, places=5)

    def test_penalty_makes_weights_small(self):
        features = [[1.0], [2.0], [3.0]]
        small, large = (model.train([1.0, 2.0, 3.0], features, penalty)["weights"][0] for penalty in (100.0, 0.1))
        self.assertLess(small, large)

    def test_columns_that_depend_on_each_other(self):
        trained = model.train([1.0, 2.0], [[1.0, 1.0], [2.0, 2.0]])
        self.assertAlmostEqual(trained["weights"][0], trained["weights"][1])

    def test_wrong_number_of_columns(self):
        with self.assertRaisesRegex(ValueError, "a row has 2 values, the model wants 1"):
            model.predict({"weights": [1.0, 0.0]}, [[1.0, 2.0]])


class InContainer(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.base = pathlib.Path(scratch.name)
        self.data = self.base / "input" / "data" / "train"
        self.data.mkdir(parents=True)
        (self.base / "input" / "config").mkdir()
        (self.base / "input" / "config" / "hyperparameters.json").write_text('{"penalty": "0.000001"}')

    def train(self):
        with contextlib.redirect_stdout(io.StringIO()):
            run.train(self.base)

    def test_trains_and_serves(self):
        (self.data / "train.csv").write_text("2,1\n4,2\n6,3\n")
        self.train()
        server = run.serve(self.base, ("127.0.0.1", 0))
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        with contextlib.redirect_stderr(io.StringIO()):
            at = f"http://127.0.0.1:{server.server_port}"
            with urllib.request.urlopen(f"{at}/ping") as reply:
                self.assertEqual(reply.status, 200)
            with urllib.request.urlopen(f"{at}/invocations", b"5\n10\n") as reply:
                self.assertEqual([round(float(line), 3) for line in reply.read().split()], [10.0, 20.0])
            for path, body, status in ("/invocations", b"x\n", 400), ("/invocations", b"1,2\n", 400), ("/elsewhere", b"", 404):
                with self.subTest(path + str(body)), self.assertRaises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(f"{at}{path}", body)
                self.assertEqual(refused.exception.code, status)
                refused.exception.close()

    def test_no_data(self):
        with self.assertRaises(SystemExit):
            self.train()
        self.assertIn("no rows", (self.base / "output" / "failure").read_text())

    def test_usage(self):
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(run.main([]), 2)


class Build(unittest.TestCase):
    """build.sh, with programs that only say how they were called."""

    def build(self, there, **env):
        with tempfile.TemporaryDirectory() as scratch:
            docker = [
                '[ "$1" != login ] || cat >/dev/null',
                f'echo "docker $*" >>"{scratch}/calls"',
                f'[ "$1" != manifest ] || exit {0 if there else 1}',
            ]
            for name, text in ("aws", "echo password"), ("docker", "\n".join(docker)):
                path = pathlib.Path(scratch) / name
                path.write_text(f"#!/bin/sh\n{text}\n")
                path.chmod(0o755)
            env = {"PATH": f"{scratch}:{os.environ['PATH']}", **env}
            ran = subprocess.run(["sh", CONTAINER / "build.sh"], env=env, capture_output=True, text=True)
            calls = pathlib.Path(scratch) / "calls"
            return ran, calls.read_text().splitlines() if calls.exists() else []

    def test_pushes_the_commit(self):
        uri = environment.ENVIRONMENT["ECR_REPO_URI"]
        ran, calls = self.build(False, ECR_REPO_URI=uri, AWS_REGION="eu-west-1", CODEBUILD_RESOLVED_SOURCE_VERSION="abc")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(
            calls,
            [
                "docker login --username AWS --password-stdin 222222222222.dkr.ecr.eu-west-1.amazonaws.com",
                f"docker manifest inspect {uri}:abc", f"docker build --tag {uri}:abc .", f"docker push {uri}:abc",
            ],
        )  # fmt: skip

    def test_a_tag_stays(self):
        ran, calls = self.build(True, ECR_REPO_URI="x.dkr.ecr.y/z", AWS_REGION="y", IMAGE_TAG="1")
        self.assertEqual((ran.returncode, len(calls)), (0, 2))

    def test_environment_lacks_something(self):
        ran, _ = self.build(False, AWS_REGION="y")
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("ECR_REPO_URI", ran.stderr)


class Pipeline(unittest.TestCase):
    def test_every_step_runs_in_the_image(self):
        commit = settings.from_environment({**environment.ENVIRONMENT, "CODEBUILD_RESOLVED_SOURCE_VERSION": "abc"})
        written = own_container.build(commit, None)[0].definition()
        text = json.dumps(written)
        self.assertEqual(text.count(f"{environment.ENVIRONMENT['ECR_REPO_URI']}:abc"), 4)
        self.assertNotIn("xgboost", text)


if __name__ == "__main__":
    unittest.main()
