#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mlops.lock, from one build to the next: lock.py MLOPSC [TEST…]"""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Case, support  # noqa: E402

ACCOUNTS = """platform acme {}
account dev { id: "111111111111", region: "eu-west-1" }
account prod { id: "222222222222", region: "eu-west-1" }
"""
ONE = ACCOUNTS + "stack data in dev {\n  %s\n}\n"
BOTH = ACCOUNTS + "stack data in [dev, prod] {\n  %s\n}\n"
BUCKET = "AWS::S3::Bucket store {}"
LAB = """component lab {
  AWS::S3::Bucket this {}
  AWS::S3::Bucket logs {}
  AWS::SQS::Queue jobs {}
}
"""


class Lock(Case):
    def build(self, program, *arguments, code=0):
        """Builds a program; gives what was reported, by code."""
        self.write("main.mlops", program)
        result = self.run_it("build", "--diagnostics", "json", *arguments, code=code)
        return {d["code"]: d for d in result.diagnostics()}

    def lock(self, name="mlops.lock"):
        with open(os.path.join(self.folder, name), encoding="utf-8") as f:
            return f.read()

    def lines(self):
        return self.lock().splitlines()

    def output(self, name):
        with open(os.path.join(self.folder, "mlops.out", name), encoding="utf-8") as f:
            return json.load(f)

    def ids(self, template="data"):
        return set(self.output(f"{template}.template.json")["Resources"])

    def refactors(self):
        folder = os.path.join(self.folder, "mlops.out", "refactor")
        return {name: self.output(f"refactor/{name}") for name in os.listdir(folder)} if os.path.isdir(folder) else {}

    def exists(self, name="mlops.lock"):
        return os.path.exists(os.path.join(self.folder, name))


