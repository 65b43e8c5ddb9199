#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every example builds, everywhere to the same bytes, into what its expected/ folder holds (--update writes it).

The mlops.lock in it is what a first build writes; it does not lie beside the program, since nobody has deployed that.

An example that comes with other configurations lists them in VARIANTS: which file takes the place of which. Each variant has a folder
of its own below expected/. Packed files are not kept there: their names are their content's, and templates and manifests name them.

The programs that the seed code of the examples brings to the repositories of its users are built too, once with each of their samples;
what is expected of them lies in tests/seeds/expected.
"""
import collections
import json
import pathlib
import re
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import programs  # noqa: E402

EXAMPLES = programs.ROOT / "examples"
OF_SEEDS = programs.ROOT / "tests" / "seeds" / "expected"
VARIANTS = {
    "enterprise-mlops": {
        "created-networks": {},
        "imported-networks": {"platform.yml": "platform-imported.yml"},
        "two-sets": {"platform.yml": "platform-two-sets.yml"},
    },
    "sm-project-template": {"platform": {}, "personal": {}, "connection": {"platform.yml": "platform-connection.yml"}},
    "fleet": {"distinct": {}, "identical": {}},
}
# What else the compiler is told, by the name of the variant; PROJECT is where the example lies.
ARGUMENTS = {"identical": ["-D", "identical=true"], "personal": ["--values", "PROJECT/personal.yml"]}


# What must not matter: who else works, the language and clock of the machine, where the project lies.
PLACES = [
    {"jobs": "0", "folder": ".", "env": {}},
    {"jobs": "1", "folder": "a folder/\xe9t\xe9", "env": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}},
    {"jobs": "2", "folder": "other", "env": {"LC_ALL": "C", "TZ": "America/St_Johns", "HOME": "/nowhere", "USER": "somebody"}},
]


def build(suite, example, replaced, arguments, place):
    """The files of a build of a copy of the example, and what went wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch) / place["folder"] / example.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(example, copy, ignore=shutil.ignore_patterns("expected", "mlops.lock"))
        for name, other in replaced.items():
            shutil.copy(example / other, copy / name)
        out = pathlib.Path(scratch) / "out"
        project = str(copy.relative_to(scratch))
        arguments = [str(a).replace("PROJECT", project) for a in arguments]
        ran = suite.run("build", project, "-o", "out", "-j", place["jobs"], *arguments, cwd=scratch, env=place["env"])
        if ran.code != 0:
            return {}, f"exit code {ran.code}\n{ran.out}{ran.err}"
        files, lock = programs.files_of(out), copy / "mlops.lock"
        again = suite.run("build", copy.relative_to(scratch), "-o", "out", "--locked", *arguments, cwd=scratch, env=place["env"])
        if again.code != 0 or programs.files_of(out) != files:
            return {}, f"the lock file does not give the same again\n{again.out}{again.err}"
        return {**files, **({"mlops.lock": lock.read_bytes()} if lock.exists() else {})}, ""


def build_problem(suite, example, replaced, arguments, expected):
    first, problem = build(suite, example, replaced, arguments, PLACES[0])
    if problem:
        return problem
    for place in PLACES[1:]:
        other, problem = build(suite, example, replaced, arguments, place)
        if problem or first != other:
            return problem or f"a build differs with {place}:\n" + programs.difference(first, other)
    kept = {name: content for name, content in first.items() if not re.fullmatch(r"asset\.[0-9a-f]{64}\..*", name)}
    if suite.update:
        programs.write_files(expected, kept)
    return programs.difference(programs.files_of(expected), kept)


def count_problem(example, expected):
    """The README's tables of resource counts, against the templates. Their rows: | `TYPE` | original | ours | … |. One table may be that of
    several templates."""
    readme = (example / "README.md").read_text()
    tables = re.findall(r"<!-- counts of ([\w./, -]+) -->\n((?:\|.*\n)+)", readme)
    problems = [] if tables else ["README.md has no table marked `<!-- counts of TEMPLATE -->`"]
    for template, table in [(name, table) for names, table in tables for name in names.split(", ")]:
        rows = re.findall(r"^\| `([\w:]+)` \| (\d+) \| (\d+) \|", table, re.M)
        said = {kind: int(ours) for kind, _, ours in rows if int(ours)}
        resources = json.loads((expected / f"{template}.template.json").read_text())["Resources"].values()
        found = collections.Counter(r["Type"] for r in resources)
        for kind in sorted(said.keys() | found.keys()):
            if said.get(kind, 0) != found.get(kind, 0):
                problems.append(f"{template}: {found.get(kind, 0)} of {kind}, the README says {said.get(kind, 0)}")
        totals = re.findall(r"^\| total \| (\d+) \| (\d+) \|", table, re.M)
        if totals != [(str(sum(int(n) for _, n, _ in rows)), str(sum(said.values())))]:
            problems.append(f"{template}: the README's total is not the sum of its rows")
    return "\n".join(problems)


def seed_programs():
    """Name, folder and arguments of each program of a seed with each of its samples. Examples share them, so one of a name will do."""
    found = {}
    for program in sorted(EXAMPLES.glob("*/seed_code/deploy_app/*/main.mlops")):
        for sample in sorted(program.parent.glob("samples/*.json")):
            found[f"{program.parent.name}-{sample.stem}"] = (program.parent, ["--values", sample])
    return found


def main():
    suite = programs.Suite(__doc__)
    for program in sorted(EXAMPLES.glob("*/main.mlops")):
        example = program.parent
        if not suite.wants(example.name):
            continue
        variants = VARIANTS.get(example.name, {"": {}})
        for variant, replaced in variants.items():
            expected = example / "expected" / variant
            suite.check(f"{example.name} {variant}".rstrip(), build_problem(suite, example, replaced, ARGUMENTS.get(variant, []), expected))
        if "<!-- counts of" in (example / "README.md").read_text():
            suite.check(f"{example.name}: counts in README.md", count_problem(example, example / "expected" / next(iter(variants))))
    for name, (folder, arguments) in seed_programs().items():
        if suite.wants(name):
            suite.check(f"seed {name}", build_problem(suite, folder, {}, arguments, OF_SEEDS / name))
    suite.finish()


main()
