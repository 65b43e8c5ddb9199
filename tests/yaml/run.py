#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Templates in YAML say exactly what those in JSON say: run.py MLOPSC [CASE…]

Every example and every program of the tests that builds, and a generated program full of strings that YAML readers like to misread, is
built with --format both. A reader of YAML 1.1 (PyYAML; short forms of intrinsics taken back to the long ones) must see the values of the
JSON. With MLOPSC_YAML_MODULES, a folder of npm packages, tests/yaml/read.js asks a reader of YAML 1.2 the same.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import programs  # noqa: E402

SEED = 20121017
RANDOM_STRINGS = 2500
LEAST_TEMPLATES = 25  # of the programs below, so that a mistake here does not pass as success
PROGRAMS = ["examples/*/main.mlops", "tests/lang/**/*.mlops", "tests/golden/*/*.mlops", "tests/stdlib/**/*.mlops", "tests/checks/*/good.mlops",
            "tests/yaml/*.mlops"]


# ---- the reader of YAML 1.1 ------------------------------------------------------------------------------------------------------

class Reader(yaml.SafeLoader):
    """Not libyaml's: it must not judge itself."""

    def intrinsic(self, suffix, node):
        if isinstance(node, yaml.ScalarNode):
            value = self.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = self.construct_sequence(node, deep=True)
        else:
            value = self.construct_mapping(node, deep=True)
        if suffix == "GetAtt":
            value = value.split(".", 1)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    def mapping(self, node):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys) or not all(isinstance(key, str) for key in keys):
            raise ValueError(f"keys of {node.start_mark}: {keys}")
        return dict(zip(keys, (self.construct_object(value, deep=True) for _, value in node.value)))


Reader.add_multi_constructor("!", Reader.intrinsic)
Reader.add_constructor("tag:yaml.org,2002:map", Reader.mapping)


def first_difference(path, a, b):
    """Where two values differ in type, value or order of keys, with both; empty when they do not."""
    if type(a) is not type(b):
        return f"{path}: {a!r} is in the JSON, {b!r} in the YAML"
    if isinstance(a, dict):
        if list(a) != list(b):
            return f"{path}: keys {list(a)!r} are in the JSON, {list(b)!r} in the YAML"
        return next(filter(None, (first_difference(f"{path}/{k}", a[k], b[k]) for k in a)), "")
    if isinstance(a, list):
        if len(a) != len(b):
            return f"{path}: {len(a)} items are in the JSON, {len(b)} in the YAML"
        return next(filter(None, (first_difference(f"{path}/{i}", x, y) for i, (x, y) in enumerate(zip(a, b)))), "")
    return "" if a == b else f"{path}: {a!r} is in the JSON, {b!r} in the YAML"


def template_problem(path):
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Reader)  # noqa: S506, a SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        return str(error)
    return first_difference("", json.loads(path.with_suffix(".json").read_text(encoding="utf-8")), read)


# ---- strings that are misread ----------------------------------------------------------------------------------------------------

NASTY = """
~ null Null NULL nil none true True TRUE false False yes Yes YES no No NO on On ON off Off OFF y Y n N
0 1 -1 +1 00 07 010 0o14 0x1F 0b101 1_000 012345670123 222222222222 1e3 1.5e3 1E5 6.02e+23 .5 5. 1. +.5 . .. ... -.inf .inf .Inf .nan .NaN
inf nan Infinity 12:30 12:30:45 190:20:30 1:1 -1:30 2012-10-17 2010-09-09 2001-12-14t21:59:43.10-05:00 2001-1-1 1.2.3 0.0.0.0/0 ::/0
= << - -- --- ? : , [ ] { } & * ! | > ' " % @ ` # !Ref !!str &a *a <<: a: a:b a#b |- >- %YAML @a `a` - a
key: value |a #comment a\\b \\ \\\\ \\n ^[a-z]+$ C:\\dir ${A} ${!A} ${ $ $$ {{x}} [a] {a} a,b a]b }a '' "" '"' "'" it's don't
a-b a_b a.b a/b a+b a*b a(b) a@b a=b a%b a$b a;b AWS::Region arn:aws:s3:::b/* Fn::Sub Ref true1 nullable yes! e3 x0 o14
""".split()