class Writing(Lock):
    def test_what_it_holds(self):
        self.build(BOTH % '@retain AWS::S3::Bucket store { BucketName: "acme-${aws.account_id}" }\n  AWS::SNS::Topic t {}')
        self.assertEqual(self.lines(), [
            "mlops.lock 1",
            "resource data Store AWS::S3::Bucket given retain store",
            "setting data Store BucketName acme-${AWS::AccountId}",
            "stack acme-data 111111111111 eu-west-1 data",
            "stack acme-data 222222222222 eu-west-1 data",
        ])

    def test_nothing_to_say_is_no_file(self):
        self.build(ONE % "AWS::SNS::Topic t {}")
        self.assertFalse(self.exists())
        self.build(ONE % "AWS::SNS::Topic t {}", "--locked")

    def test_only_a_build_writes(self):
        self.write("main.mlops", ONE % BUCKET)
        self.run_it("check", code=0)
        self.run_it("build", "--stdout", code=0)
        self.run_it("build", "--stop-after", "lower", code=0)
        self.run_it("build", "--locked", code=1)
        self.assertFalse(self.exists())
        self.assertFalse(self.exists("mlops.out"))

    def test_a_failed_build_writes_nothing(self):
        self.build(ONE % BUCKET)
        before = self.lock()
        self.build(ONE % f"{BUCKET}\n  AWS::S3::Bucket second {{ BucketName: 3 }}", code=1)
        os.mkdir(os.path.join(self.folder, "foreign"))
        self.write("foreign/file", "x")
        self.build(ONE % f"{BUCKET}\n  AWS::S3::Bucket second {{}}", "-o", "foreign", code=3)
        self.assertEqual(self.lock(), before)

    def test_it_is_not_touched_without_a_change(self):
        self.build(ONE % BUCKET)
        path = os.path.join(self.folder, "mlops.lock")
        os.utime(path, (1, 1))
        os.chmod(path, 0o444)
        self.build(ONE % BUCKET, "-o", "elsewhere")
        self.build(ONE % f"{BUCKET}\n  AWS::SNS::Topic t {{}}", "--locked", "-o", "third")
        self.assertEqual(os.stat(path).st_mtime, 1)

    def test_lines_in_another_order_are_no_change(self):
        self.build(BOTH % BUCKET)
        lines = self.lines()
        self.write("mlops.lock", "\r\n".join([lines[0], *reversed(lines[1:])]))
        self.build(BOTH % BUCKET, "--locked")

    def test_what_would_change_is_listed(self):
        self.build(ONE % BUCKET)
        found = self.build(ONE % f"{BUCKET}\n  AWS::S3::Bucket more {{}}", "--locked", code=1)
        self.assertEqual(found["ML0553"]["notes"], ["comes: resource data More AWS::S3::Bucket none delete more"])
        self.run_it("check", "--locked", code=1)
        self.run_it("build", "--locked", "--stdout", code=1)

    def test_programs_in_one_folder_do_not_meet(self):
        self.write("a.mlops", ONE % BUCKET)
        self.write("b.mlops", (ONE % BUCKET).replace("acme", "other"))
        self.run_it("build", "a.mlops", code=0)
        self.run_it("build", "b.mlops", code=0)
        self.run_it("build", "a.mlops", "--locked", code=0)
        self.assertIn("stack acme-data", self.lock("a.lock"))
        self.assertIn("stack other-data", self.lock("b.lock"))

    def test_another_place(self):
        self.write("project/main.mlops", ONE % BUCKET)
        self.run_it("build", "project", code=0)
        self.run_it("build", "project/main.mlops", "--locked", code=0)
        self.run_it("build", os.path.join(self.folder, "project"), "--lock", "prod.lock", "-o", "prod", code=0)
        self.assertEqual(self.lock("project/mlops.lock"), self.lock("prod.lock"))
        self.run_it("build", "-", "-o", "piped", code=0, stdin=ONE % BUCKET)
        self.assertEqual(sorted(os.listdir(self.folder)), ["mlops.out", "piped", "prod", "prod.lock", "project"])

    def test_it_is_no_input_of_the_program(self):
        self.build(ONE % BUCKET)
        self.build(ONE % BUCKET, "--depfile", "out.d")
        self.assertNotIn("mlops.lock", self.lock("out.d"))

    def test_a_place_that_cannot_be_written(self):
        found = self.build(ONE % BUCKET, "--lock", "nosuch/mlops.lock", code=3)
        self.assertIn("the output is written, but `nosuch/mlops.lock` is not", found["ML0554"]["message"])
        self.assertTrue(self.exists("mlops.out/manifest.json"))

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_file_that_must_not_be_written(self):
        self.build(ONE % BUCKET)
        os.chmod(os.path.join(self.folder, "mlops.lock"), 0o444)
        found = self.build(ONE % f"{BUCKET}\n  AWS::S3::Bucket more {{}}", code=3)
        self.assertIn("ML0554", found)

    def test_workers_tell_what_they_found(self):
        program = """platform fleet {}
for i in 0..<60 { account member[i] { id: "${100000000000 + i}", region: "eu-west-1", labels: { number: i } } }
stack s in member[*] {
  AWS::S3::Bucket b { BucketName: "fleet-${target.labels.number}" }
  AWS::KMS::Key k { KeySpec: if target.labels.number > 3 then "RSA_2048" else "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }
}
"""
        self.build(program, "-j", "0")
        self.assertEqual(len(self.lines()), 1 + 60 * (2 + 1 + 1))
        self.build(program, "-j", "1", "--locked")
        self.build(program, "-j", "3", "--locked")


class Damage(Lock):
    def refused(self, text, code, line):
        self.write("mlops.lock", text)
        found = self.build(ONE % BUCKET, code=1)
        self.assertEqual(found[code]["line"], line)
        self.assertEqual(self.lock(), text)
        self.assertFalse(self.exists("mlops.out"))

    def test_a_torn_line(self):
        self.refused("mlops.lock 1\nresource data Store AWS::S3::Bucket\n", "ML0550", 2)

    def test_marks_of_a_merge(self):
        self.refused("mlops.lock 1\n<<<<<<< HEAD\n=======\n>>>>>>> other\n", "ML0551", 2)

    def test_a_newer_format(self):
        self.refused("mlops.lock 9\nwhatever\n", "ML0552", 1)


