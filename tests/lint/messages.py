#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every message is reported somewhere in the compiler and triggered by some test: an example in the registry (tests/messages runs it), or,
where no program can trigger it, a test that names its code or its enum constant."""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "compiler", "diag"))
sys.dont_write_bytecode = True
import messages  # noqa: E402

SOURCES = (".c", ".h", ".l", ".y", ".def")
TESTS = (".c", ".py", ".sh", ".mlops", ".expected")


def words(tops, endings):
    """All words of all files."""
    found = set()
    for top in tops:
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith(endings):
                    with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
                        found.update(re.findall(r"\w+", f.read()))
    return found


def main():
    registry = messages.read(sorted(glob.glob(os.path.join(ROOT, "compiler", "diag", "messages", "*.txt"))))
    reported, tested = words(["compiler", "emitters", "grammar"], SOURCES), words(["tests"], TESTS)
    found = []
    for message in registry:
        constant = messages.name(message)
        if constant not in reported:
            found.append(f"{message.where}: {message.code} {constant} is reported nowhere")
        if message.example is None and not {message.code, constant} & tested:
            found.append(f"{message.where}: {message.code} {constant} has neither an example nor a test")
    print("\n".join(found + [f"{len(registry)} messages, {len(found)} complaints"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
