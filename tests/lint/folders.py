#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The map of folders for whoever works on the code (.github/CONTRIBUTING.md) names every folder, and no other."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAP = os.path.join(".github", "CONTRIBUTING.md")
TOPS = ("compiler", "emitters", "examples", "grammar", "man", "stdlib", "tests")
PARTS = ("compiler", "stdlib", "tests")  # of these, the folders inside are named too


def folders():
    for top in TOPS:
        yield top
        inside = sorted(os.listdir(os.path.join(ROOT, top))) if top in PARTS else []
        for name in inside:
            if os.path.isdir(os.path.join(ROOT, top, name)) and name != "__pycache__":
                yield f"{top}/{name}"


def main():
    with open(os.path.join(ROOT, MAP), encoding="utf-8") as f:
        named = re.findall(r"^\| `([a-z0-9_/-]+)/` \|", f.read(), re.M)
    there = list(folders())
    found = [f"{MAP}: does not name {name}/" for name in there if name not in named]
    found += [f"{MAP}: names {name}/, which is not there" for name in named if name not in there]
    found += [f"{MAP}: names {name}/ twice" for name in sorted(set(named)) if named.count(name) > 1]
    print("\n".join(found + [f"{len(there)} folders, {len(found)} complaints"]))
    return 1 if found or not there else 0


if __name__ == "__main__":
    sys.exit(main())