WITH_BLANKS = [
    "", " ", "  ", "a ", " a", "a  b", "a b", "a: b", "a :b", "a :", "a #b", "a# b", "- a", "? a", "key: value", "a, b", "no ", " no", "yes no",
    "\t", "a\tb", "\ta", "a\t", "\n", "\n\n", "a\n", "a\n\n", "\na", " \na", "a\n b", "a\n  b\nc", "a \nb", "a\n\nb", "a\n\n\nb\n", "  a\nb", "a\nb",
    "a\n\tb", "#!/bin/sh\nset -e\necho \"$x\" # c\n", "- a\n- b\n", "a: 1\nb: 2\n", "---\na\n", "a\n---\nb", "a\n...\nb\n", "%a\n%b\n", "a\nb ", "a\nb \n",
    "a\r\nb", "\r", "a\rb\n", "a\x7fb", "a\x85b", "a\x85\nb\n", "a\u2028b", "a\u2028\nb\n", "a\u2029b", "\ufeffa", "a\ufeffb\nc", "a\xa0b", "\xa0a", "\xa0\nb",
    "\x01", "a\x1bb", "caf\xe9", "\xe9t\xe9\nb\n", "\u65e5\u672c", "\U0001f600", "a\U0001f600\nb\n", "\ufffd", "\ufffe", "\uffff", "a\x80b", "a\x9fb",
    "x" * 200, "x " * 200 + "x", "x: " * 100, "'" * 50, "\"" * 50, "\\" * 50, "{\"a\": [1, 'b']}", "{\n  \"a\": 1\n}\n",
]

ALPHABET = list("aZ09 .:-#'\"\\,[]{}&*!|>%@`~=?<_/$\n\n\t") + [" ", "  ", "\n ", "\n\n", ": ", " #", "- ", "\xe9", "\u2028", "\x85", "\r", "\U0001f600"]


def corpus():
    chance = random.Random(SEED)
    strings = NASTY + WITH_BLANKS
    strings += ["".join(chance.choice(ALPHABET) for _ in range(chance.randint(1, 12))) for _ in range(RANDOM_STRINGS)]
    return [s for s in dict.fromkeys(strings) if "{{resolve:" not in s]


CORPUS_PROGRAM = """
account dev { id: "222222222222", region: "eu-west-1" }
let strings: [String] = json("strings.json")
stack nasty in dev {
  AWS::StepFunctions::StateMachine machine {
    RoleArn: "arn:aws:iam::222222222222:role/r"
    Definition: {
      Values: strings
      Keys: {for s in strings: s => s}
    }
  }
}
stack texts in dev {
  param Env: "dev" | "prod" = "dev"
  let production = Env == "prod"
  AWS::StepFunctions::StateMachine machine {
    RoleArn: "arn:aws:iam::222222222222:role/r"
    Definition: {
      Texts: [for s in strings: "${aws.region}${s}"]
      Arguments: [for s in strings: if production then s else "no"]
      Mixed: [for s in strings: base64("${s}${aws.region}")]
    }
  }
}
"""


def corpus_problem(suite, scratch):
    strings = corpus()
    folder = scratch / "corpus"
    folder.mkdir()
    (folder / "main.mlops").write_text(CORPUS_PROGRAM)
    (folder / "strings.json").write_text(json.dumps(strings))
    ran = suite.run("build", folder, "--format", "both", "-o", scratch / "built" / "corpus")
    if ran.code != 0:
        return ran.err
    built = scratch / "built" / "corpus" / "nasty.template.json"
    definition = json.loads(built.read_text())["Resources"]["Machine"]["Properties"]["Definition"]
    if definition["Values"] != strings or list(definition["Keys"]) != strings:
        return "the JSON does not hold the strings: " + first_difference("", strings, definition["Values"])
    return template_problem(built.with_suffix(".yaml")) or template_problem(built.with_name("texts.template.yaml"))


# ----------------------------------------------------------------------------------------------------------------------------------

def main():
    suite = programs.Suite(__doc__)
    templates = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for program in sorted(p for pattern in PROGRAMS for p in programs.ROOT.glob(pattern)):
            case = str(program.relative_to(programs.ROOT))
            if not suite.wants(case):
                continue
            out = scratch / "built" / case.replace("/", "-")
            ran = suite.run("build", program, "--format", "both", "-o", out, "--lock", out.parent.with_name(out.name + ".lock"))
            if ran.code not in (0, 1):
                suite.check(case, f"exit code {ran.code}\n{ran.err}")
            if ran.code == 1 and case.startswith(("examples/", "tests/yaml/")):
                suite.check(case, ran.err)
            for template in sorted(out.glob("*.template.yaml")):
                templates += 1
                suite.check(f"{case} {template.name}", template_problem(template))
        if suite.wants("corpus"):
            suite.check("corpus", corpus_problem(suite, scratch))
        if not suite.names:
            suite.check("there are templates to read", "" if templates >= LEAST_TEMPLATES else f"only {templates}")
        if modules := os.environ.get("MLOPSC_YAML_MODULES"):
            node = os.environ.get("MLOPSC_NODE", "node")
            done = subprocess.run([node, HERE / "read.js", scratch / "built"], env={**os.environ, "NODE_PATH": modules},
                                  capture_output=True, text=True, check=False)
            suite.check("YAML 1.2", "" if done.returncode == 0 else done.stdout + done.stderr)
            print(done.stdout, end="")
    suite.finish()


main()
