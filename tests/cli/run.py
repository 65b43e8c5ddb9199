#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line, as a user or a script meets it: run.py MLOPSC [TEST…]"""
import glob
import json
import os
import pty
import re
import resource
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import support  # noqa: E402

GOOD = "platform acme {}\n"
COMPONENT_WITH_INPUT = """account dev { id: "222222222222", region: "eu-west-1" }
component store {
  input name: String
  AWS::S3::Bucket this { BucketName: name, Tags: [{ Key: "a", Value: "b/~" }] }
}
stack s in dev {
store data { name: "acme-data" }
}
"""
ONE_STACK = """platform acme {}
account dev { id: "222222222222", region: "eu-west-1" }
stack net in dev { AWS::EC2::VPC main { CidrBlock: 10.0.0.0/16 } }
"""
TWO_STACKS = """platform acme {}
account dev { id: "222222222222", region: "eu-west-1" }
account prod { id: "444444444444", region: "eu-west-1" }
stack net in [dev, prod] { AWS::EC2::VPC main { CidrBlock: 10.0.0.0/16 } }
stack app in dev {
  AWS::SNS::Topic alerts {}
  AWS::EC2::SecurityGroup group { GroupDescription: "g", VpcId: net.main }
}
"""
BAD = "platform acme {}\nlet = 1\n"             # one syntax error, on line 2
BAD_MANY = "platform acme {}\n" + "let = 1\n" * 30
ESCAPE = "\x1b["


class Case(unittest.TestCase):
    mlopsc = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def write(self, name, text):
        return support.write(self.folder, name, text)

    def run_it(self, *arguments, code, **more):
        result = support.run(self.mlopsc, arguments, cwd=self.folder, **more)
        self.assertEqual(result.code, code, f"mlopsc {' '.join(arguments)}\n{result.out}{result.err}")
        return result

    def wrong_usage(self, *arguments, says):
        result = self.run_it(*arguments, code=2)
        self.assertEqual(result.out, "")
        self.assertEqual(result.err.count("\n"), 1, result.err)
        self.assertTrue(result.err.startswith("mlopsc: "), result.err)
        for text in says if isinstance(says, tuple) else (says,):
            self.assertIn(text, result.err)


class Usage(Case):
    def test_no_command(self):
        self.wrong_usage(says=("which command?", "mlopsc help"))

    def test_unknown_command(self):
        self.wrong_usage("biuld", says="did you mean `build`?")
        self.wrong_usage("xyzzy", says="try `mlopsc help`")
        self.wrong_usage("", says="there is no command ``")

    def test_unknown_option(self):
        self.wrong_usage("build", "--stdlb=x", says=("no option --stdlb", "did you mean `--stdlib`?"))
        self.wrong_usage("build", "--xyzzy", says=("no option --xyzzy", "try `mlopsc help build`"))
        self.wrong_usage("build", "-x", says="no option -x")
        self.wrong_usage("--color", "build", says="the command comes before its options")

    def test_option_of_another_command(self):
        self.wrong_usage("check", "--out", "x", says=("`check` has no option --out", "`build`"))
        self.wrong_usage("check", "-o", "x", says="`check` has no option --out")
        self.wrong_usage("version", "--color", "never", says="`version` has no option --color")

    def test_arguments_of_options(self):
        self.wrong_usage("build", "--out", says="--out wants an argument: DIR")
        self.wrong_usage("build", "-o", says="--out wants an argument: DIR")
        self.wrong_usage("build", "--out=", says="not an empty text")
        self.wrong_usage("build", "--help=yes", says="--help takes no argument")
        self.wrong_usage("build", "--max-errors", "many", says="wants a number, not `many`")
        self.wrong_usage("build", "--max-errors=-1", says="wants a number")
        self.wrong_usage("build", "--max-errors=99999999999", says="wants a number")
        self.wrong_usage("check", "--color", "alway", says=("auto, always, never", "did you mean `always`?"))
        self.wrong_usage("check", "--diagnostics", "xml", says="human, json")
        self.wrong_usage("build", "--stop-after", "pars", says=("parse, names, types, lower", "did you mean `parse`?"))

    def test_operands(self):
        self.wrong_usage("build", "a", "b", says="takes one argument; `b` is too much")
        self.wrong_usage("version", "a", says="takes no arguments")
        self.wrong_usage("explain", says="wants an argument: [CODE|NAME|TYPE|STACK.ID]")
        self.wrong_usage("build", "", says="is empty")

    def test_control_characters_are_escaped(self):
        self.wrong_usage("a\x1b[31m\n", says="a\\u{1b}[31m\\n")


class Help(Case):
    def test_every_command_and_option_is_told(self):
        text = self.run_it("help", code=0).out
        self.assertEqual(text, self.run_it("--help", code=0).out)
        self.assertEqual(text, self.run_it("-h", code=0).out)
        commands = re.findall(r"^  (\w+)", text, re.M)
        self.assertGreaterEqual(set(commands), {"build", "check", "explain", "version", "help"})
        for command in commands:
            told = self.run_it("help", command, code=0).out
            self.assertTrue(told.startswith(f"usage: mlopsc {command} "), told)
            self.assertEqual(told, self.run_it(command, "--help", code=0).out)
            self.assertEqual(told, self.run_it(command, "-h", code=0).out)
            self.assertLessEqual(max(map(len, told.split("\n"))), 140)

    def test_options_of_help_are_real(self):
        """Every option that help names is accepted: none is only text."""
        told = self.run_it("help", "build", code=0).out
        for option in re.findall(r"^  (?:-\w, )?(--[\w-]+)", told, re.M):
            result = support.run(self.mlopsc, ["build", option], cwd=self.folder)
            self.assertNotIn("no option", result.err)

    def test_help_of_nothing(self):
        self.wrong_usage("help", "chek", says="did you mean `check`?")

    def test_version(self):
        first = self.run_it("version", code=0).out
        self.assertRegex(first, r"^mlopsc \d+\.\d+\.\d+( \([0-9a-f]+(-dirty)?\))?\n$")
        self.assertEqual(first, self.run_it("--version", code=0).out)


