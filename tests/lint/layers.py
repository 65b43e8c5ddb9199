#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An include may point to a lower layer only; the table says what each folder may see besides itself."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')

SOURCES = {"base", "source"}
DIAG = SOURCES | {"catalog", "diag"}
FRONT = DIAG | {"syntax", "grammar"}
MAY_SEE = {
    "base": set(),
    "source": {"base"},
    "catalog": {"base"},
    "diag": SOURCES | {"catalog"},
    "lock": DIAG,
    "syntax": SOURCES | {"diag", "grammar"},
    "grammar": SOURCES | {"diag", "syntax"},
    "ir": DIAG,
    "sema": FRONT,
    "eval": FRONT | {"sema", "ir", "lock"},
    "check": DIAG | {"ir", "lock"},
    "emitters": DIAG | {"ir", "lock"},
    "driver": FRONT | {"sema", "ir", "lock", "eval", "check", "emitters"},
}


def files():
    for top in "compiler", "emitters", "grammar":
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".l", ".y", ".def")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def layer_of(path):
    parts = path.split(os.sep)
    return parts[1] if parts[0] == "compiler" else parts[0]


def complaints(path):
    own = layer_of(path)
    if own not in MAY_SEE:
        yield f"{path}: folder {own} is not in the table of layers"
        return
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            match = INCLUDE.match(line)
            if not match or "/" not in match[1]: # a file of the same folder, or generated into it
                continue
            seen = match[1].split("/")[0]
            if seen != own and seen not in MAY_SEE[own]:
                yield f"{path}:{number}: {own} may not include {match[1]}"


def main():
    paths = list(files())
    found = [c for path in paths for c in complaints(path)]
    print("\n".join(found + [f"{len(paths)} files, {len(found)} complaints"]))
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
