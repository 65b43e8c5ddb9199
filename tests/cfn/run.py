#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of everything that CloudFormation can say is true and complete: run.py MLOPSC [--update] [--templates FOLDER]

Compiles the program of every row of man/cloudformation.txt and compares what the row shows. Every section, attribute, function, pseudo
parameter, reference and type of parameter has a row. --templates writes the template of each row, for others to judge (tests/judges).
"""
import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(ROOT, "man")]
sys.dont_write_bytecode = True
import support  # noqa: E402
import table  # noqa: E402


def built(mlopsc, row, folder):
    """The template of the row's program, and what went wrong."""
    support.write(folder, "main.mlops", row.program())
    result = support.run(mlopsc, ["build", ".", "-o", "out"], cwd=folder)
    if result.code:
        return None, result.err
    for where, _, names in os.walk(os.path.join(folder, "out")):
        for name in sorted(names):
            if name.startswith("demo") and name.endswith(".template.json"):
                return json.loads(support.read(os.path.join(where, name))), ""
    return None, "the program has no stack or template `demo`"


def shown(row, template):
    part = template
    for key in row.shows.split("/"):
        if key not in part:
            return None
        part = part[key]
    return table.pretty(part)


def check(mlopsc, row, update):
    with tempfile.TemporaryDirectory() as folder:
        template, problem = built(mlopsc, row, folder)
    if problem:
        return [f"{row.group}, {row.name}: {problem}"]
    now = shown(row, template)
    if now is None:
        return [f"{row.group}, {row.name}: the template has no {row.shows}"]
    if update:
        row.gives = now
    return [] if now == row.gives else [f"{row.group}, {row.name}: it gives\n{now}not\n{row.gives}"]


SECTIONS = ("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Transform", "Hooks",
            "Resources", "Outputs")
ATTRIBUTES = ("Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy")
REFERENCES = ("ssm", "ssm-secure", "secretsmanager")
# (file of the compiler, what finds words in it, at least how many)
TABLES = (
    ("compiler/sema/intrinsics.def", r'^MO_INTRINSIC\(\w+, "([^"]+)", .*?, (?:ANYWHERE|IN_RULES), "', 20),
    ("compiler/eval/member.c", r'^\t\{ "\w+", "(AWS::\w+)"', 7),
    ("compiler/sema/param_type.c", r'^\t\{ "(AWS::[\w:]+)"', 10),
)


def missing(rows):
    """Words of CloudFormation that the compiler knows, or the user guide lists, and no row is about."""
    named = {re.split(r"[,: ]", row.name.replace("::", "\0"))[0].replace("\0", "::") for row in rows}
    complaints, wanted = [], {*SECTIONS, *ATTRIBUTES, *REFERENCES, "AWS::NoValue", "String", "Number", "List<Number>", "CommaDelimitedList"}
    for path, pattern, least in TABLES:
        found = re.findall(pattern, support.read(os.path.join(ROOT, path)), re.M)
        complaints += [f"{path} cannot be read"] if len(found) < least else []
        wanted |= set(found)
    return complaints + [f"no row is about {name}" for name in sorted(wanted - named)]


def write_templates(mlopsc, rows, folder):
    """ROW.template.json for each row."""
    for number, row in enumerate(rows, 1):
        name = re.sub(r"[^A-Za-z0-9]+", "-", f"{number:03} {row.group} {row.name}").strip("-").lower()
        with tempfile.TemporaryDirectory() as scratch:
            template, problem = built(mlopsc, row, scratch)
        if problem:
            print(f"{name}: {problem}")
            return 1
        support.write(folder, name + ".template.json", json.dumps(template, indent=2))
    return 0


def main(argv):
    mlopsc = support.program(argv)
    path = os.path.join(ROOT, "man", "cloudformation.txt")
    head, rows = table.read(path)
    if "--templates" in argv:
        return write_templates(mlopsc, rows, os.path.abspath(argv[argv.index("--templates") + 1]))
    update = "--update" in argv
    code = support.for_all(rows, lambda row: check(mlopsc, row, update))
    if update:
        table.write(path, head, rows)
    absent = missing(rows)
    print("\n".join(absent), end="\n" if absent else "")
    return 1 if absent else code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