class Keeping(Lock):
    def test_a_name_that_changes(self):
        self.build(BOTH % 'AWS::S3::Bucket store { BucketName: "acme-${aws.account_id}" }')
        found = self.build(BOTH % 'AWS::S3::Bucket store { BucketName: "other-${aws.account_id}" }', code=1)
        self.assertIn("`BucketName` cannot change", found["ML0555"]["message"])
        self.assertIn("it was `acme-${AWS::AccountId}`", found["ML0555"]["notes"])
        self.assertIn("in 2 stacks, such as `acme-data` of account `dev`", found["ML0555"]["notes"])
        self.build(BOTH % 'AWS::S3::Bucket store { BucketName: "acme-${target.id}" }')  # the same, said otherwise

    def test_a_name_that_comes_and_goes(self):
        self.build(ONE % BUCKET)
        found = self.build(ONE % 'AWS::S3::Bucket store { BucketName: "acme-x" }', code=1)
        self.assertIn("it was not set", found["ML0555"]["notes"])
        self.build(ONE % '@retain AWS::S3::Bucket store { BucketName: "acme-x" }')
        found = self.build(ONE % BUCKET, code=1)
        self.assertIn("it is not set any more", found["ML0555"]["notes"])

    def test_another_property(self):
        table = """AWS::DynamoDB::Table t {
    KeySchema: [{ AttributeName: "%s", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST"
    AttributeDefinitions: [{ AttributeName: "%s", AttributeType: "S" }]
  }"""
        self.build(ONE % (table % ("a", "a")))
        found = self.build(ONE % (table % ("b", "b")), code=1)
        self.assertIn("`KeySchema` cannot change", found["ML0555"]["message"])
        self.build(ONE % ('@ignore(ML0555, "a trial") ' + table % ("b", "b")))
        self.assertIn('setting data T KeySchema [{AttributeName: "b", KeyType: "HASH"}]', self.lines())

    def test_what_only_a_deployment_knows_is_not_compared(self):
        self.build(ONE % 'param n: String(3..40, "^[a-z]+$") = "abc"\n  AWS::S3::Bucket store { BucketName: n }')
        self.assertIn("setting data Store BucketName ?", self.lines())
        self.build(ONE % 'AWS::S3::Bucket store { BucketName: "acme-x" }')

    def test_another_type(self):
        self.build(ONE % BUCKET)
        self.assertIn("ML0555", self.build(ONE % "AWS::KMS::Key store {}", code=1))

    def test_a_resource_that_goes(self):
        self.build(ONE % f"{BUCKET}\n  AWS::SNS::Topic t {{}}")
        found = self.build(ONE % "AWS::SNS::Topic t {}", code=1)
        self.assertIn("`store` is deployed and not in the program any more", found["ML0556"]["message"])
        self.write("mlops.lock", "\n".join(line for line in self.lines() if " Store " not in line) + "\n")
        self.build(ONE % "AWS::SNS::Topic t {}")
        self.assertEqual(self.lines(), ["mlops.lock 1"])

    def test_a_resource_that_was_kept_may_go(self):
        for word in "retain", "snapshot", "retain_except_on_create":
            self.write("mlops.lock", "mlops.lock 1\n")
            self.build(ONE % f"@{word} AWS::DynamoDB::Table t {{\n    KeySchema: [{{ AttributeName: \"a\", KeyType: \"HASH\" }}]\n"
                       "    BillingMode: \"PAY_PER_REQUEST\", AttributeDefinitions: [{ AttributeName: \"a\", AttributeType: \"S\" }]\n  }"
                       if word != "snapshot" else ONE % "@snapshot AWS::EC2::Volume v { AvailabilityZone: \"eu-west-1a\", Size: 8 }")
            self.build(ONE % "AWS::SNS::Topic t {}")

    def test_a_stack_that_goes(self):
        self.build(BOTH % BUCKET)
        found = self.build(ONE % BUCKET, code=1)
        self.assertIn("the stack `acme-data` of account 222222222222", found["ML0557"]["message"])
        self.write("mlops.lock", "\n".join(line for line in self.lines() if "222222222222" not in line) + "\n")
        self.build(ONE % BUCKET)

    def test_an_account_that_comes(self):
        self.build(ONE % BUCKET)
        self.build(BOTH % BUCKET)
        self.assertIn("stack acme-data 222222222222 eu-west-1 data", self.lines())

    def test_a_template_that_splits(self):
        self.build(BOTH % 'AWS::S3::Bucket store { BucketName: "acme-${aws.account_id}" }')
        self.build(BOTH % 'AWS::S3::Bucket store { BucketName: "acme-${target.id}", Tags: [{ Key: "t", Value: target.name }] }')
        self.assertIn("resource data-prod Store AWS::S3::Bucket given delete store", self.lines())


