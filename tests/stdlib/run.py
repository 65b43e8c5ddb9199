#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The standard library: every module has a program here that uses all of it, and the templates that it must give.

NAME.mlops            builds; its templates and portfolios are those in expected/NAME (--update writes them)
errors/NAME.mlops     must not build; each `// error: TEXT` of it stands in what the compiler prints
"""
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import programs  # noqa: E402


def build_problem(suite, program, expected_folder):
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "out"
        ran = suite.run("build", program, "-o", out, "--lock", out.with_suffix(".lock"))
        if ran.code != 0:
            return f"exit code {ran.code}\n{ran.out}{ran.err}"
        found = {name: data for name, data in programs.files_of(out).items() if name.endswith(".template.json") or name.startswith("service-catalog/")}
    if not found:
        return "the build wrote no template"
    if suite.update:
        programs.write_files(expected_folder, found)
    return programs.difference(programs.files_of(expected_folder), found)


def error_problem(suite, program):
    wanted = re.findall(r"^\s*// error: (.+)$", program.read_text(), re.M)
    if not wanted:
        return "the program says no `// error: TEXT`"
    with tempfile.TemporaryDirectory() as scratch:
        ran = suite.run("build", program, "-o", pathlib.Path(scratch) / "out", "--lock", pathlib.Path(scratch) / "lock")
    if ran.code != 1:
        return f"exit code {ran.code}, not 1\n{ran.out}{ran.err}"
    missing = [text for text in wanted if text not in ran.err]
    found = len(re.findall(r"^(?:\S+: )?error\[", ran.err, re.M))
    if missing or found != len(wanted):
        return "".join(f"not said: {text}\n" for text in missing) + f"{found} errors, {len(wanted)} wanted\n{ran.err}"
    return ""


def undocumented(module):
    """Declarations that others can see and that have no `///` above them (decorators may stand between)."""
    problems = []
    documented = False
    for number, line in enumerate(module.read_text().splitlines(), 1):
        seen = re.match(r"(?:  )?(component|input|output|type|param) \w+|fn \w+", line)
        public = seen and not (line.startswith("fn ") and not is_imported(module, line))
        if public and not documented:
            problems.append(f"{module.name}:{number}: no doc comment: {line.strip()}")
        if not line.strip().startswith("@"):
            documented = line.strip().startswith("///")
    return "\n".join(problems)


def is_imported(module, line):
    """Whether another program of the tree imports this function: then it is part of the module's interface."""
    name = re.match(r"fn (\w+)", line).group(1)
    importing = re.compile(r'import "std/%s" \{[^}]*\b%s\b' % (module.stem, name))
    return any(importing.search(p.read_text())
               for folder in ("stdlib", "tests", "examples") for p in (programs.ROOT / folder).rglob("*.mlops"))


def main():
    suite = programs.Suite(__doc__)
    for module in sorted((programs.ROOT / "stdlib").glob("*.mlops")):
        if suite.wants(module.stem):
            suite.check(f"{module.stem}: documented", undocumented(module))
            program = HERE / module.name
            suite.check(f"{module.stem}: builds", build_problem(suite, program, HERE / "expected" / module.stem) if program.exists()
                        else "no program uses this module")
    for program in sorted((HERE / "errors").glob("*.mlops")):
        if suite.wants(program.stem):
            suite.check(f"errors/{program.stem}", error_problem(suite, program))
    suite.finish()


main()
