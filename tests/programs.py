# SPDX-License-Identifier: Apache-2.0
"""What the suites share that run the compiler and compare folders: running, comparing, counting, the update mode."""
import argparse
import difflib
import os
import pathlib
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import support  # noqa: E402

ROOT = pathlib.Path(support.ROOT)
SHOWN_LINES = 60


class Suite:
    """Counts what passed and failed; the last line that it prints is `N passed, N failed`."""

    def __init__(self, description):
        parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("compiler", metavar="MLOPSC", type=pathlib.Path)
        parser.add_argument("names", metavar="CASE", nargs="*", help="only these")
        parser.add_argument("--update", action="store_true", help="write what the compiler gives as what is expected")
        arguments = parser.parse_args()
        self.compiler = arguments.compiler.resolve()
        self.update = arguments.update
        self.names = arguments.names
        self.passed = self.failed = 0

    def wants(self, name):
        return not self.names or name in self.names

    def check(self, name, problem):
        """One case: `problem` is empty when it passed."""
        if problem:
            self.failed += 1
            print(f"FAIL {name}\n{problem}")
        else:
            self.passed += 1
        return not problem

    def run(self, *arguments, cwd=ROOT, env=None):
        return support.run(str(self.compiler), [str(a) for a in arguments], cwd=cwd, env=env)

    def finish(self):
        if self.passed + self.failed == 0:
            print("no case was run")
            self.failed = 1
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file()}


def difference(expected, found):
    """Why two sets of files differ, as a short diff; empty when they do not."""
    text = []
    for name in sorted(expected.keys() | found.keys()):
        a, b = expected.get(name), found.get(name)
        if a == b:
            continue
        if a is None:
            text.append(f"{name}: not expected")
        elif b is None:
            text.append(f"{name}: missing")
        else:
            lines = difflib.unified_diff(a.decode(errors="replace").splitlines(), b.decode(errors="replace").splitlines(),
                                         f"expected/{name}", f"found/{name}", lineterm="", n=2)
            text.extend(list(lines) or [f"{name}: line ends differ"])
    if len(text) > SHOWN_LINES:
        text[SHOWN_LINES:] = [f"... and {len(text) - SHOWN_LINES} more lines"]
    return "\n".join(text)


def write_files(folder, files):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
