# SPDX-License-Identifier: Apache-2.0
"""prepare.py: what it makes of what AWS says. The samples of the programs are what it writes."""
import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import fakes
import prepare


def prepared(aws, program="endpoint", **changes):
    return prepare.values({**fakes.ENVIRONMENT, **changes}, aws, program)


class Values(unittest.TestCase):
    def test_newest_approved_version(self):
        for program in fakes.PROGRAMS:
            with self.subTest(program):
                expected = fakes.sample(program, "approved")
                uri = f"s3://mlops-{fakes.GROUP}/inference/definition.json"
                exported = {"/mlops/churn/inferencepipeline": uri} if "definition" in expected else {}
                aws = fakes.Aws(approved=[3, 1], parameters={**fakes.STAGES, **exported}, objects={uri: expected.get("definition")})
                self.assertEqual(prepared(aws, program), expected)

    def test_nothing_approved(self):
        for program in fakes.PROGRAMS:
            with self.subTest(program):
                self.assertEqual(prepared(fakes.Aws(), program), fakes.sample(program, "first-run"))

    def test_definition_elsewhere_than_in_s3(self):
        aws = fakes.Aws(parameters={**fakes.STAGES, "/mlops/churn/inferencepipeline": "https://x"})
        with self.assertRaisesRegex(prepare.Unprepared, "inferencepipeline is 'https://x'"):
            prepared(aws, "batch")

    def test_images_of_several_accounts(self):
        images = [
            "222222222222.dkr.ecr.eu-west-1.amazonaws.com/team/own@sha256:ab",
            "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/x:1",
            "public/y",
        ]
        aws = fakes.Aws(approved=[1], containers=[fakes.container(image) for image in images])
        self.assertEqual(
            prepared(aws)["repositories"],
            ["arn:aws:ecr:cn-north-1:444455556666:repository/x", "arn:aws:ecr:eu-west-1:222222222222:repository/team/own"],
        )

    def test_bucket_of_the_package(self):
        self.assertEqual(prepared(fakes.Aws(approved=[1]), MODEL_BUCKET_ARN="")["bucket"], f"arn:aws:s3:::mlops-{fakes.GROUP}")

    def test_nothing_says_where_models_are(self):
        with self.assertRaisesRegex(prepare.Unprepared, "MODEL_BUCKET_ARN"):
            prepared(fakes.Aws(), MODEL_BUCKET_ARN="")

    def test_no_key(self):
        self.assertNotIn("bucket_key", prepared(fakes.Aws(), ARTIFACT_BUCKET_KMS_ID=""))

    def test_key_by_arn(self):
        arn = "arn:aws:kms:eu-west-1:222222222222:key/abc"
        self.assertEqual(prepared(fakes.Aws(), ARTIFACT_BUCKET_KMS_ID=arn)["bucket_key"], arn)

    def test_partition(self):
        found = prepared(fakes.Aws(), AWS_REGION="us-gov-west-1")
        self.assertTrue(found["bucket_key"].startswith("arn:aws-us-gov:kms:us-gov-west-1:"))


    def test_program_of_another_name(self):
        with self.assertRaisesRegex(prepare.Unprepared, "the folder stream is no program that is known here: endpoint, batch, devices"):
            prepared(fakes.Aws(), "stream")


class Stages(unittest.TestCase):
    def test_another_prefix_without_regions(self):
        aws = fakes.Aws(parameters={"/mlops/dev/account_id": "222222222222", "/mlops/prod/account_id": "444444444444"})
        self.assertEqual(
            prepared(aws, STAGE_PARAMETERS="/mlops", AWS_REGION="eu-central-1")["stages"],
            [
                {"name": "dev", "id": "222222222222", "region": "eu-central-1"},
                {"name": "prod", "id": "444444444444", "region": "eu-central-1"},
            ],
        )

    def test_none(self):
        with self.assertRaisesRegex(prepare.Unprepared, "STAGE_PARAMETERS"):
            prepared(fakes.Aws(parameters={}))


class Command(unittest.TestCase):
    def run_it(self, arguments, environment, aws):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return prepare.main(arguments, environment, aws), said.getvalue()

    def test_writes_the_values(self):
        program = fakes.PROGRAMS[0]
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / program
            folder.mkdir()
            code, said = self.run_it([str(folder)], fakes.ENVIRONMENT, fakes.Aws())
            self.assertEqual(json.loads((folder / "values.json").read_text()), fakes.sample(program, "first-run"))
        self.assertEqual(code, 0)
        self.assertIn("no model is approved yet", said)

    def test_environment_lacks_something(self):
        self.assertEqual(self.run_it(["endpoint"], {"AWS_REGION": "x"}, fakes.Aws()), (1, "prepare.py: the environment lacks PROJECT_NAME\n"))

    def test_usage(self):
        self.assertEqual(self.run_it([], {}, fakes.Aws())[0], 2)


if __name__ == "__main__":
    unittest.main()
