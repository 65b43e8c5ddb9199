#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual is true: run.py MLOPSC PAGE...

Pages are those that the build made; mandoc finds nothing wrong with them. Every block of ```mlops in their sources (man/*.txt) and in
.github/CONTRIBUTING.md compiles; `mlops stack` stands in a stack that has an AWS::SNS::Topic `topic`, every line of `mlops true` holds,
`mlops fails` does not compile.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import support  # noqa: E402

ACCOUNT = 'account dev { id: "222222222222", region: "eu-west-1" }\n'
BLOCK = re.compile(r"^```mlops(?: (stack|true|fails))?\n(.*?)^```$", re.M | re.S)
SOURCES = sorted(os.path.join("man", n) for n in os.listdir(os.path.join(support.ROOT, "man")) if re.fullmatch(r".*\.\d\.txt", n))


def program(kind, text):
    if kind == "stack":
        return f"{ACCOUNT}stack demo in dev {{\nAWS::SNS::Topic topic {{}}\n{text}}}\n"
    if kind == "true":
        return "".join(f'assert {line}, "does not hold"\n' for line in text.splitlines())
    return text


def check_block(mlopsc, where, kind, text):
    with tempfile.TemporaryDirectory() as folder:
        support.write(folder, "main.mlops", program(kind, text))
        result = support.run(mlopsc, ["check", "."], cwd=folder)
    wanted = 1 if kind == "fails" else 0
    return [] if result.code == wanted else [f"{where}: exit code {result.code}, not {wanted}\n{result.err}"]


def check_page(page):
    """What mandoc has to say of a page, and that it is no empty one."""
    ran = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, check=False)
    found = [ran.stdout.strip()] if ran.stdout.strip() or ran.returncode else []
    text = support.read(page)
    found += [f"{page}: has no section {s}" for s in ("NAME", "DESCRIPTION", "SEE ALSO") if f".Sh {s}\n" not in text]
    return found + [f"{page}: `{mark}` is left" for mark in re.findall(r"\{\{\w+\}\}|``", text)]


def main(argv):
    mlopsc, pages = support.program(argv), argv[2:]
    blocks = []
    for source in SOURCES + [os.path.join(".github", "CONTRIBUTING.md")]:
        text = support.read(os.path.join(support.ROOT, source))
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            blocks.append((f"{source}:{line}", match[1], match[2]))
    code = support.for_all(blocks, lambda block: check_block(mlopsc, *block))
    if not shutil.which("mandoc"):
        print("mandoc is not installed: tests/install-deps.sh test")
        return 1
    return support.for_all(pages, check_page) or code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
