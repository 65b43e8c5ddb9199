#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs that say themselves what is wrong with them: run.py MLOPSC [NAME…]

    let x: Int = "a"             // expect error[ML0400]: wants Int
    // expect warning[ML0310]: never used
    let y = 1

An expectation stands at the end of the line that the diagnostic points to, or on a line of its own above it (several may follow each
other). The text is a fragment of the message, its notes or its help, and may be empty. `// expect error[ML0007] nowhere: …` is for a diagnostic without a place.
Every diagnostic must be expected and every expectation met; a program without expectations compiles. A folder with a main.mlops is one
program; its other files, data files too (`# expect …`), may hold expectations.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import support  # noqa: E402

EXPECT = re.compile(r"(?://|#) expect (error|warning|note)\[(ML\d{4})\]( nowhere)?(?:: (.*?))?\s*$")


def programs():
    """(argument, files) of every program, sorted; all paths are relative to this folder."""
    found = []
    for folder, folders, names in os.walk(HERE):
        folders.sort()
        here = os.path.relpath(folder, HERE)
        if "main.mlops" in names:
            files = [os.path.relpath(os.path.join(w, n), HERE) for w, _, ns in os.walk(folder) for n in sorted(ns)]
            found.append((here, files))
            folders.clear()
        else:
            paths = [os.path.normpath(os.path.join(here, n)) for n in names if n.endswith(".mlops")]
            found += [(path, [path]) for path in paths]
    return sorted(found)


def expectations(path):
    """[(path, line, severity, code, fragment)]; line is None for a diagnostic without a place."""
    found, waiting = [], []
    for number, line in enumerate(support.read(os.path.join(HERE, path)).split("\n"), 1):
        match = EXPECT.search(line)
        if match and not line[:match.start()].strip():
            waiting.append(match)
            continue
        for m in waiting + ([match] if match else []):
            place = (None, None) if m[3] else (path, number)
            found.append((*place, m[1], m[2], m[4] or ""))
        waiting = []
    return found


def matches(want, got):
    path, line, severity, code, fragment = want
    texts = [got["message"], got["here"], got["help"], *got["notes"], *(label["text"] for label in got["labels"])]
    where = os.path.normpath(got["path"]) if got["path"] else None
    return ((where, got["line"], got["severity"], got["code"]) == (path, line, severity, code)
            and any(fragment in text for text in texts))


def place(path, line):
    return f"{path}:{line}" if path else "nowhere"


def compare(argument, wanted, diagnostics):
    complaints, left = [], list(wanted)
    for got in diagnostics:
        hit = next((w for w in left if matches(w, got)), None)
        if hit:
            left.remove(hit)
        else:
            complaints.append(f"{argument}: not expected: {place(got['path'], got['line'])}: {got['severity']}[{got['code']}]: {got['message']}")
    complaints += [f"{argument}: expected, but not reported: {place(w[0], w[1])}: {w[2]}[{w[3]}]: {w[4]}" for w in left]
    return complaints


def check(mlopsc, argument, files):
    result = support.run(mlopsc, ["check", "--diagnostics", "json", "--max-errors", "0", argument], cwd=HERE)
    if result.crashed:
        return [f"{argument}: crashed ({result.code})\n{result.err}"]
    wanted = [e for f in files for e in expectations(f)]
    complaints = compare(argument, wanted, result.diagnostics())
    code = 1 if any(w[2] == "error" for w in wanted) else 0
    if not complaints and result.code != code:
        complaints.append(f"{argument}: exit code {result.code}, expected {code}")
    return complaints


def main(argv):
    mlopsc = support.program(argv)
    chosen = [p for p in programs() if not argv[2:] or any(n in p[0] for n in argv[2:])]
    return support.for_all(chosen, lambda p: check(mlopsc, *p))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
