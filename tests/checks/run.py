#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every check refuses what it should and takes what it should: run.py MLOPSC [NAME…]

One folder for each check of compiler/check/checks.def, with good.mlops, which compiles, and bad.mlops, whose expectations stand in the
source as tests/lang/run.py reads them; every bad one expects at least one error.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "lang")]
sys.dont_write_bytecode = True
import support  # noqa: E402
import run as lang  # noqa: E402

lang.HERE = HERE
# No program can get there.
WITHOUT_PROGRAM = {"scope": "only a mistake of the compiler triggers it, which tests/unit/check_test.c plays"}


def names():
    table = support.read(os.path.join(support.ROOT, "compiler", "check", "checks.def"))
    return re.findall(r'^MO_CHECK\(\w+, "([a-z-]+)"', table, re.M)


def check(mlopsc, name):
    complaints = []
    for file in "good.mlops", "bad.mlops":
        path = os.path.join(name, file)
        if not os.path.isfile(os.path.join(HERE, path)):
            complaints.append(f"tests/checks/{path} is missing")
            continue
        errors = [e for e in lang.expectations(path) if e[2] == "error"]
        if bool(errors) != (file == "bad.mlops"):
            complaints.append(f"tests/checks/{path} expects {len(errors)} errors")
        complaints += lang.check(mlopsc, path, [path])
    return complaints


def main(argv):
    mlopsc = support.program(argv)
    known = names()
    strangers = sorted(n for n in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, n)) and n not in known and n != "__pycache__")
    chosen = [n for n in known if n not in WITHOUT_PROGRAM and (not argv[2:] or n in argv[2:])]
    return support.for_all(chosen + strangers, lambda n: check(mlopsc, n) if n in known else [f"tests/checks/{n}: there is no such check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv))