class Moving(Lock):
    def mappings(self, name):
        return [(m["Source"]["StackName"], m["Source"]["LogicalResourceId"], m["Destination"]["StackName"], m["Destination"]["LogicalResourceId"])
                for m in self.refactors()[name]["ResourceMappings"]]

    def test_a_new_name_is_offered(self):
        self.build(ONE % BUCKET)
        found = self.build(ONE % "AWS::S3::Bucket lake {}", code=1)
        self.assertEqual([f["replacement"] for f in found["ML0556"]["fixes"]], ['@renamed_from("Store") '])
        found = self.build(ONE % '@id("Lake") AWS::S3::Bucket store {}', code=1)
        self.assertEqual([f["replacement"] for f in found["ML0556"]["fixes"]], ['@id("Store") '])

    def test_renamed(self):
        for old in "store", "Store":
            self.write("mlops.lock", "mlops.lock 1\n")
            self.build(BOTH % BUCKET)
            program = BOTH % f'@renamed_from("{old}") AWS::S3::Bucket lake {{}}'
            self.assertEqual(self.build(program), {})
            self.assertEqual(self.ids(), {"Lake"})
            self.assertEqual(sorted(self.refactors()), ["data-dev.json", "data-prod.json"])
            self.assertEqual(self.mappings("data-dev.json"), [("acme-data", "Store", "acme-data", "Lake")])
            definition = self.refactors()["data-dev.json"]["StackDefinitions"]
            self.assertEqual([d["StackName"] for d in definition], ["acme-data"])
            self.assertEqual(set(json.loads(definition[0]["TemplateBody"])["Resources"]), {"Lake"})
        # The pipeline builds the same program with the new lock file, and writes the same.
        files = self.refactors()
        self.assertEqual(self.build(program, "--locked"), {})
        self.assertEqual(self.refactors(), files)
        # Later programs are told to delete the decorator, and lose nothing before they do.
        found = self.build(program + "// more\n")
        self.assertEqual([f["replacement"] for f in found["ML0558"]["fixes"]], [""])
        self.assertEqual(self.refactors(), files)
        self.assertEqual(self.build(BOTH % "AWS::S3::Bucket lake {}"), {})
        self.assertEqual(self.refactors(), {})
        self.assertFalse(any(line.startswith("moved") for line in self.lines()))

    def test_renamed_from_what_never_was(self):
        self.build(ONE % BUCKET)
        self.assertIn("ML0558", self.build(ONE % '@renamed_from("Stoer") AWS::S3::Bucket store {}'))
        self.assertEqual(self.refactors(), {})

    def test_renamed_without_a_lock_file(self):
        self.assertEqual(self.build(ONE % '@renamed_from("Store") AWS::S3::Bucket lake {}'), {})
        self.assertEqual(self.mappings("data-dev.json"), [("acme-data", "Store", "acme-data", "Lake")])

    def test_an_instance(self):
        self.build(LAB + ONE % "lab main {}")
        self.build(LAB + ONE % '@renamed_from("main") lab factory {}')
        self.assertEqual(sorted(self.mappings("data-dev.json")), [("acme-data", f"Main{x}", "acme-data", f"Factory{x}") for x in ("", "Jobs", "Logs")])

    def test_inside_and_outside(self):
        self.build(LAB + ONE % "lab main {}")
        renamed = LAB.replace("AWS::S3::Bucket logs", '@renamed_from("logs") AWS::S3::Bucket history')
        self.build(renamed + ONE % '@renamed_from("main") lab factory {}')
        self.assertIn(("acme-data", "MainLogs", "acme-data", "FactoryHistory"), self.mappings("data-dev.json"))

    def test_to_another_stack(self):
        two = ACCOUNTS + "stack data in [dev, prod] {\n  %s\n  AWS::SNS::Topic t {}\n}\nstack lake in [dev, prod] {\n  %s\n  AWS::SNS::Topic t {}\n}\n"
        self.build(two % (BUCKET, ""))
        found = self.build(two % ("", "AWS::S3::Bucket store {}"), code=1)
        self.assertIn("@moved_from(\"acme-data\", \"Store\")", found["ML0556"]["help"])
        self.assertEqual(self.build(two % ("", '@moved_from(data, "Store") AWS::S3::Bucket store {}')), {})
        self.assertEqual(self.mappings("lake-dev.json"), [("acme-data", "Store", "acme-lake", "Store")])
        self.assertEqual({d["StackName"] for d in self.refactors()["lake-prod.json"]["StackDefinitions"]}, {"acme-data", "acme-lake"})
        self.assertEqual(self.build(two % ("", '@moved_from(data, "Store") AWS::S3::Bucket store {}'), "--locked"), {})
        self.assertEqual(self.mappings("lake-dev.json"), [("acme-data", "Store", "acme-lake", "Store")])

    def test_from_a_stack_that_is_gone(self):
        self.build(ONE % BUCKET)
        program = ACCOUNTS + 'stack lake in dev {\n  @moved_from("acme-data", "Store") AWS::S3::Bucket store {}\n}\n'
        self.assertEqual(self.build(program), {})
        self.assertEqual(self.mappings("lake-dev.json"), [("acme-data", "Store", "acme-lake", "Store")])

    def test_from_its_own_stack(self):
        self.build(ONE % '@moved_from(data, "Store") AWS::S3::Bucket store {}', code=1)

    def test_a_generation(self):
        self.build(ONE % 'AWS::S3::Bucket store { BucketName: "acme-a" }')
        self.build(ONE % '@generation(2) AWS::S3::Bucket store { BucketName: "acme-b" }')
        self.assertEqual(self.ids(), {"StoreGeneration2"})
        self.build(ONE % '@generation(3) AWS::S3::Bucket store { BucketName: "acme-c" }')
        self.assertEqual(self.ids(), {"StoreGeneration3"})
        self.assertIn("ML0556", self.build(ONE % 'AWS::S3::Bucket store { BucketName: "acme-c" }', code=1))
        self.build(ONE % '@generation(0) AWS::S3::Bucket store {}', code=1)
        self.build(LAB + ONE % '@generation(1) lab main {}', "--lock", "lab.lock")
        self.assertEqual(self.ids(), {"Main", "MainJobs", "MainLogs"})
        self.build(LAB + ONE % '@generation(2) lab main {}', "--lock", "lab.lock")
        self.assertEqual(self.ids(), {"MainGeneration2", "MainJobsGeneration2", "MainLogsGeneration2"})


