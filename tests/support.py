# SPDX-License-Identifier: Apache-2.0
"""What the test runners share: starting the compiler, and telling a crash from a failure."""
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# MLOPSC_WRAPPER="valgrind -q --error-exitcode=99" runs the compiler itself under a tool (a wrapper of the test would wrap Python).
WRAPPER = shlex.split(os.environ.get("MLOPSC_WRAPPER", ""))
TIMEOUT = 180


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def crashed(self):
        """A signal, a sanitizer or valgrind: never a result to be expected."""
        return self.code not in (0, 1, 2, 3)

    def diagnostics(self):
        """The objects of --diagnostics json."""
        return [json.loads(line) for line in self.err.split("\n") if line]


def run(mlopsc, arguments, cwd=None, stdin="", env=None):
    """Starts the compiler with an environment of its own, so that results do not depend on who runs the tests."""
    clean = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TMPDIR")}
    clean["LC_ALL"] = "C.UTF-8"
    clean.update(env or {})
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(WRAPPER + [mlopsc, *arguments], cwd=cwd, input=data, capture_output=True, env=clean, timeout=TIMEOUT, check=False)
    return Result(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape"))


def for_all(items, check):
    """Runs check(item), which returns a list of complaints, for all items at once; prints the complaints in order; returns the exit code."""
    items = list(items)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(check, items))
    complaints = [c for result in results for c in result]
    for complaint in complaints:
        print(complaint)
    print(f"{len(items)} cases, {len(complaints)} complaints")
    if not items:
        print("nothing to test")
    return 1 if complaints or not items else 0


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    return path


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def program(argv):
    """The absolute path of the compiler, the first argument."""
    if len(argv) < 2:
        sys.exit("usage: run.py MLOPSC …")
    return os.path.abspath(argv[1])
