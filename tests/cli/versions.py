#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Versions of products, which mlops.lock remembers from build to build, and templates of projects: versions.py MLOPSC [TEST…]"""
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, HERE)
import support  # noqa: E402
from run import Case  # noqa: E402

PROGRAM = """account dev {{ id: "222222222222", region: "eu-west-1" }}
{comment}
template topic for anywhere {{
  AWS::SNS::Topic this {{ DisplayName: "{content}" }}
}}
stack catalog in dev {{
  {parameter}
  AWS::ServiceCatalog::CloudFormationProduct product {{
    Name: "A topic"
    Owner: "Messaging"
    ProvisioningArtifactParameters: template_versions({arguments})
  }}
}}
"""


class Versions(Case):
    def build(self, content, arguments="topic", *options, comment="", parameter="", code=0):
        self.write("main.mlops", PROGRAM.format(content=content, arguments=arguments, comment=comment, parameter=parameter))
        return self.run_it("build", "-o", "out", *options, code=code)

    def versions(self):
        template = json.loads(support.read(os.path.join(self.folder, "out", "catalog.template.json")))
        return template["Resources"]["Product"]["Properties"]["ProvisioningArtifactParameters"]

    def names(self):
        return [v["Name"] for v in self.versions()]

    def keys(self):
        return [v["Info"]["LoadTemplateFromURL"]["Fn::Sub"].rsplit("/", 1)[1] for v in self.versions()]

    def published(self):
        [stack] = [n for n in os.listdir(os.path.join(self.folder, "out")) if n.endswith(".assets.json")]
        files = json.loads(support.read(os.path.join(self.folder, "out", stack)))["files"]
        return [f["destinations"]["222222222222-eu-west-1"]["objectKey"] for f in files.values()]

    def test_what_changes_is_a_new_version(self):
        self.build("one")
        self.assertEqual(self.names(), ["v1"])
        first = self.keys()
        self.build("two")
        self.assertEqual(self.names(), ["v1", "v2"])
        self.assertEqual(self.keys()[0], first[0])
        self.assertIn(self.keys()[1], self.published())
        self.assertNotIn(first[0], self.published())
        self.build("one")  # back again: the latest version is what users get
        self.assertEqual(self.names(), ["v1", "v2", "v3"])
        self.assertEqual(self.keys()[2], first[0])

    def test_what_does_not_change_is_none(self):
        self.build("one")
        first = self.versions()
        for options in [], ["--locked"], ["--format", "both", "--locked"]:
            self.build("one", "topic", *options, comment="// nobody sees this")
            self.assertEqual(self.versions(), first)

    def test_the_format_makes_no_version(self):
        self.build("one", "topic", "--format", "yaml")
        self.build("one", "topic", "--locked")
        self.assertTrue(self.keys()[0].endswith(".yaml"), "what was published stays where it is")
        self.build("two")
        self.assertEqual(self.names(), ["v1", "v2"])
        self.assertEqual([k[-5:] for k in self.keys()], [".yaml", ".json"])

    def test_names_of_their_own(self):
        self.build("one", 'topic, "1.0", "The first"')
        self.build("two", 'topic, "1.1", "The second"')
        self.assertEqual([(v["Name"], v["Description"]) for v in self.versions()], [("1.0", "The first"), ("1.1", "The second")])
        said = self.build("three", 'topic, "1.1", "The second"', code=1)
        self.assertIn("error[ML0568]: the version `1.1` of `product` was published with another content", said.err)
        self.assertIn("main.mlops:11:", said.err)
        said = self.build("two", 'topic, "1.1", "Another"', code=1)
        self.assertIn("was published with another description", said.err)
        self.build("three")
        self.assertEqual(self.names(), ["1.0", "1.1", "v3"])

    def test_a_made_name_is_free(self):
        self.build("one", 'topic, "v2"')
        self.build("two")
        self.assertEqual(self.names(), ["v2", "v3"])

    def test_only_the_latest_are_kept(self):
        for content in "abcd":
            self.build(content, "topic, keep: 2")
        self.assertEqual(self.names(), ["v3", "v4"])
        self.build("d", "topic")
        self.assertEqual(self.names(), ["v1", "v2", "v3", "v4"])
        self.assertIn("1 to 100 versions", self.build("d", "topic, keep: 0", code=1).err)
        self.assertIn("1 to 100 versions", self.build("d", "topic, keep: 101", code=1).err)

    def test_a_name_that_cloudformation_gives_is_not_remembered(self):
        for content in "ab":
            self.build(content, "topic, Version", parameter="param Version: String(1..20) = \"1.0\"")
            self.assertEqual(self.names(), [{"Ref": "Version"}])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "mlops.lock")))

    def test_without_a_lock_everything_is_new(self):
        self.build("one")
        os.remove(os.path.join(self.folder, "mlops.lock"))
        self.build("two")
        self.assertEqual(self.names(), ["v1"])

    def test_a_check_publishes_nothing(self):
        self.build("one")
        before = support.read(os.path.join(self.folder, "mlops.lock"))
        self.write("main.mlops", PROGRAM.format(content="two", arguments="topic", comment="", parameter=""))
        self.run_it("check", code=0)
        self.assertEqual(support.read(os.path.join(self.folder, "mlops.lock")), before)


PROJECT = """account dev {{ id: "222222222222", region: "eu-west-1" }}
template basic for dev {{
  param SageMakerProjectName: String(1..32, '^[a-z0-9-]+$')
  param SageMakerProjectId: String(1..16, '^[a-z0-9-]+$')
  AWS::SNS::Topic this {{ DisplayName: SageMakerProjectName }}
}}
stack s in dev {{
  AWS::SSM::Parameter project {{ Type: "String", Value: project_file(basic).key }}
  AWS::SSM::Parameter product {{ Type: "String", Value: {} }}
}}
"""


class Projects(Case):
    def build(self, *options, product="template_url(basic)"):
        self.write("main.mlops", PROJECT.format(product))
        self.run_it("build", "-o", "out", *options, code=0)
        out = os.path.join(self.folder, "out")
        form = "json" if os.path.exists(os.path.join(out, "s.template.json")) else "yaml"
        template = support.read(os.path.join(out, f"s.template.{form}"))
        [assets] = [json.loads(support.read(os.path.join(out, n))) for n in os.listdir(out) if n.endswith(".assets.json")]
        return template, sorted(os.listdir(os.path.join(out, "templates"))), assets["files"]

    def test_in_yaml_whatever_the_format(self):
        both = ["basic.template.json", "basic.template.yaml"]
        for options, files in ([], both), (["--format", "both"], both), (["--format", "yaml"], both[1:]):
            template, found, assets = self.build(*options)
            self.assertEqual(found, files)
            [key] = [h for h, f in assets.items() if f["source"]["path"] == "templates/basic.template.yaml"]
            self.assertEqual(assets[key]["destinations"]["222222222222-eu-west-1"]["objectKey"], f"{key}.yaml")
            self.assertIn(f"{key}.yaml", template)
            copy = support.read(os.path.join(self.folder, "out", "templates", "basic.template.yaml"))
            self.assertIn("DisplayName: !Ref SageMakerProjectName", copy)

    def test_nobody_asks_for_it_and_it_is_not_there(self):
        self.write("main.mlops", PROJECT.format("template_url(basic)").replace("project_file(basic).key", '"none"'))
        self.run_it("build", "-o", "out", code=0)
        self.assertEqual(os.listdir(os.path.join(self.folder, "out", "templates")), ["basic.template.json"])


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