class Names(Lock):
    READER = ACCOUNTS + """stack data in dev {
  %s
}
stack app in prod {
  AWS::SSM::Parameter p { Type: "String", Value: data[dev].store.%s }
}
"""

    def test_a_new_resource_gets_a_name(self):
        self.build(self.READER % (BUCKET, "Ref"))
        self.assertIn("resource data Store AWS::S3::Bucket computed delete store", self.lines())
        # and keeps it when nobody asks any more
        self.build(ONE % BUCKET + "stack app in prod { AWS::SNS::Topic t {} }\n", "--locked")
        self.assertIn("BucketName", self.output("data.template.json")["Resources"]["Store"]["Properties"])

    def test_a_deployed_one_does_not(self):
        self.build(ONE % BUCKET)
        self.build(self.READER % (BUCKET, "Ref"))
        self.assertIn("resource data Store AWS::S3::Bucket none delete store", self.lines())
        self.assertNotIn("Properties", self.output("data.template.json")["Resources"]["Store"])
        self.assertIn("Fn::GetStackOutput", json.dumps(self.output("app.template.json")))

    def name_of(self, id, template="data"):
        return self.output(f"{template}.template.json")["Resources"][id]["Properties"]["BucketName"]

    def test_a_moved_one_keeps_its_name(self):
        self.build(self.READER % (BUCKET, "Ref"))
        name = self.name_of("Store")
        moved = self.READER.replace(".store.", ".lake.")
        self.assertEqual(self.build(moved % ('@renamed_from("store") AWS::S3::Bucket lake {}', "Ref")), {})
        self.assertEqual(self.name_of("Lake"), name)
        self.assertEqual(self.build(moved % ("AWS::S3::Bucket lake {}", "Ref")), {})
        self.assertEqual(self.name_of("Lake"), name)
        other = ACCOUNTS + "stack data in dev { AWS::SNS::Topic t {} }\nstack sea in dev {\n  %s\n}\n" + "".join(
            moved.partition("stack app")[1:]).replace("data[dev]", "sea[dev]")
        self.assertEqual(self.build(other % ('@moved_from(data, "Lake") AWS::S3::Bucket lake {}', "Ref")), {})
        self.assertEqual(self.name_of("Lake", "sea"), name)
        self.assertEqual(self.build(other.replace("stack sea in", '@name("acme-sea") stack ocean in').replace("sea[dev]", "ocean[dev]")
                                    % ("AWS::S3::Bucket lake {}", "Ref")), {})
        self.assertEqual(self.name_of("Lake", "ocean"), name)

    def test_a_moved_one_without_a_name_gets_none(self):
        self.build(ONE % BUCKET)
        self.build(self.READER.replace(".store.", ".lake.") % ('@renamed_from("store") AWS::S3::Bucket lake {}', "Ref"))
        self.assertIn("resource data Lake AWS::S3::Bucket none delete lake", self.lines())

    def test_a_moved_one_must_not_change(self):
        self.build(ONE % 'AWS::S3::Bucket store { BucketName: "acme-a" }')
        self.assertIn("ML0555", self.build(ONE % '@renamed_from("store") AWS::S3::Bucket lake { BucketName: "acme-b" }', code=1))

    def test_another_generation_has_another_name(self):
        self.build(self.READER % (BUCKET, "Ref"))
        self.build(self.READER % (f"@generation(2) {BUCKET}", "Ref"))
        self.assertTrue(any("acme-data-store-generation2" in line for line in self.lines()), self.lock())


