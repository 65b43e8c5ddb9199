#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`explain` for messages, the language's own words and the standard library; all its examples are compiled: explain.py MLOPSC [TEST…]"""
import glob
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from run import Case, support  # noqa: E402

SEMA = os.path.join(support.ROOT, "compiler", "sema")
NOT_SUPPORTED = "ML0020"


def table(name, macro):
    """The rows of a table: what stands between the macro's parentheses."""
    return re.findall(rf"^{macro}\((.*)\)$", support.read(os.path.join(SEMA, name)), re.M)


def indented(text, heading):
    """The block that is indented by four blanks, after a line."""
    block = re.search(rf"^{heading}\n\n((?:    .*\n|\n)+)", text, re.M)
    return re.sub(r"^    ", "", block[1], flags=re.M).rstrip("\n") + "\n"


class Messages(Case):
    def test_all_are_listed(self):
        lines = self.run_it("explain", "--list", code=0).out.splitlines()
        written = "".join(support.read(p) for p in glob.glob(os.path.join(support.ROOT, "compiler", "diag", "messages", "*.txt")))
        heads = re.findall(r"^== (ML\d{4}) (error|warning|note) \S+\n(.*)$", written, re.M)
        self.assertGreater(len(heads), 50)
        self.assertEqual([tuple(line.split(None, 2)) for line in lines], sorted(heads))

    def test_listing_takes_no_name(self):
        self.wrong_usage("explain", "--list", "ML0001", says="--list lists all messages")
        self.wrong_usage("check", "--list", says="`check` has no option --list")


class Builtins(Case):
    def test_every_example_is_true(self):
        rows = table("builtins.def", "MO_BUILTIN")
        self.assertGreater(len(rows), 40)
        for row in rows:
            name, parameters = re.match(r'\w+, (\w+), "(.*?)"', row).groups()
            text = self.run_it("explain", name, code=0).out
            self.assertTrue(text.startswith(name + "("), text)
            for parameter in parameters.split(", "):
                self.assertRegex(text.split("\n")[0], rf"\b{parameter}\b")
            with self.subTest(name):
                if "refuses it" in text:
                    self.refused(name, row)
                elif "known only when CloudFormation runs" in text:
                    self.compiles(text)
                elif "\nis\n" not in text:  # a program
                    self.write("main.mlops", indented(text, "For example"))
                    self.run_it("build", "-o", "out", code=0)
                else:
                    self.holds(text)

    def holds(self, text):
        where = re.search(r"^where (\S+) holds$", text, re.M)
        held = indented(text, re.escape(where[0])) if where else ""
        program = held if where and where[1] == "main.mlops" else ""
        if where and not program:
            self.write(where[1], held)
        expression, value = indented(text, "For example").rstrip(), indented(text, "is").rstrip()
        self.write("main.mlops", f'{program}assert ({expression}) == {value}, "not so"\n')
        self.run_it("check", code=0)
        self.write("main.mlops", f'{program}assert ({expression}) != {value}, "not so"\n')
        self.run_it("check", code=1)

    def compiles(self, text):
        where = re.search(r"^where (\S+) holds$", text, re.M)
        self.write("main.mlops", (indented(text, re.escape(where[0])) if where else "") + 'account dev { id: "222222222222", region: "eu-west-1" }\n'
                   f'stack s in dev {{ AWS::SNS::Topic topic {{ DisplayName: {indented(text, "For example").rstrip()} }} }}\n')
        self.run_it("check", code=0)

    def refused(self, name, row):
        arguments = ", ".join(['"a"'] * int(re.search(r'", (\d+), \d+, "', row)[1]))
        self.write("main.mlops", f"let x = {name}({arguments})\n")
        self.assertIn(NOT_SUPPORTED, self.run_it("check", code=1).err)

    def test_optional_parameters(self):
        self.assertTrue(self.run_it("explain", "slice", code=0).out.startswith("slice(of, from [, to]), a built-in function: "))
        self.assertTrue(self.run_it("explain", "merge", code=0).out.startswith("merge(a, b, ...), "))

    def test_the_nearest(self):
        self.wrong_usage("explain", "revrese", says="did you mean `reverse`?")


class Intrinsics(Case):
    def test_all_of_them(self):
        rows = table("intrinsics.def", "MO_INTRINSIC")
        self.assertGreater(len(rows), 20)
        for row in rows:
            name, parameters = re.match(r'\w+, "(Fn::\w+)", "(.*?)"', row).groups()
            self.assertTrue(self.run_it("explain", name, code=0).out.startswith(f"{name}({parameters}), a function of CloudFormation: "))

    def test_the_nearest(self):
        self.wrong_usage("explain", "Fn::Joyn", says=("no function `Fn::Joyn`", "did you mean `Fn::Join`?"))


