#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values for the program's inputs, from the command line and from files: inputs.py MLOPSC [TEST…]"""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Case, support  # noqa: E402

PROGRAM = """platform acme {}
input count: Int(1..100) = 3
input double: Int = count * 2
input stage: "dev" | "prod"
input range: Cidr = 10.0.0.0/16
input wait: Duration? = none
input users: [{ name: String, role: String = "lead" }] = []
input names: Map<String, String> = {}
input owner: String = "me"
input flag: Bool = false
input free: Json = none
input either: String | [String] = "a"
account main { id: "111111111111", region: "eu-west-1" }
stack x in main {
  AWS::SNS::Topic t {
    DisplayName: "${count} ${double} ${stage} ${range} ${(wait ?? 1min).seconds} ${owner} ${if flag then "yes" else "no"}"
  }
  output all = to_json({ users: users, names: names, free: free, either: either })
}
"""


class Inputs(Case):
    def setUp(self):
        super().setUp()
        self.write("main.mlops", PROGRAM)

    def build(self, *arguments):
        template = json.loads(self.run_it("build", "--stdout", *arguments, code=0).out)
        return template["Resources"]["T"]["Properties"]["DisplayName"], json.loads(template["Outputs"]["All"]["Value"])

    def wrong(self, *arguments, codes, says=()):
        result = self.run_it("check", "--diagnostics", "json", *arguments, code=1)
        found = [json.loads(line) for line in result.err.splitlines()]
        self.assertEqual(sorted(d["code"] for d in found), sorted(codes), result.err)
        for text in (says,) if isinstance(says, str) else says:
            self.assertIn(text, result.err)
        return found

    def test_defaults(self):
        self.assertEqual(self.build("-D", "stage=dev")[0], "3 6 dev 10.0.0.0/16 60 me no")

    def test_text_is_read_as_the_type_that_is_wanted(self):
        text, _ = self.build("-Dstage=prod", "-D", "count=007", "-D", "range=10.1.0.0/16", "--define", "wait=30s", "--define=owner=012",
                             "-D", "flag=true")
        self.assertEqual(text, "7 14 prod 10.1.0.0/16 30 012 yes")

    def test_texts_that_look_like_something_else(self):
        for value in ("", "null", "~", "true", "1e3", "a=b", '"quoted"', "99999999999999999999", "{}", " x "):
            self.assertEqual(self.build("-D", "stage=dev", "-D", "owner=" + value)[0], f"3 6 dev 10.0.0.0/16 60 {value} no")

    def test_an_optional_input_can_be_none(self):
        self.assertEqual(self.build("-D", "stage=dev", "-D", "wait=null")[0], "3 6 dev 10.0.0.0/16 60 me no")

    def test_structure_is_json(self):
        _, data = self.build("-D", "stage=dev", "-D", 'users=[{"name": "ana"}, {"name": "bo", "role": "x"}]', "-D", 'names={"a": "b"}',
                             "-D", "free=[1, null, {}]", "-D", 'either=["x", "y"]')
        self.assertEqual(data, {"users": [{"name": "ana", "role": "lead"}, {"name": "bo", "role": "x"}], "names": {"a": "b"},
                                "free": [1, None, {}], "either": ["x", "y"]})

    def test_a_file_of_values(self):
        self.write("v.yml", "stage: prod\ncount: 5\nusers:\n  - name: 012\nowner: 1.10\nrange: 10.2.0.0/16\n")
        text, data = self.build("--values", "v.yml")
        self.assertEqual(text, "5 10 prod 10.2.0.0/16 60 1.10 no")
        self.assertEqual(data["users"], [{"name": "012", "role": "lead"}])
        self.write("v.json", '{"stage": "dev", "wait": "2h", "flag": true}')
        self.assertEqual(self.build("--values", "v.json")[0], "3 6 dev 10.0.0.0/16 7200 me yes")
        self.write("empty.yml", "# nothing yet\n")
        self.build("--values", "empty.yml", "-D", "stage=dev")

    def test_the_command_line_wins_over_the_file(self):
        self.write("v.yml", "stage: prod\ncount: not read\n")
        self.assertEqual(self.build("--values", "v.yml", "-D", "count=2")[0], "2 4 prod 10.0.0.0/16 60 me no")

    def test_values_from_standard_input(self):
        result = self.run_it("check", "--values", "-", code=0, stdin="stage: dev\n")
        self.assertIn("checked", result.err)
        self.wrong_usage("check", "-", "--values", "-", says="standard input")

    def test_missing(self):
        found = self.wrong(codes=["ML0313"], says=("the input `stage` has no value", "-D stage="))
        self.assertEqual((found[0]["line"], found[0]["column"]), (4, 7))

    def test_unknown_names(self):
        # what is meant is not missing as well
        self.wrong("-D", "stagee=dev", codes=["ML0312"], says=("no input `stagee`", "did you mean `stage`?"))
        self.wrong("-D", "stage=dev", "-D", "zzz=1", codes=["ML0312"], says="input zzz: String")
        self.write("v.yml", "stage: dev\n# no such thing\ncuont: 5\n")
        found = self.wrong("--values", "v.yml", codes=["ML0312"], says="did you mean `count`?")
        self.assertEqual((found[0]["path"], found[0]["line"]), ("v.yml", 3))

    def test_wrong_types_point_into_the_value_and_at_the_input(self):
        found = self.wrong("-D", "stage=dv", "-D", "count=many", codes=["ML0204", "ML0200"], says='did you mean \\"dev\\"?')
        for d, column in zip(sorted(found, key=lambda d: d["column"]), (7, 7)):
            self.assertEqual((d["path"], d["line"], d["column"]), ("-D", 1, column))
            self.assertIn("declared here", [label["text"] for label in d["labels"]])
        self.wrong("-D", "stage=dev", "-D", "count=101", codes=["ML0205"])
        self.wrong("-D", "stage=dev", "-D", "range=10.0.0.1/8", codes=["ML0204"])
        self.wrong("-D", "stage=dev", "-D", "count=", codes=["ML0200"])
        self.wrong("-D", "stage=dev", "-D", "users=ana", codes=["ML0732"], says="written as JSON")
        self.wrong("-D", "stage=dev", "-D", 'users=[{"nam": "ana"}]', codes=["ML0202"], says="did you mean `name`?")
        self.write("v.yml", "stage: dev\nusers:\n  - { name: ana }\n  - { role: x }\n")
        found = self.wrong("--values", "v.yml", codes=["ML0201"], says="needs `name`")
        self.assertEqual((found[0]["path"], found[0]["line"]), ("v.yml", 4))

    def test_files_that_are_none(self):
        result = self.run_it("check", "--values", "none.yml", code=3)
        self.assertIn("cannot read `none.yml`", result.err)
        self.write("list.json", "[1]")
        self.wrong("--values", "list.json", codes=["ML0200"])
        self.write("bad.yml", "a: [\n")
        self.wrong("--values", "bad.yml", codes=["ML0731"])
        self.write("twice.yml", "stage: dev\nstage: prod\n")
        self.wrong("--values", "twice.yml", codes=["ML0731"])

    def test_wrong_usage(self):
        self.wrong_usage("check", "-D", "a=1", "-D", "a=2", says="`a` is given twice with -D")
        self.wrong_usage("check", "-D", "=1", says="-D wants NAME=VALUE")
        self.wrong_usage("check", "-D", "a", says="-D wants NAME=VALUE")
        self.wrong_usage("check", "-D", says="wants an argument")
        self.wrong_usage("version", "-D", "a=1", says="no option --define")

    def test_declarations(self):
        def wrong(text, *codes):
            self.write("main.mlops", "platform acme {}\n" + text)
            self.wrong(codes=codes)
        wrong("input a: AWS::KMS::Key\n", "ML0226")
        wrong("input a: [Account]\n", "ML0226")
        wrong("input a: String = aws.region\n", "ML0214")
        wrong('input a: Int = "x"\n', "ML0200")
        wrong("input a: Int = b\ninput b: Int = a\n", "ML0501")
        wrong("input a = 1\n", "ML0226")

    def test_inputs_of_other_files(self):
        self.write("main.mlops", 'platform acme {}\nimport "./size.mlops" { size }\naccount a { id: "111111111111", region: "eu-west-1" }\n'
                   'stack s in a { AWS::SNS::Topic t { DisplayName: "${size}" } }\n')
        self.write("size.mlops", "input size: Int\n")
        self.run_it("check", "-D", "size=3", code=0)
        self.wrong(codes=["ML0313"])
        self.write("size.mlops", "input size: Int = 1\n")
        self.write("main.mlops", 'platform acme {}\nimport "./size.mlops" as sizes\ninput size: Int = 2\nlet _both = sizes.size + size\n')
        self.wrong(codes=["ML0302"], says="two inputs `size`")

    def test_what_other_tools_see(self):
        self.write("v.yml", "stage: dev\n")
        self.run_it("build", "--values", "v.yml", "-D", "wait=90s", "-D", "count=4", "-o", "out", "--platform-json", "--depfile", "d", code=0)
        inputs = {i["name"]: i for i in json.loads(support.read(os.path.join(self.folder, "out", "platform.json")))["inputs"]}
        self.assertEqual(list(inputs), ["count", "double", "stage", "range", "wait", "users", "names", "owner", "flag", "free", "either"])
        self.assertEqual({n: i["value"] for n, i in inputs.items()}, {
            "count": 4, "double": 8, "stage": "dev", "range": "10.0.0.0/16", "wait": "90s", "users": [], "names": {}, "owner": "me",
            "flag": False, "free": None, "either": "a"})
        self.assertEqual(inputs["stage"]["given"], {"file": "v.yml", "line": 1, "column": 1})
        self.assertEqual(inputs["count"]["given"]["file"], "-D")
        self.assertIsNone(inputs["owner"]["given"])
        self.assertEqual(inputs["owner"]["source"], {"file": "main.mlops", "line": 9, "column": 7})
        self.assertIn("/v.yml", support.read(os.path.join(self.folder, "d")))


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
