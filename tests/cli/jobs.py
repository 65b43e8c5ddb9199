#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`--jobs`: any number of processes gives the same bytes and the same messages as one: jobs.py MLOPSC [TEST…]"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Case, support  # noqa: E402

COUNT = 60
HEAD = """platform fleet {}
for i in 0..<%d {
  account member[i] { id: "${100000000000 + i}", region: if i %% 2 == 0 then "eu-west-1" else "eu-central-1", labels: { number: i, kind: "k${i %% 3}" } }
}
""" % COUNT
PLAIN = "stack s in member[*] {\n  AWS::SNS::Topic t { DisplayName: \"n ${target.labels.number}\" }\n%s}\n"


def files_of(folder):
    found = {}
    for here, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(here, name), "rb") as f:
                found[os.path.relpath(os.path.join(here, name), folder)] = f.read()
    return found


class Jobs(Case):
    def both(self, program, *arguments, code=0, files=None):
        """Builds with and without workers; gives the files."""
        self.write("main.mlops", program)
        for name, text in (files or {}).items():
            self.write(name, text)
        results = []
        for jobs in ("0", "1", "3"):
            result = self.run_it("build", "-j", jobs, "-o", "out", *arguments, code=code)
            results.append((result.err, result.out, files_of(os.path.join(self.folder, "out"))))
            self.assertEqual(results[0], results[-1], f"-j {jobs}")
            self.assertEqual([n for n in os.listdir(self.folder) if "mlopsc-" in n], [])
            self.run_it("check", "-j", jobs, code=code)
        return results[0]

    def test_a_template_for_each_account(self):
        err, _, files = self.both(HEAD + PLAIN % "")
        self.assertIn(f"{COUNT} stacks, {COUNT} templates, {COUNT} resources", err)
        self.assertEqual(len(files), 2 * COUNT + 1)
        self.both(HEAD + PLAIN % "", "--format", "yaml")
        self.both(HEAD + PLAIN % "", "--format", "both")

    def test_several_stacks(self):
        self.both(HEAD + PLAIN % "" + PLAIN.replace("stack s", "stack other") % "")

    def test_templates_that_serve_several_accounts(self):
        err, _, _ = self.both(HEAD + PLAIN.replace("labels.number", "labels.kind") % "")
        self.assertIn(f"{COUNT} stacks, 3 templates", err)
        pairs = PLAIN.replace("${target.labels.number}", "${div(target.labels.number, 2)}")
        err, _, files = self.both(HEAD + pairs % "")
        self.assertIn(f"{COUNT} stacks, {COUNT // 2} templates", err)

    def test_answers_along_different_paths(self):
        body = """stack s in member[*] {
  if target.labels.kind == "k0" {
    AWS::SNS::Topic t { DisplayName: "n ${target.labels.number}" }
  } else {
    AWS::SNS::Topic t { DisplayName: target.region }
  }
}
"""
        self.both(HEAD + body)

    def test_tags_and_names_of_stacks(self):
        self.both(HEAD + '@name("x-${target.labels.number}") @tags({ n: "${target.id}" })\n' + PLAIN % "")

    def test_mistakes_are_said_as_ever(self):
        for number in (0, 7, COUNT - 1):
            body = f'  AWS::SNS::Topic u {{ DisplayName: "x${{div(1, target.labels.number - {number})}}" }}\n'
            err, _, _ = self.both(HEAD + PLAIN % body, code=1)
            self.assertIn("ML0713", err)
        self.both(HEAD + PLAIN % '  assert target.labels.number < 30, "too many"\n', code=1)
        body = '  AWS::IAM::Role r { AssumeRolePolicyDocument: { Statement: [{ Effect: "Allow", Action: "sts:No${target.labels.number}" }] } }\n'
        self.both(HEAD + PLAIN % body, code=1)

    def test_warnings_are_said_as_ever(self):
        err, _, _ = self.both(HEAD + "stack s in member[*] {\n  if target.labels.number > 40 { AWS::SNS::Topic t { DisplayName: \"${target.id}\" } }\n}\n")
        self.assertIn("warning[ML0625]", err)

    def test_permissions_that_other_stacks_give(self):
        """A statement reaches the role's own stack, whatever has become of its template by then."""
        stacks = """account hub { id: "999999999999", region: "eu-west-1" }
stack base in member[*] {
  AWS::IAM::Role role { RoleName: "worker-${target.labels.number}" }
  allow service("lambda") to assume on role
}
stack central in hub {
  AWS::SNS::Topic news { TopicName: "news" }
  for number, account in member { allow base[account].role to publish on news }
}
"""
        _, _, files = self.both(HEAD + stacks)
        self.assertEqual(sum(b"sns:Publish" in text for name, text in files.items() if name.endswith(".template.json")), COUNT + 1)

    def test_names_that_must_be_unique(self):
        bucket = '  AWS::S3::Bucket b { BucketName: "bucket-%s" }\n'
        self.both(HEAD + PLAIN % (bucket % "${target.id}"))
        err, _, _ = self.both(HEAD + PLAIN % (bucket % "${if target.labels.number == 50 then 3 else target.labels.number}"), code=1)
        self.assertIn("ML0632", err)
        err, _, _ = self.both(HEAD + PLAIN % (bucket % "one"), code=1)
        self.assertIn("ML0632", err)

    def test_size_limits(self):
        body = '  AWS::SSM::Parameter p { Type: "String", Name: "/a", Value: join("", [for i in 0..<300: "' + "x" * 200 + '"]) }\n'
        heads = HEAD.replace("labels:", "bootstrap: false, labels:")
        self.both(heads + PLAIN % body, code=1)

    def test_what_others_read_is_evaluated_with_them(self):
        reader = 'stack r in member[*] {\n  AWS::SNS::Subscription x { Protocol: "https", Endpoint: "https://x.example/${target.id}", TopicArn: s.t }\n}\n'
        self.both(HEAD + PLAIN % "" + reader)

    def test_files_that_are_read_for_one_target(self):
        body = '  AWS::SNS::Topic u { DisplayName: text("t${target.labels.kind}.txt") }\n'
        files = {f"tk{i}.txt": f"text {i}" for i in range(3)}
        self.both(HEAD + PLAIN % body, "--depfile", "d", files=files)
        self.assertIn("tk2.txt", support.read(os.path.join(self.folder, "d")))

    def test_comparing_targets(self):
        self.both(HEAD + PLAIN % '  AWS::SNS::Topic u { DisplayName: if target == member[5] then "five" else "other" }\n')

    def test_with_the_resolved_platform(self):
        _, _, files = self.both(HEAD + PLAIN % "", "--platform-json")
        self.assertIn("platform.json", files)
        _, _, files = self.both(HEAD + PLAIN % "", "--source-map")
        self.assertIn("source-map.json", files)

    def test_defaults_and_permissions(self):
        self.both(HEAD + 'defaults for AWS::SNS::Topic { KmsMasterKeyId: "alias/x" }\n' + PLAIN % "")
        grant = '  AWS::SQS::Queue q {}\n  allow service("sns") to ["sqs:SendMessage"] on q\n'
        self.both(HEAD + PLAIN % grant)

    def test_wrong_usage(self):
        self.wrong_usage("build", "-j", "many", says="--jobs wants a number")


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
