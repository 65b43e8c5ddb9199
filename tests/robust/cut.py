#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Damaged programs: cut.py MLOPSC [--all] [--most N] [FILE…]

Every program of examples/, stdlib/ and tests/ that compiles is cut after a token, loses a token, or has a line twice. The compiler must
not crash or hang, and must not say much more than once what one piece of damage did: at most three errors, or nine where a token is lost,
which may change the meaning of a name that is used in many places. Without --all a sample is taken, the same each time.
"""
import argparse
import glob
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import support  # noqa: E402

TOKEN = re.compile(r"""//[^\n]*|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z0-9_]+)*|\d[\w./]*|[-=]>|\.\.[.<]?|[=!<>]=|&&|\|\||\?\?|\?\.|\S""")
SAMPLE = 2400
BRACKETS = ("ML0103", "ML0104", "ML0105")


def programs():
    """(folder that the program needs, the file in it), sorted."""
    found = []
    for top in ("examples", "stdlib", os.path.join("tests", "lang"), os.path.join("tests", "golden")):
        for folder, folders, names in os.walk(os.path.join(support.ROOT, top)):
            folders.sort()
            mains = ["main.mlops"] if "main.mlops" in names else [n for n in names if n.endswith(".mlops")]
            found += [(folder, name) for name in sorted(mains)]
            if "main.mlops" in names:
                folders.clear()
    return found


def variants(text):
    """(what was done, the damaged text, how many errors it may give) for every kind of damage at every place."""
    tokens = [m for m in TOKEN.finditer(text) if not m[0].startswith("//")]
    for m in tokens:
        line = text.count("\n", 0, m.start()) + 1
        yield f"cut after `{m[0]}` in line {line}", text[:m.end()] + "\n", 3
        yield f"`{m[0]}` dropped from line {line}", text[:m.start()] + text[m.end():], 9
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("//"):
            yield f"line {i + 1} twice", "\n".join(lines[:i + 1] + lines[i:]), 3


def check(mlopsc, folder, name, done, text, most):
    with tempfile.TemporaryDirectory() as scratch:
        project = os.path.join(scratch, "project")
        single = os.path.relpath(folder, support.ROOT).startswith(("stdlib", os.path.join("tests", "golden"))) or name != "main.mlops"
        if single:
            os.mkdir(project)
            for beside in glob.glob(os.path.join(folder, "*.py")):  # what the library reads
                shutil.copy(beside, project)
        else:
            shutil.copytree(folder, project)
        support.write(project, name, text)
        where = f"{os.path.relpath(os.path.join(folder, name), support.ROOT)}: {done}"
        try:
            result = support.run(mlopsc, ["check", "--diagnostics", "json", "--max-errors", "0", os.path.join(project, name)])
        except support.subprocess.TimeoutExpired:
            return [f"{where}: hangs"]
    if result.crashed:
        return [f"{where}: crashed ({result.code})\n{result.err}"]
    errors = [d for d in result.diagnostics() if d["severity"] == "error"]
    brackets = [d for d in errors if d["code"] in BRACKETS]  # one that is lost leaves those around it open, too: together they count as one
    if len(errors) - max(0, len(brackets) - 1) <= most:
        return []
    said = "".join(f"\n    {d['line']}: {d['code']} {d['message']}" for d in errors[:8])
    return [f"{where}: {len(errors)} errors{said}"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mlopsc")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--most", type=int, default=SAMPLE)
    arguments = parser.parse_args()
    mlopsc = os.path.abspath(arguments.mlopsc)
    cases = []
    for folder, name in programs():
        path = os.path.join(folder, name)
        if arguments.names and not any(n in path for n in arguments.names):
            continue
        sound = support.run(mlopsc, ["check", "--diagnostics", "json", path])
        if sound.code == 0:
            cases += [(folder, name, *damage) for damage in variants(support.read(path))]
    step = 1 if arguments.all else max(1, len(cases) // arguments.most)
    return support.for_all(cases[::step], lambda case: check(mlopsc, *case))


if __name__ == "__main__":
    sys.exit(main())
