#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every example is built under valgrind: no wrong access, no leak: memcheck.py MLOPSC. Exit code 77: there is no valgrind, or no use for it."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import support  # noqa: E402

VALGRIND = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=all"]


def examples():
    top = os.path.join(support.ROOT, "examples")
    for folder, folders, names in os.walk(top):
        folders.sort()
        if "main.mlops" in names:
            folders.clear()
            yield folder


def check(mlopsc, folder):
    with tempfile.TemporaryDirectory(prefix="mlopsc-memcheck-") as scratch:
        complaints = []
        for arguments in (["build", folder, "-o", os.path.join(scratch, "out"), "--platform-json", "--format=both"],
                          ["check", folder, "--diagnostics=json"]):
            result = support.run(mlopsc, arguments, cwd=scratch)
            if result.code not in (0, 1) or "==" in result.err:
                complaints.append(f"{' '.join(arguments)}: exit code {result.code}\n{result.err[-3000:]}")
    return complaints


def main():
    mlopsc = support.program(sys.argv)
    with open(mlopsc, "rb") as f:
        if not shutil.which("valgrind") or b"__asan" in f.read():
            return 77
    support.WRAPPER[:] = VALGRIND
    support.TIMEOUT = 600
    return support.for_all(examples(), lambda folder: check(mlopsc, folder))


if __name__ == "__main__":
    sys.exit(main())
