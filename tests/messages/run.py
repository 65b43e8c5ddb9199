#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every example of the registry has exactly its mistake, put right has it no more, nor with the fixes that the compiler offers applied:
run.py MLOPSC [CODE…]

An example that triggers a warning may have no error; other warnings do not count. `-- run ARGS` is the command line: DIR in it stands for
the project (put at the end when it is not mentioned), OUT for a folder that can be written.
"""
import glob
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import support  # noqa: E402
sys.path.insert(0, os.path.join(support.ROOT, "compiler", "diag"))
sys.dont_write_bytecode = True
import messages  # noqa: E402

with_fix = set()  # codes whose example the compiler offers to put right


def arguments(message, scratch):
    words = (message.run or "check").split()
    if "DIR" not in words:
        words.append("DIR")
    if words[0] == "build" and "-o" not in words:
        words += ["-o", "OUT"]
    return [{"DIR": "project", "OUT": os.path.join(scratch, "out")}.get(w, w) for w in words] + ["--diagnostics", "json", "--max-errors", "0"]


def diagnose(mlopsc, message, files):
    """The diagnostics of a project of these files, and a complaint."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in files.items():
            path = os.path.normpath(os.path.join(scratch, "project", name))
            assert path.startswith(scratch + os.sep), f"{message.code}: {name} would lie outside the test's folder"
            support.write(scratch, os.path.relpath(path, scratch), text)
        result = support.run(mlopsc, arguments(message, scratch), cwd=scratch)
    if result.crashed or result.code > 1:
        return None, f"exit code {result.code}: {result.err}"
    return result.diagnostics(), None


def brief(diagnostics):
    return [(d["severity"], d["code"], d["message"]) for d in diagnostics]


def applied(files, diagnostics):
    """The files with all fixes of the diagnostics made, and how many those were; offsets count bytes."""
    edits = {}
    for d in diagnostics:
        for fix in d["fixes"]:
            edits.setdefault(os.path.relpath(fix["path"], "project"), set()).add((fix["start"], fix["end"], fix["replacement"]))
    fixed = dict(files)
    for name, changes in edits.items():
        data = fixed[name].encode()
        for start, end, replacement in sorted(changes, reverse=True):
            data = data[:start] + replacement.encode() + data[end:]
        fixed[name] = data.decode()
    return fixed, sum(map(len, edits.values()))


def check_example(mlopsc, message):
    files = {"main.mlops": message.example, **message.example_files}
    diagnostics, problem = diagnose(mlopsc, message, files)
    if problem:
        return [f"{message.where}: {message.code}: example: {problem}"]
    complaints = check_offered(mlopsc, message, files, [d for d in diagnostics if d["code"] == message.code])
    found = brief(diagnostics)
    if (message.severity, message.code) not in {f[:2] for f in found}:
        complaints.append(f"{message.where}: {message.code}: the example does not trigger it, but {found or 'nothing'}")
    others = [f for f in found if f[0] == "error" and f[1] != message.code]
    if others and not complaints:
        complaints.append(f"{message.where}: {message.code}: the example also has {others}")
    return complaints


def check_offered(mlopsc, message, files, diagnostics):
    """What the compiler offers to change must be a way out."""
    fixed, count = applied(files, diagnostics)
    if not count:
        return []
    with_fix.add(message.code)
    left, problem = diagnose(mlopsc, message, fixed)
    wrong = [] if problem else [d for d in brief(left) if d[0] == "error" or d[1] == message.code]
    return [f"{message.where}: {message.code}: with its fix applied: {problem or wrong}\n{fixed['main.mlops']}"] if problem or wrong else []


def check_fixed(mlopsc, message):
    if message.fixed is None:
        return []
    files = {"main.mlops": message.fixed, **message.example_files, **message.fixed_files}
    found, problem = diagnose(mlopsc, message, files)
    if problem:
        return [f"{message.where}: {message.code}: put right: {problem}"]
    left = [f for f in brief(found) if f[0] == "error" or f[1] == message.code]
    return [f"{message.where}: {message.code}: put right, it still has {left}"] if left else []


def check(mlopsc, message):
    told = support.run(mlopsc, ["explain", message.code])
    complaints = []
    if told.code != 0 or message.title not in told.out or message.explanation.split("\n")[0] not in told.out:
        complaints.append(f"{message.where}: `explain {message.code}` does not tell about it")
    if message.example is not None:
        complaints += check_example(mlopsc, message) + check_fixed(mlopsc, message)
    return complaints


def main(argv):
    mlopsc = support.program(argv)
    registry = messages.read(sorted(glob.glob(os.path.join(support.ROOT, "compiler", "diag", "messages", "*.txt"))))
    code = support.for_all([m for m in registry if not argv[2:] or m.code in argv[2:]], lambda m: check(mlopsc, m))
    print(f"{len(registry)} messages, {len([m for m in registry if m.example is not None])} with an example, {len(with_fix)} with a fix that was applied")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