class Decorators(Case):
    def test_every_example_compiles(self):
        rows = table("decorators.def", "MO_DECORATOR")
        self.assertGreater(len(rows), 20)
        for row in rows:
            name = re.match(r'(\w+), "[*\w]+", \d+, \d+, "', row)[1]
            text = self.run_it("explain", "@" + name, code=0).out
            with self.subTest(name):
                example = indented(text, "For example")
                self.assertIn("@" + name, example)
                self.write("main.mlops", example)
                self.assertNotIn("warning", self.run_it("check", code=0).err)

    def test_what_it_tells(self):
        text = self.run_it("explain", "@group", code=0).out
        self.assertIn("\nStands before: parameters\nTakes: 1 argument\n", text)
        self.wrong_usage("explain", "@retian", says=("no decorator `@retian`", "did you mean `@retain`?"))


class Library(Case):
    def test_a_component(self):
        text = self.run_it("explain", "vpc", code=0).out
        self.assertTrue(text.startswith("vpc, a component of std/network\n\nA VPC in tiers. "), text)
        self.assertIn("\n  zones: Int(1..6) = 3\n      How many availability zones", text)
        self.assertIn("\n  cidr: Cidr\n      The range of the VPC.\n", text)
        self.assertIn("\n  id: Ref<AWS::EC2::VPC>\n      The VPC's id.\n", text)
        self.assertEqual(text, self.run_it("explain", "std/network.vpc", code=0).out)

    def test_functions_and_types(self):
        self.assertIn("\n    fn policy(statements: [statement]) -> Json\n", self.run_it("explain", "policy", code=0).out)
        self.assertIn('\n    type reach = "none" | "nat" | "public"\n', self.run_it("explain", "reach", code=0).out)

    def test_a_name_that_stands_for_two_things(self):
        text = self.run_it("explain", "service", code=0).out
        self.assertIn("service(name), a built-in function", text)
        self.assertIn("\n\nservice, a type of std/iam\n", text)

    def test_every_documented_declaration_is_found(self):
        """What the files say, read here with a pattern, is what `explain` knows."""
        found = 0
        for path in sorted(glob.glob(os.path.join(support.ROOT, "stdlib", "*.mlops"))):
            module = "std/" + os.path.basename(path).removesuffix(".mlops")
            text = self.run_it("explain", module, code=0).out
            self.assertTrue(text.startswith(module + ": "), text)
            named = re.findall(r"^///.*\n(?:component|fn|type) (\w+)", support.read(path), re.M)
            self.assertEqual(sorted(re.findall(r"^  (\w+)\n      ", text, re.M)), sorted(named))
            for name in named:
                told = self.run_it("explain", f"{module}.{name}", code=0).out
                self.write("main.mlops", re.search(r"^    (import .*\n)", told, re.M)[1])
                self.run_it("check", code=0)
                found += 1
        self.assertGreater(found, 25)

    def test_the_nearest(self):
        self.wrong_usage("explain", "vcp", says="did you mean `vpc`?")
        self.wrong_usage("explain", "std/netwrk", says="did you mean `std/network`?")
        self.wrong_usage("explain", "std/network.vcp", says="did you mean `std/network.vpc`?")


class Permissions(Case):
    PROGRAM = """account dev { id: "222222222222", region: "eu-west-1" }
stack models in dev {
  AWS::IAM::Role reader {}
  AWS::S3::Bucket store {}
  allow service("lambda") to assume on reader
  allow reader to list on store
  allow reader to list on store
}
"""

    def test_a_policy(self):
        self.write("main.mlops", self.PROGRAM)
        text = self.run_it("explain", "models-dev.ReaderPolicy", code=0).out
        self.assertEqual(text.splitlines(), [
            "models-dev.ReaderPolicy, AWS::IAM::Policy",
            "",
            "allow s3:ListBucket, s3:GetBucketLocation on ${Store.Arn}",
            "    main.mlops:6:3: allow reader to list on store",
            "    main.mlops:7:3: allow reader to list on store",
        ])
        self.assertEqual(text.split("\n", 1)[1], self.run_it("explain", "models.ReaderPolicy", code=0).out.split("\n", 1)[1])
        self.assertIn("main.mlops:5:3: allow service", self.run_it("explain", "models.Reader", "--in", ".", code=0).out)

    def test_a_policy_of_a_template(self):
        self.write("main.mlops", self.PROGRAM.replace("stack models in dev", "template product for dev"))
        text = self.run_it("explain", "product.ReaderPolicy", code=0).out
        self.assertIn("main.mlops:6:3: allow reader to list on store", text)

    def test_what_has_none(self):
        self.write("main.mlops", self.PROGRAM)
        self.assertIn("declared at main.mlops:4:19.", self.run_it("explain", "models.Store", code=0).out)
        self.wrong_usage("explain", "models.ReadrPolicy", says="did you mean `models.ReaderPolicy`?")
        self.wrong_usage("explain", "nowhere.ReaderPolicy", says="the program has no stack or template `nowhere`")

    def test_a_program_with_mistakes(self):
        self.write("main.mlops", self.PROGRAM.replace("store {}", "store { Nam: 1 }"))
        self.assertIn("error[ML0202]", self.run_it("explain", "models.ReaderPolicy", code=1).err)


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
