#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules for every file: a licence line, a bounded length, no exit outside main(), nothing left over, nothing of somebody's machine."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LONGEST = 900  # lines of a file written by hand
CODE = (".c", ".h", ".l", ".y", ".def", ".py", ".sh", ".mjs", ".mlops", ".build")
# Only main() ends the process; a worker is a process of its own.
ENDS = {"compiler/driver/main.c", "compiler/eval/workers.c"}
GENERATED = ("stdlib/catalog/resources.txt", "stdlib/catalog/events.txt", "stdlib/catalog/iam.txt")
FOLDERS = ("compiler", "emitters", "grammar", "stdlib", "tests", "examples", "man")
EXIT = re.compile(r"\b_?exit\s*\(|\babort\s*\(")
# Written in pieces, so that this file does not find itself.
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
MACHINE = re.compile("/wo" + "rk/|/ho" + "me/[a-z]|https?://[a-z0-9.-]*(regis" + "try|mir" + "ror)[a-z0-9.-]*/")


def files():
    for name in "meson.build", "meson_options.txt":
        yield name
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(ROOT, top)):
            folders[:] = sorted(n for n in folders if n not in ("__pycache__", "node_modules"))
            for name in sorted(names):
                yield os.path.relpath(os.path.join(folder, name), ROOT)


def is_case(path):
    """What a test feeds to the compiler; it may be anything."""
    return path.startswith(("tests/golden/", "tests/lang/", "tests/checks/", "tests/fuzz/")) and not path.endswith((".py", ".build"))


def complaints(path):
    with open(os.path.join(ROOT, path), "rb") as f:
        text = f.read().decode("utf-8", "replace")
    lines = text.split("\n")
    if MACHINE.search(text):
        yield f"{path}: names a place of somebody's machine"
    if is_case(path) or not path.endswith(CODE):
        return
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
        yield f"{path}:1: no licence line"
    if len(lines) - 1 > LONGEST and path not in GENERATED:
        yield f"{path}: {len(lines) - 1} lines, more than {LONGEST}"
    for number, line in enumerate(lines, 1):
        if MARKS.search(line):
            yield f"{path}:{number}: something left to do"
        if line != line.rstrip():
            yield f"{path}:{number}: blanks at the end of the line"
        in_compiler = path.startswith(("compiler/", "emitters/", "grammar/")) and path.endswith((".c", ".h", ".l", ".y"))
        if in_compiler and path not in ENDS and EXIT.search(line.split("//")[0]):
            yield f"{path}:{number}: only main() ends the process"


def main():
    paths = list(files())
    found = [c for path in paths for c in complaints(path)]
    print("\n".join(found + [f"{len(paths)} files, {len(found)} complaints"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