class Published(Lock):
    NET = ACCOUNTS + """stack net in [dev, prod] {
  %s AWS::EC2::VPC main { CidrBlock: 10.0.0.0/16 }
  AWS::EC2::Subnet a[0] { VpcId: main, CidrBlock: 10.0.0.0/24 }
  AWS::EC2::Subnet a[1] { VpcId: main, CidrBlock: 10.0.1.0/24 }
}
"""
    READER = """stack app in [dev, prod] {
  AWS::EC2::SecurityGroup g { GroupDescription: "g", VpcId: net.main }
  AWS::RDS::DBSubnetGroup s { DBSubnetGroupDescription: "d", SubnetIds: net.a[*] }
}
"""
    OTHER = "stack app in [dev, prod] { AWS::SNS::Topic t {} }\n"

    def published(self):
        return [line for line in self.lines() if line.startswith("published")]

    def test_it_stays_until_the_program_changes_again(self):
        net = self.NET % ""
        self.build(net + self.READER)
        whole = self.ids("net")
        self.assertEqual(self.published(), ["published net /mlops/acme/net/a/SubnetIds ssm-list read A0 A1",
                                            "published net /mlops/acme/net/main/VpcId ssm read Main"])
        template = self.output("net.template.json")
        self.build(net + self.OTHER)
        self.assertEqual(self.output("net.template.json"), template)
        self.build(net + self.OTHER, "--locked")
        self.assertEqual(self.output("net.template.json"), template)
        self.assertEqual(len(self.published()), 2)
        self.build(net + self.OTHER + "// more\n")
        self.assertEqual(self.ids("net"), {"Main", "A0", "A1"})
        self.assertNotEqual(self.ids("net"), whole)
        self.assertFalse(self.exists() and self.published())

    def test_what_is_read_again_stays(self):
        self.build(self.NET % "" + self.READER)
        self.build(self.NET % "" + self.OTHER)
        self.build(self.NET % "" + self.READER + "// again\n")
        self.assertTrue(all(" read " in line for line in self.published()))

    def test_exports(self):
        self.build(self.NET % '@via("export")' + self.READER)
        self.build(self.NET % '@via("export")' + self.OTHER)
        outputs = self.output("net.template.json")["Outputs"]
        self.assertEqual([o["Export"]["Name"] for o in outputs.values() if "Export" in o], ["mlops:acme:net:main:VpcId"])
        self.build(self.NET % '@via("export")' + self.OTHER + "// more\n")
        self.assertNotIn("Outputs", self.output("net.template.json"))

    def test_what_is_gone_cannot_stay(self):
        self.build(self.NET % "" + self.READER)
        self.build(ACCOUNTS + "stack net in [dev, prod] { AWS::SNS::Topic t {} }\n" + self.OTHER)
        self.assertEqual(self.ids("net"), {"T"})


