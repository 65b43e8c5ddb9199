#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what the compiler says with what is written down: run.py MLOPSC SUITE [--update] [NAME…]

A case is SUITE/NAME.mlops, or a folder SUITE/NAME with a main.mlops, and SUITE/NAME.expected. --update writes what the compiler says now;
read the difference before committing it.
"""
import difflib
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import support  # noqa: E402

# Suite: what to run (the case is put behind it), what is compared, the exit codes that are right.
SUITES = {
    "parse": (["build", "--stop-after", "parse"], "out", {0}),
    "parse-recovery": (["build", "--stop-after", "parse"], "out", {1}),
    "parse-errors": (["check", "--stop-after", "parse"], "err", {1}),
    "names": (["build", "--stop-after", "names"], "out", {0}),
    "names-errors": (["check"], "err", {0, 1}),
    "types": (["build", "--stop-after", "types"], "out", {0}),
    "types-errors": (["check"], "err", {0, 1}),
    "lower": (["build", "--stop-after", "lower"], "out", {0}),
    "lower-errors": (["check"], "err", {0, 1}),
    "build": (["build"], "files", {0}),
}


def cases(folder):
    """{name: argument}, and what does not belong there."""
    found, strays, expected = {}, [], set()
    for entry in sorted(os.listdir(folder)):
        stem, ending = os.path.splitext(entry)
        path = os.path.join(folder, entry)
        if os.path.isfile(os.path.join(path, "main.mlops")):
            found[entry] = entry
        elif ending == ".mlops":
            found[stem] = entry
        elif ending == ".expected":
            expected.add(stem)
        else:
            strays.append(f"{path}: neither a case nor what one is expected to say")
    strays += [f"{folder}/{name}.expected: belongs to no case" for name in sorted(expected - set(found))]
    return found, strays


def all_files(folder):
    """The files of a build folder as one text."""
    parts = []
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            parts.append(f"==> {os.path.relpath(path, folder)}\n{support.read(path)}")
    return "".join(part if part.endswith("\n") else part + "\n" for part in parts)


def actual(mlopsc, suite, argument):
    command, stream, codes = SUITES[suite]
    with tempfile.TemporaryDirectory() as scratch:
        out = os.path.join(scratch, "out")
        command = command + (["-o", out] if stream == "files" else []) + [argument]
        result = support.run(mlopsc, command, cwd=os.path.join(HERE, suite))
        text = all_files(out) if stream == "files" and result.code == 0 else getattr(result, "err" if stream == "err" else "out")
    if result.code not in codes:
        return None, f"exit code {result.code}, expected {' or '.join(map(str, sorted(codes)))}\n{result.err}"
    return text, None


def check(mlopsc, suite, name, argument, update):
    path = os.path.join(HERE, suite, name + ".expected")
    got, problem = actual(mlopsc, suite, argument)
    if problem:
        return [f"{suite}/{argument}: {problem}"]
    if update:
        support.write(os.path.dirname(path), os.path.basename(path), got)
        return []
    if not os.path.exists(path):
        return [f"{suite}/{name}.expected is not there; write it with --update and read it"]
    want = support.read(path)
    if got == want:
        return []
    lines = difflib.unified_diff(want.splitlines(), got.splitlines(), f"{suite}/{name}.expected", "what the compiler says", lineterm="")
    return ["\n".join(lines)]


def main(argv):
    mlopsc = support.program(argv)
    rest = [a for a in argv[2:] if a != "--update"]
    suite, names, update = rest[0], rest[1:], "--update" in argv
    found, strays = cases(os.path.join(HERE, suite))
    for stray in strays:
        print(stray)
    chosen = {n: a for n, a in found.items() if not names or n in names}
    code = support.for_all(chosen.items(), lambda item: check(mlopsc, suite, *item, update))
    return 1 if strays else code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