class Input(Case):
    def test_a_good_program_says_one_line(self):
        self.write("p/main.mlops", GOOD)
        for argument in "p", "p/main.mlops":
            result = self.run_it("check", argument, code=0)
            self.assertEqual(result.out, "")
            self.assertEqual(result.err, f"checked `{argument}`: 0 stacks, 0 templates, 0 resources\n")

    def test_the_current_folder_is_the_default(self):
        self.write("main.mlops", BAD)
        result = self.run_it("check", code=1)
        self.assertIn(" --> main.mlops:2:5\n", result.err)

    def test_stopping_after_parse_finds_the_same_file(self):
        self.write("main.mlops", BAD)
        os.mkdir(os.path.join(self.folder, "empty"))
        self.assertIn(" --> main.mlops:2:5\n", self.run_it("check", "--stop-after=parse", code=1).err)
        self.assertIn("error[ML0007]", self.run_it("check", "--stop-after=parse", "empty", code=3).err)

    def test_paths_are_shown_as_they_were_typed(self):
        self.write("p/main.mlops", BAD)
        self.assertIn(" --> p/main.mlops:2:5\n", self.run_it("check", "p", code=1).err)
        self.assertIn(" --> p/main.mlops:2:5\n", self.run_it("check", "p/main.mlops", code=1).err)
        absolute = os.path.join(self.folder, "p/main.mlops")
        self.assertIn(f" --> {absolute}:2:5\n", self.run_it("check", absolute, code=1).err)

    def test_standard_input(self):
        self.run_it("check", "-", stdin=GOOD, code=0)
        self.assertIn(" --> -:2:5\n", self.run_it("check", "-", stdin=BAD, code=1).err)
        self.run_it("check", "-", stdin="", code=0)

    def test_two_dashes_end_the_options(self):
        self.write("--help", GOOD)
        self.assertIn("checked", self.run_it("check", "--", "--help", code=0).err)

    def test_what_cannot_be_read(self):
        self.assertIn("error[ML0001]: cannot read `nosuch.mlops`: No such file", self.run_it("check", "nosuch.mlops", code=3).err)
        os.mkdir(os.path.join(self.folder, "empty"))
        self.assertIn("error[ML0007]", self.run_it("check", "empty", code=3).err)
        os.mkfifo(os.path.join(self.folder, "pipe"))
        self.assertIn("error[ML0002]: `pipe` is not a regular file", self.run_it("check", "pipe", code=3).err)

    def test_a_file_without_permission(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        os.chmod(self.write("secret.mlops", GOOD), 0)
        self.assertIn("Permission denied", self.run_it("check", "secret.mlops", code=3).err)

    def test_what_is_no_text(self):
        result = self.run_it("check", "-", stdin=b"let a = 1\nlet b\x00 = 2\n", code=1)
        self.assertIn("error[ML0004]", result.err)
        self.assertIn(" --> -:2:6\n", result.err)
        result = self.run_it("check", "-", stdin=b"// caf\xe9\n", code=1)
        self.assertIn("error[ML0005]: `-` is not UTF-8: byte 0xE9 does not fit", result.err)
        self.assertIn(" --> -:1:7\n", result.err)

    def test_a_file_that_is_too_large(self):
        with open(os.path.join(self.folder, "large.mlops"), "wb") as f:
            f.truncate((64 << 20) + 1)
        self.assertIn("error[ML0003]", self.run_it("check", "large.mlops", code=1).err)

    def test_closed_standard_input(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" check - <&-', self.mlopsc], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("error[ML0001]: cannot read `-`", done.stderr)


class Diagnostics(Case):
    def setUp(self):
        super().setUp()
        self.write("bad.mlops", BAD)
        self.write("many.mlops", BAD_MANY)

    def on_terminal(self, *arguments, env):
        """What goes to a terminal on standard error."""
        main, end = pty.openpty()
        clean = {"PATH": os.environ["PATH"], "TERM": "xterm", **env}
        done = subprocess.Popen([self.mlopsc, *arguments], stderr=end, stdout=subprocess.DEVNULL, cwd=self.folder, env=clean)
        os.close(end)
        text = b""
        try:
            while chunk := os.read(main, 4096):
                text += chunk
        except OSError:  # the other end is closed
            pass
        os.close(main)
        self.assertEqual(done.wait(), 1)
        return text.decode()

    def test_colours(self):
        self.assertNotIn(ESCAPE, self.run_it("check", "bad.mlops", code=1).err)
        self.assertNotIn(ESCAPE, self.run_it("check", "--color=never", "bad.mlops", code=1).err)
        self.assertIn(ESCAPE, self.run_it("check", "--color=always", "bad.mlops", code=1).err)
        self.assertIn(ESCAPE, self.run_it("check", "--color=always", "bad.mlops", code=1, env={"NO_COLOR": "1"}).err)

    def test_colours_on_a_terminal(self):
        self.assertIn(ESCAPE, self.on_terminal("check", "bad.mlops", env={}))
        self.assertIn(ESCAPE, self.on_terminal("check", "bad.mlops", env={"NO_COLOR": ""}))
        self.assertNotIn(ESCAPE, self.on_terminal("check", "bad.mlops", env={"NO_COLOR": "1"}))
        self.assertNotIn(ESCAPE, self.on_terminal("check", "bad.mlops", env={"TERM": "dumb"}))
        self.assertNotIn(ESCAPE, self.on_terminal("check", "--color", "never", "bad.mlops", env={}))

    def test_colours_change_nothing_else(self):
        plain = self.run_it("check", "bad.mlops", code=1).err
        coloured = self.run_it("check", "--color=always", "bad.mlops", code=1).err
        self.assertEqual(re.sub(r"\x1b\[[0-9;]*m", "", coloured), plain)

    def test_json(self):
        result = self.run_it("check", "--diagnostics=json", "bad.mlops", code=1)
        self.assertEqual(result.out, "")
        [got] = result.diagnostics()
        self.assertEqual((got["path"], got["line"], got["column"], got["severity"]), ("bad.mlops", 2, 5, "error"))
        self.assertEqual(BAD.encode()[got["start"]:got["end"]], b"=")
        self.assertRegex(got["code"], r"^ML\d{4}$")
        self.assertEqual(set(got), {"path", "line", "column", "end_line", "end_column", "start", "end", "severity", "code", "slug", "message",
                                    "here", "labels", "notes", "help", "fixes"})

    def test_json_of_a_good_program_is_empty(self):
        result = self.run_it("check", "--diagnostics", "json", "-", stdin=GOOD, code=0)
        self.assertEqual((result.out, result.err), ("", ""))

    def test_json_without_a_place(self):
        [got] = self.run_it("check", "--diagnostics", "json", "nosuch", code=3).diagnostics()
        self.assertEqual((got["path"], got["line"], got["code"]), (None, None, "ML0001"))

    def test_max_errors(self):
        def shown(*arguments):
            text = self.run_it("check", *arguments, "many.mlops", code=1).err
            return len(re.findall(r"^error\[", text, re.M)), text
        count, text = shown()
        self.assertEqual(count, 20)
        self.assertIn("\nand 10 more errors; --max-errors 0 shows all\n30 errors\n", text)
        self.assertEqual(shown("--max-errors", "3")[0], 3)
        self.assertEqual(shown("--max-errors=0")[0], 30)
        self.assertEqual(shown("--max-errors=3", "--max-errors=4")[0], 4)
        self.assertEqual(len(self.run_it("check", "--diagnostics=json", "many.mlops", code=1).diagnostics()), 30)
        self.assertEqual(len(self.run_it("check", "--diagnostics=json", "--max-errors=2", "many.mlops", code=1).diagnostics()), 2)

    def test_the_end_says_how_many_and_where_to_read(self):
        text = self.run_it("check", "bad.mlops", code=1).err
        self.assertRegex(text, r"\n1 error\nfor more: mlopsc explain ML\d{4}\n$")


class Sarif(Case):
    """The log against the parts of SARIF 2.1.0 (OASIS standard) that it uses, and against --diagnostics json."""

    # Object: {member: whether it must be there}. Nothing else may be there.
    SHAPES = {
        "log": {"$schema": True, "version": True, "runs": True},
        "run": {"tool": True, "columnKind": True, "results": True},
        "driver": {"name": True, "version": True, "semanticVersion": True, "rules": True},
        "rule": {"id": True, "name": True, "shortDescription": True, "fullDescription": True, "defaultConfiguration": True, "help": True},
        "result": {"ruleId": True, "ruleIndex": True, "level": True, "message": True, "locations": True, "relatedLocations": False, "fixes": False},
        "location": {"id": False, "physicalLocation": True, "message": False},
        "physicalLocation": {"artifactLocation": True, "region": True},
        "region": {"startLine": True, "startColumn": True, "endLine": True, "endColumn": True},
        "fix": {"description": False, "artifactChanges": True},
        "change": {"artifactLocation": True, "replacements": True},
        "replacement": {"deletedRegion": True, "insertedContent": True},
    }

    def shape(self, name, value):
        members = self.SHAPES[name]
        self.assertLessEqual(set(value), set(members), name)
        self.assertLessEqual({m for m, must in members.items() if must}, set(value), name)
        return value

    def text(self, message):
        self.assertEqual(list(message), ["text"])
        self.assertGreater(len(message["text"]), 0)
        return message["text"]

    def region(self, value):
        r = self.shape("region", value)
        numbers = tuple(r[m] for m in ("startLine", "startColumn", "endLine", "endColumn"))
        self.assertTrue(all(type(n) is int and n >= 1 for n in numbers), r)
        self.assertLessEqual(numbers[:2], numbers[2:])
        return numbers

    def uri(self, value):
        self.assertEqual(list(value), ["uri"])
        self.assertRegex(value["uri"], r"^(file://|mlopsc:)?([A-Za-z0-9._~/!$&'()*+,;=@-]|%[0-9A-F]{2})+$")
        return urllib.parse.unquote(re.sub(r"^(file://|mlopsc:)", "", value["uri"]))

    def place(self, location):
        """(path, start line, start column, end line, end column)"""
        self.shape("location", location)
        physical = self.shape("physicalLocation", location["physicalLocation"])
        return (self.uri(physical["artifactLocation"]), *self.region(physical["region"]))

    def replacements(self, fix):
        found = []
        self.shape("fix", fix)
        for change in fix["artifactChanges"]:
            self.shape("change", change)
            for r in change["replacements"]:
                self.shape("replacement", r)
                self.assertEqual(list(r["insertedContent"]), ["text"])
                found.append((self.uri(change["artifactLocation"]), *self.region(r["deletedRegion"]), r["insertedContent"]["text"]))
        self.assertEqual(len({self.uri(c["artifactLocation"]) for c in fix["artifactChanges"]}), len(fix["artifactChanges"]))
        return found

    def results(self, text):
        log = self.shape("log", json.loads(text))
        self.assertEqual((log["version"], len(log["runs"])), ("2.1.0", 1))
        run = self.shape("run", log["runs"][0])
        self.assertEqual((list(run["tool"]), run["columnKind"]), (["driver"], "unicodeCodePoints"))
        driver = self.shape("driver", run["tool"]["driver"])
        self.assertIn(f"mlopsc {driver['version']}", self.run_it("version", code=0).out)
        for rule in driver["rules"]:
            self.shape("rule", rule)
            self.assertIn(rule["defaultConfiguration"]["level"], ("error", "warning", "note"))
            for member in "shortDescription", "fullDescription", "help":
                self.text(rule[member])
        self.assertEqual([r["id"] for r in driver["rules"]], sorted({r["ruleId"] for r in run["results"]}))
        for result in run["results"]:
            self.shape("result", result)
            self.assertEqual(driver["rules"][result["ruleIndex"]]["id"], result["ruleId"])
            self.assertIn(result["level"], ("error", "warning", "note"))
        return run["results"]

    @staticmethod
    def json_place(d):
        return (d["path"], d["line"], d["column"], d["end_line"], d["end_column"])

    def same(self, result, d):
        self.assertEqual((result["ruleId"], result["level"]), (d["code"], d["severity"]))
        lines = [d["message"], *d["notes"], *([f"help: {d['help']}"] if d["help"] else [])]
        self.assertEqual(self.text(result["message"]), "\n".join(lines))
        self.assertEqual([self.place(p) for p in result["locations"]], [self.json_place(d)] if d["path"] else [])
        self.assertEqual([p.get("message", {}).get("text", "") for p in result["locations"]], [d["here"]] if d["path"] else [])
        labels = result.get("relatedLocations", [])
        self.assertEqual([(self.place(p), p["message"]["text"]) for p in labels], [(self.json_place(x), x["text"]) for x in d["labels"] if x["path"]])
        self.assertEqual(len({p["id"] for p in labels}), len(labels))
        fixes = [r for fix in result.get("fixes", []) for r in self.replacements(fix)]
        self.assertEqual(sorted(fixes), sorted((*self.json_place(x), x["replacement"]) for x in d["fixes"]))

    def compare(self, *arguments, **more):
        first = support.run(self.mlopsc, ["check", "--diagnostics=json", *arguments], cwd=self.folder, **more)
        second = self.run_it("check", "--diagnostics=sarif", *arguments, code=first.code, **more)
        results, diagnostics = self.results(second.err), first.diagnostics()
        self.assertEqual((second.out, len(results)), ("", len(diagnostics)))
        for result, d in zip(results, diagnostics):
            self.same(result, d)
        return len(results)

    def test_programs_with_mistakes(self):
        count = sum(self.compare(p) for p in sorted(glob.glob(os.path.join(support.ROOT, "tests/checks/*/bad.mlops"))))
        count += sum(self.compare(p) for p in sorted(glob.glob(os.path.join(support.ROOT, "tests/stdlib/errors/*.mlops"))))
        self.assertGreater(count, 30)

    def test_fixes_and_related_places(self):
        self.write("caf\xe9 %:#.mlops", ONE_STACK.replace("AWS::EC2::VPC main", "AWS::EC2::VCP main") + 'stack net in dev {}\n')
        self.assertGreater(self.compare("caf\xe9 %:#.mlops"), 0)

    def test_no_mistake_no_place_standard_input(self):
        self.assertEqual(self.compare("-", stdin=GOOD), 0)
        self.assertEqual(self.compare("nosuch"), 1)
        self.assertEqual(self.compare("-", stdin=BAD), 1)
        self.assertEqual(self.compare("-", "--max-errors=3", stdin=BAD_MANY), 3)


class Github(Case):
    def test_an_annotation(self):
        self.write("a,b:c.mlops", BAD)
        [d] = self.run_it("check", "--diagnostics=json", "a,b:c.mlops", code=1).diagnostics()
        result = self.run_it("check", "--diagnostics=github", "a,b:c.mlops", code=1)
        lines = [d["message"], *d["notes"], *([f"help: {d['help']}"] if d["help"] else [])]
        self.assertEqual(result.err, f"::error file=a%2Cb%3Ac.mlops,line=2,endLine=2,col=5,title={d['code']} {d['slug']}::"
                         + "%0A".join(lines).replace("%", "%25").replace("%250A", "%0A") + "\n")
        self.assertEqual(result.out, "")

    def test_without_a_place_and_without_mistakes(self):
        self.assertEqual(self.run_it("check", "--diagnostics=github", "nosuch", code=3).err,
                         "::error title=ML0001 cannot-read::cannot read `nosuch`: No such file or directory\n")
        self.assertEqual(self.run_it("check", "--diagnostics=github", "-", stdin=GOOD, code=0).err, "")

    def test_one_line_for_each(self):
        text = self.run_it("check", "--diagnostics=github", "--max-errors=4", "-", stdin=BAD_MANY, code=1).err
        self.assertEqual([line.split(" ")[0] for line in text.splitlines()], ["::error"] * 4)


class Explain(Case):
    def test_a_code(self):
        text = self.run_it("explain", "ML0001", code=0).out
        self.assertTrue(text.startswith("ML0001 cannot-read (error)\n"), text)
        self.assertEqual(text, self.run_it("explain", "ml0001", code=0).out)
        self.assertEqual(text, self.run_it("explain", "cannot-read", code=0).out)

    def test_no_such_code(self):
        self.wrong_usage("explain", "ML9999", says="there is no message, function or component `ML9999`")
        self.wrong_usage("explain", "cannot-raed", says="did you mean `cannot-read`?")

    def test_a_resource_type(self):
        text = self.run_it("explain", "AWS::EC2::Subnet", code=0).out
        self.assertIn("\nRef gives: SubnetId\n", text)
        self.assertRegex(text, r"\n  VpcId +Ref<AWS::EC2::VPC>; required; a change replaces the resource\n")
        self.assertRegex(text, r"\nAttributes:\n")
        required = [line for line in text.split("\n") if "; required" in line]
        self.assertEqual(text.split("the required ones first:\n")[1].split("\n")[:len(required)], required, "required properties come first")

    def test_property_types_and_properties(self):
        text = self.run_it("explain", "AWS::S3::Bucket", code=0).out
        self.assertIn("\n  AWS::S3::Bucket.Rule\n", text)
        self.assertRegex(self.run_it("explain", "AWS::S3::Bucket.Rule", code=0).out, r"\n  Status +\"Enabled\" \| \"Disabled\"; required\n")
        text = self.run_it("explain", "AWS::S3::Bucket.Rule.Status", code=0).out
        self.assertIn("\nRequired: yes\n", text)
        self.assertIn("\nAllowed values:\n  Enabled\n  Disabled\n", text)
        text = self.run_it("explain", "AWS::S3::Bucket.BucketName", code=0).out
        self.assertIn("\nUpdate: a change replaces the resource\n", text)
        self.assertIn("Wants: AWS::EC2::VPC, its ", self.run_it("explain", "AWS::EC2::Subnet.VpcId", code=0).out)

    def test_no_such_type(self):
        self.wrong_usage("explain", "AWS::S3::Bukcet", says=("no CloudFormation type `AWS::S3::Bukcet`", "did you mean `AWS::S3::Bucket`?"))
        self.wrong_usage("explain", "AWS::S3::Bucket.Rul", says="did you mean `AWS::S3::Bucket.Rule`?")
        self.wrong_usage("explain", "AWS::S3::Bucket.BucketNmae", says="did you mean `AWS::S3::Bucket.BucketName`?")
        self.wrong_usage("explain", "AWS::S3::Bucket.Rule.Staus", says="did you mean `AWS::S3::Bucket.Rule.Status`?")
        self.wrong_usage("explain", "AWS::S3::Bucket.", says="AWS::S3::Bucket has no property")

    def test_every_type_can_be_explained(self):
        types = re.findall(r"^(AWS::\S+)", support.read(os.path.join(support.ROOT, "stdlib", "catalog", "resources.txt")), re.M)
        self.assertGreater(len(types), 1000)
        for name in types[::97]:
            self.assertTrue(self.run_it("explain", name, code=0).out.startswith(name + "\n"))


class Build(Case):
    def test_it_writes_a_folder(self):
        self.write("p/main.mlops", GOOD)
        result = self.run_it("build", "p", "-o", "out", code=0)
        self.assertEqual(result.err, "wrote `out`: 0 stacks, 0 templates, 0 resources\n")
        self.assertEqual(result.out, "")
        with open(os.path.join(self.folder, "out", "manifest.json"), encoding="utf-8") as f:
            self.assertIn("version", json.load(f))
        self.run_it("build", "p", "--out=out", code=0)
        self.run_it("build", "p", "-oout", code=0)

    def test_every_use_of_raw_is_told(self):
        self.write("main.mlops", """platform acme {}
account dev { id: "222222222222", region: "eu-west-1" }
component hooked { raw { Hooks: { A: { Type: "x" } } } }
stack net in dev {
  hooked h {}
  @raw({ DeletionPolicy: "Retain" })
  AWS::SNS::Topic alerts {}
  raw { Resources: { Queue: { Type: "AWS::SQS::Queue" } }, Metadata: { a: 1 } }
}
""")
        err = self.run_it("build", "-o", "out", "--platform-json", code=0).err
        self.assertEqual(err, "wrote `out`: 1 stack, 1 template, 2 resources, 3 uses of `raw`\n")
        uses = json.loads(support.read(os.path.join(self.folder, "out", "platform.json")))["templates"][0]["raw"]
        found = sorted((u["source"]["line"], u["resource"], *u["keys"]) for u in uses)
        self.assertEqual(found, [(3, "", "Hooks"), (6, "Alerts", "DeletionPolicy"), (8, "", "Resources", "Metadata")])

    def test_formats(self):
        self.write("main.mlops", ONE_STACK)
        for form, endings in ("json", ["json"]), ("yaml", ["yaml"]), ("both", ["json", "yaml"]):
            self.run_it("build", "--format", form, "-o", "out", code=0)
            names = sorted(os.listdir(os.path.join(self.folder, "out")))
            self.assertEqual(names, ["manifest.json", "net-dev.assets.json", *(f"net.template.{e}" for e in endings)])
            listed = json.loads(support.read(os.path.join(self.folder, "out", "manifest.json")))["artifacts"]["net-dev"]["properties"]
            self.assertEqual(listed["templateFile"], f"net.template.{endings[0]}")
            self.assertTrue(listed["stackTemplateAssetObjectUrl"].endswith(f".{endings[0]}"))
            [asset] = json.loads(support.read(os.path.join(self.folder, "out", "net-dev.assets.json")))["files"].values()
            self.assertEqual(asset["source"]["path"], f"net.template.{endings[0]}")
            [place] = asset["destinations"].values()
            self.assertTrue(listed["stackTemplateAssetObjectUrl"].endswith("/" + place["objectKey"]))
        self.wrong_usage("build", "--format", "xml", says="--format wants one of json, yaml, both")
        self.wrong_usage("check", "--format", "yaml", says="`check` has no option --format")

    def test_the_default_folder(self):
        self.write("main.mlops", GOOD)
        self.run_it("build", code=0)
        self.assertTrue(os.path.exists(os.path.join(self.folder, "mlops.out", "manifest.json")))

    def test_check_writes_nothing(self):
        self.write("main.mlops", GOOD)
        self.run_it("check", code=0)
        self.assertEqual(os.listdir(self.folder), ["main.mlops"])

    def test_mistakes_leave_the_result_alone(self):
        self.write("main.mlops", BAD)
        self.run_it("build", code=1)
        self.assertEqual(os.listdir(self.folder), ["main.mlops"])

    def test_a_folder_of_somebody_else_stays(self):
        self.write("main.mlops", GOOD)
        self.write("out/precious.txt", "x")
        self.run_it("build", "-o", "out", code=3)
        self.assertEqual(os.listdir(os.path.join(self.folder, "out")), ["precious.txt"])

    def test_stop_after(self):
        for phase in "parse", "names", "types", "lower":
            result = self.run_it("build", "--stop-after", phase, "-", stdin=GOOD, code=0)
            self.assertNotEqual(result.out, "", phase)
            self.assertEqual(result.err, "")
            self.assertEqual(os.listdir(self.folder), [], "stopping early writes nothing")
            result = self.run_it("check", "--stop-after", phase, "-", stdin=GOOD, code=0)
            self.assertEqual((result.out, result.err), ("", ""))

    def test_stopping_after_parse_follows_no_imports(self):
        program = 'import "./nosuch.mlops" as x\n'
        self.run_it("check", "--stop-after=parse", "-", stdin=program, code=0)
        self.run_it("check", "-", stdin=program, code=1)

    def test_another_standard_library(self):
        self.write("main.mlops", 'import "std/mine" { answer }\nassert answer == 42, "wrong library"\n')
        self.write("lib/mine.mlops", "let answer = 42\n")
        self.run_it("check", code=1)
        self.run_it("check", "--stdlib", "lib", code=0)


class Deliver(Case):
    """What a build gives besides its folder."""

    def test_stdout_prints_what_would_be_written(self):
        self.write("p/main.mlops", ONE_STACK)
        self.run_it("build", "p", "--format", "both", "-o", "out", code=0)
        for form in "json", "yaml":
            result = self.run_it("build", "p", "--stdout", "--format", form, code=0)
            self.assertEqual(result.out, support.read(os.path.join(self.folder, "out", f"net.template.{form}")))
            self.assertEqual(result.err, "")
        self.assertEqual(self.run_it("build", "-", "--stdout", stdin=ONE_STACK, code=0).out,
                         support.read(os.path.join(self.folder, "out", "net.template.json")))
        self.assertEqual(sorted(os.listdir(self.folder)), ["out", "p"])

    def test_stdout_of_one_of_several_stacks(self):
        self.write("main.mlops", TWO_STACKS)
        self.wrong_usage("build", "--stdout", says=("several stacks", "name one with --stack: net-dev, net-prod, app-dev"))
        for name, resource_type in ("net-dev", "AWS::EC2::VPC"), ("net", "AWS::EC2::VPC"), ("acme-net", "AWS::EC2::VPC"), ("app-dev", "AWS::SNS::Topic"):
            template = json.loads(self.run_it("build", "--stdout", "--stack", name, code=0).out)
            self.assertEqual([r["Type"] for r in template["Resources"].values()][0], resource_type, name)
        self.wrong_usage("build", "--stdout", "--stack", "net-dve", says=("there is no stack `net-dve`", "did you mean `net-dev`?"))
        self.wrong_usage("build", "--stdout", "--stack", "xyzzy", says=("there is no stack `xyzzy`", "name one with --stack: net-dev"))
        self.assertEqual(os.listdir(self.folder), ["main.mlops"])

    def test_stdout_of_stacks_that_share_a_template(self):
        self.write("main.mlops", TWO_STACKS[:TWO_STACKS.index("stack app")])
        self.assertIn("AWS::EC2::VPC", self.run_it("build", "--stdout", code=0).out)

    def test_stdout_of_mistakes_is_empty(self):
        self.assertEqual(self.run_it("build", "-", "--stdout", stdin=BAD, code=1).out, "")
        result = self.run_it("build", "-", "--stdout", stdin=GOOD, code=2)
        self.assertEqual((result.out, result.err), ("", "mlopsc: the program has no stack whose template could be printed\n"))

    def test_options_that_do_not_go_together(self):
        self.write("main.mlops", ONE_STACK)
        for more in ["--out=x"], ["--depfile=x"], ["--platform-json"], ["--source-map"]:
            self.wrong_usage("build", "--stdout", *more, says=(f"--stdout and {more[0].split('=')[0]} do not go together"))
        self.wrong_usage("build", "--stdout", "--format=both", says="--stdout prints one template")
        self.wrong_usage("build", "--stack", "net-dev", says="there is no --stdout")
        for more in "--stdout", "--depfile=x", "--platform-json", "--source-map":
            self.wrong_usage("build", "--stop-after=lower", more, says="--stop-after and")
        self.wrong_usage("check", "--stdout", says="`check` has no option --stdout")
        self.wrong_usage("build", "--depfile", says="--depfile wants an argument: FILE")
        self.wrong_usage("build", "--stdout=x", says="--stdout takes no argument")
        self.assertEqual(os.listdir(self.folder), ["main.mlops"])

    def dependencies(self, text):
        """The target and the sorted prerequisites of a rule, as make reads it."""
        words = re.findall(r"(?:[^ \n\\]|\\.)+", text.replace("\\\n", " "))
        plain = [re.sub(r"\\([ #])", r"\1", word).replace("$$", "$") for word in words]
        return plain[0], sorted(plain[1:])

    def test_depfile(self):
        self.write("a b#$/main.mlops", 'import "./more.mlops" { x }\nlet t = text("note.txt")\nlet d = json("d.json")\n' + ONE_STACK + "assert x == 1, \"${t}\"\n")
        self.write("a b#$/more.mlops", "let x = 1\n")
        self.write("a b#$/note.txt", "hello")
        self.write("a b#$/d.json", "{}")
        self.run_it("build", "a b#$", "-o", "o ut", "--depfile", "dep.d", code=0)
        target, found = self.dependencies(support.read(os.path.join(self.folder, "dep.d")))
        self.assertEqual(target, "o ut/manifest.json:")
        top = os.path.join(os.path.realpath(self.folder), "a b#$")
        self.assertEqual(found, [os.path.join(top, name) for name in ("d.json", "main.mlops", "more.mlops", "note.txt")])

    def test_depfile_names_the_library_that_is_asked_for(self):
        self.write("main.mlops", 'import "std/mine" { answer }\nassert answer == 42, "wrong library"\n')
        self.write("lib/mine.mlops", "let answer = 42\n")
        self.run_it("build", "--stdlib", "lib", "--depfile", "dep.d", code=0)
        target, found = self.dependencies(support.read(os.path.join(self.folder, "dep.d")))
        self.assertEqual(target, "mlops.out/manifest.json:")
        self.assertEqual([os.path.basename(name) for name in found], ["mine.mlops", "main.mlops"])

    def test_depfile_of_mistakes_is_not_written(self):
        self.write("main.mlops", BAD)
        self.run_it("build", "--depfile", "dep.d", code=1)
        self.assertEqual(os.listdir(self.folder), ["main.mlops"])

    def test_depfile_that_cannot_be_written(self):
        self.write("main.mlops", GOOD)
        result = self.run_it("build", "--depfile", "nosuch/dep.d", code=3)
        self.assertIn("error[ML0600]: cannot write `nosuch/dep.d`: No such file", result.err)
        self.assertNotIn("wrote", result.err)

    def test_platform_json(self):
        self.write("p/main.mlops", TWO_STACKS)
        self.run_it("build", "p", "-o", "out", code=0)
        self.assertNotIn("platform.json", os.listdir(os.path.join(self.folder, "out")))
        self.run_it("build", "p", "-o", "out", "--platform-json", "--format=yaml", code=0)
        first = support.read(os.path.join(self.folder, "out", "platform.json"))
        got = json.loads(first)
        self.assertEqual((got["version"], got["name"]), (1, "acme"))
        self.assertEqual(got["accounts"], [
            {"name": "dev", "id": "222222222222", "region": "eu-west-1", "partition": "aws", "source": {"file": "main.mlops", "line": 2, "column": 9}},
            {"name": "prod", "id": "444444444444", "region": "eu-west-1", "partition": "aws", "source": {"file": "main.mlops", "line": 3, "column": 9}}])
        self.assertEqual([(s["id"], s["template"], s["dependsOn"]) for s in got["stacks"]], [
            ("net-dev", "net.template.yaml", []), ("net-prod", "net.template.yaml", []), ("app-dev", "app.template.yaml", ["net-dev"])])
        self.assertEqual([(r["stack"], r["value"], r["waits"]) for r in got["stacks"][2]["reads"]], [("net-dev", "main.VpcId", True)])
        self.assertEqual(got["stacks"][2]["source"], {"file": "main.mlops", "line": 5, "column": 7})
        resources = {t["file"]: t["resources"] for t in got["templates"]}
        place = {"file": "main.mlops", "line": 6, "column": 19}
        self.assertEqual(resources["app.template.yaml"][0], {"id": "Alerts", "type": "AWS::SNS::Topic", "path": "alerts", "source": place, "definition": place})
        [published] = got["published"]
        self.assertEqual((published["name"], published["stack"]), ("/mlops/acme/net/main/VpcId", "net-dev"))
        self.assertEqual([r["stack"] for r in published["readers"]], ["app-dev"])
        self.assertIn(published["resource"], [r["id"] for r in resources["net.template.yaml"]])
        self.run_it("build", os.path.join(self.folder, "p", "main.mlops"), "-o", "out", "--platform-json", "--format=yaml", code=0)
        self.assertEqual(first, support.read(os.path.join(self.folder, "out", "platform.json")), "where the compiler is started does not matter")

    def test_source_map(self):
        self.write("p/main.mlops", TWO_STACKS)
        self.run_it("build", "p", "-o", "out", code=0)
        self.assertNotIn("source-map.json", os.listdir(os.path.join(self.folder, "out")))
        self.run_it("build", "p", "-o", "out", "--source-map", "--format=both", code=0)
        first = support.read(os.path.join(self.folder, "out", "source-map.json"))
        got = json.loads(first)
        self.assertEqual((got["version"], [t["files"] for t in got["templates"]]), (1, [
            ["net.template.json", "net.template.yaml"], ["app.template.json", "app.template.yaml"]]))
        maps = {t["files"][0]: t["map"] for t in got["templates"]}
        self.assertEqual(maps["app.template.json"]["/Resources/Alerts"], {"source": "main.mlops:6:19"})
        for name, places in maps.items():
            self.follow(json.loads(support.read(os.path.join(self.folder, "out", name))), places, TWO_STACKS)
        self.run_it("build", os.path.join(self.folder, "p", "main.mlops"), "-o", "out", "--source-map", "--format=both", code=0)
        self.assertEqual(first, support.read(os.path.join(self.folder, "out", "source-map.json")), "where the compiler is started does not matter")

    def follow(self, template, places, text):
        """Every pointer leads somewhere, and every place of the program is one."""
        for pointer, place in places.items():
            at = template
            for key in pointer.split("/")[1:]:
                key = key.replace("~1", "/").replace("~0", "~")
                at = at[int(key)] if isinstance(at, list) else at[key]
            for where in place.values():
                file, line, column = where.rsplit(":", 2)
                if file == "main.mlops":
                    self.assertLessEqual(int(column), len(text.split("\n")[int(line) - 1]))

    def test_source_map_of_components(self):
        self.write("main.mlops", COMPONENT_WITH_INPUT)
        self.run_it("build", ".", "-o", "out", "--source-map", code=0)
        [template] = json.loads(support.read(os.path.join(self.folder, "out", "source-map.json")))["templates"]
        self.assertEqual(template["map"], {
            "/Resources/Data": {"source": "main.mlops:4:19"},
            "/Resources/Data/Properties/BucketName": {"source": "main.mlops:7:20", "definition": "main.mlops:4:26"},
            "/Resources/Data/Properties/Tags": {"source": "main.mlops:4:44"},
            "/Resources/Data/Properties/Tags/0": {"source": "main.mlops:4:51"},
            "/Resources/Data/Properties/Tags/0/Key": {"source": "main.mlops:4:53"},
            "/Resources/Data/Properties/Tags/0/Value": {"source": "main.mlops:4:63"},
        })
        self.follow(json.loads(support.read(os.path.join(self.folder, "out", "s.template.json"))), template["map"], COMPONENT_WITH_INPUT)


class Process(Case):
    def shell(self, script, code):
        done = subprocess.run(["sh", "-c", script, self.mlopsc], capture_output=True, text=True, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_full_standard_output(self):
        done = self.shell('exec "$0" help >/dev/full', 3)
        self.assertEqual(done.stderr, "mlopsc: cannot write to standard output: No space left on device\n")

    def test_closed_standard_output(self):
        done = self.shell('exec "$0" help >&-', 3)
        self.assertIn("cannot write to standard output", done.stderr)

    def test_closed_standard_output_does_not_matter_when_nothing_goes_there(self):
        self.write("main.mlops", GOOD)
        self.shell('exec "$0" check >&-', 0)
        self.shell('exec "$0" build -o out >&- 2>&-', 3)
        self.assertTrue(os.path.exists(os.path.join(self.folder, "out", "manifest.json")))

    def test_full_standard_error(self):
        self.write("main.mlops", BAD)
        self.shell('exec "$0" check 2>/dev/full', 3)

    def test_a_reader_that_goes_away(self):
        done = self.shell('{ "$0" explain AWS::SageMaker::Domain; echo $? >code; } | true; cat code', 0)
        self.assertIn(done.stdout.strip(), ("0", "3"))
        self.assertEqual(done.stderr, "")

    def test_memory_runs_out(self):
        with open(self.mlopsc, "rb") as f:
            if support.WRAPPER or b"__asan" in f.read():
                self.skipTest("a tool wants more memory than the limit")
        self.write("large.mlops", "// " + "x" * (60 << 20) + "\n")
        limit = 40 << 20
        done = subprocess.run([self.mlopsc, "check", "large.mlops"], capture_output=True, text=True, cwd=self.folder, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertEqual((done.returncode, done.stderr), (3, "mlopsc: out of memory\n"))

    def test_the_same_in_any_locale(self):
        self.write("bad.mlops", BAD)
        plain = self.run_it("check", "bad.mlops", code=1).err
        for locale in "C", "fr_FR.UTF-8", "tr_TR.UTF-8":
            self.assertEqual(self.run_it("check", "bad.mlops", code=1, env={"LC_ALL": locale}).err, plain)


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