class Ranges(Lock):
    PLAN = ACCOUNTS + """stack net in [dev, prod] {
  let plan = cidr_plan(%s, {%s})
  AWS::SSM::Parameter p { Type: "String", Value: to_json(plan) }
}
"""

    def plan(self, names, cidr="10.0.0.0/16", code=0, template="net"):
        self.build(self.PLAN % (cidr, names), code=code)
        return json.loads(self.output(f"{template}.template.json")["Resources"]["P"]["Properties"]["Value"])

    def test_a_new_name_moves_nobody(self):
        before = self.plan("a: { prefix: 24, count: 2 }, b: { prefix: 26, count: 1 }")
        self.assertEqual(before, {"a": ["10.0.0.0/24", "10.0.1.0/24"], "b": ["10.0.2.0/26"]})
        self.assertIn("range net/plan 10.0.0.0/16 a 10.0.0.0/24 10.0.1.0/24", self.lines())
        after = self.plan("new: { prefix: 24, count: 1 }, a: { prefix: 24, count: 3 }, b: { prefix: 26, count: 1 }")
        self.assertEqual(after, {"new": ["10.0.3.0/24"], "a": ["10.0.0.0/24", "10.0.1.0/24", "10.0.4.0/24"], "b": ["10.0.2.0/26"]})
        again = self.plan("b: { prefix: 26, count: 1 }, a: { prefix: 24, count: 3 }")
        self.assertEqual(again, {"b": ["10.0.2.0/26"], "a": after["a"]})
        self.assertEqual(self.plan("b: { prefix: 26, count: 1 }, new: { prefix: 24, count: 1 }")["new"], ["10.0.0.0/24"])

    def test_what_does_not_fit_is_given_anew(self):
        self.plan("a: { prefix: 24, count: 1 }")
        self.assertEqual(self.plan('a: { prefix: 24, count: 1 }, b: { prefix: 24, count: 1, pinned: [10.0.0.0/24] }'),
                         {"a": ["10.0.1.0/24"], "b": ["10.0.0.0/24"]})
        self.assertEqual(self.plan("a: { prefix: 25, count: 1 }"), {"a": ["10.0.0.0/25"]})
        self.assertEqual(self.plan("a: { prefix: 25, count: 1 }", cidr="10.1.0.0/16"), {"a": ["10.1.0.0/25"]})

    def test_stacks_that_differ(self):
        names = "...(if target.name == \"dev\" then { x: { prefix: 24, count: 1 } } else {}), y: { prefix: 24, count: 1 }"
        self.assertEqual(self.plan(names, template="net-dev"), {"x": ["10.0.0.0/24"], "y": ["10.0.1.0/24"]})
        self.assertEqual(self.plan(names, template="net-prod"), {"y": ["10.0.0.0/24"]})
        more = names.replace("...", "z: { prefix: 24, count: 1 }, ...")
        self.assertEqual(self.plan(more, template="net-dev"), {"z": ["10.0.2.0/24"], "x": ["10.0.0.0/24"], "y": ["10.0.1.0/24"]})
        self.assertEqual(self.plan(more, template="net-prod"), {"z": ["10.0.1.0/24"], "y": ["10.0.0.0/24"]})
        self.build(self.PLAN % ("10.0.0.0/16", more), "--locked")

    def test_instances_and_calls_have_their_own(self):
        program = """component c {
  input first: Int
  let both = [cidr_plan(10.0.0.0/16, { a: { prefix: first, count: 1 } }), cidr_plan(10.0.0.0/16, { a: { prefix: 28, count: 1 } })]
  AWS::SSM::Parameter p { Type: "String", Value: to_json(both) }
}
""" + ONE % "c one { first: 24 }\n  c two { first: 20 }"
        self.build(program)
        self.assertEqual([line for line in self.lines() if line.startswith("range")], [
            "range data/one/both 10.0.0.0/16 a 10.0.0.0/24", "range data/one/both#2 10.0.0.0/16 a 10.0.0.0/28",
            "range data/two/both 10.0.0.0/16 a 10.0.0.0/20", "range data/two/both#2 10.0.0.0/16 a 10.0.0.0/28"])
        self.build(program, "--locked")

    def test_workers_count_calls_as_one_process_does(self):
        calls = [f'cidr_plan(10.0.0.0/16, {{ a: {{ prefix: 24, count: 1 }}, {name}: {{ prefix: 24, count: 1 }} }})' for name in "bcd"]
        program = """platform fleet {}
for i in 0..<60 { account member[i] { id: "${100000000000 + i}", region: "eu-west-1", labels: { number: i } } }
stack s in member[*] {
  let plan = if target.labels.number < 20 then %s else if target.labels.number < 30 then %s else %s
  AWS::SSM::Parameter p { Type: "String", Value: "${to_json(plan)} ${target.labels.number}" }
}
""" % tuple(calls)
        self.build(program, "-j", "0")
        alone = self.lock()
        self.assertEqual([line.split()[1] for line in self.lines() if line.startswith("range")], ["s/plan"] * 2 + ["s/plan#2"] * 2 + ["s/plan#3"] * 2)
        for jobs in "1", "3":
            self.write("mlops.lock", "mlops.lock 1\n")
            self.build(program, "-j", jobs)
            self.assertEqual(self.lock(), alone)

    def test_workers_tell_what_they_gave(self):
        program = """platform fleet {}
for i in 0..<60 { account member[i] { id: "${100000000000 + i}", region: "eu-west-1", labels: { number: i } } }
stack s in member[*] {
  let plan = cidr_plan(%s, { a: { prefix: 24, count: 1 + target.labels.number %% 2 } %s })
  AWS::SSM::Parameter p { Type: "String", Value: "${to_json(plan)} ${target.labels.number}" }
}
"""
        for cidr in 'cidr_subnets(10.0.0.0/8, 60, 16)[target.labels.number]', "10.0.0.0/16":
            self.write("mlops.lock", "mlops.lock 1\n")
            self.build(program % (cidr, ""), "-j", "0")
            for jobs in "1", "3":
                self.build(program % (cidr, ""), "-j", jobs, "--locked")
            before = self.lock()
            self.build(program % (cidr, ", b: { prefix: 24, count: 1 }"), "-j", "0")
            after = self.lock()
            self.write("mlops.lock", before)
            self.build(program % (cidr, ", b: { prefix: 24, count: 1 }"), "-j", "3")
            self.assertEqual(self.lock(), after)


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
