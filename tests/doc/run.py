#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The README is true: its programs compile, and its commands print what it shows.

A block of ```mlops is main.mlops, or the file that `<!-- file: NAME -->` above it names; it must compile in a folder with the other
files of examples/quickstart, and if it is that example's page, be the same. A block of ```console is run in the folder of the last
block: lines after `$ ` are commands of mlopsc or of the shell, the others what they print; `...` alone stands for any lines. Above a
block: `<!-- also: fails -->`, the program must not compile; `<!-- change: SED -->`, main.mlops is changed so before the commands.
--update writes what the commands print now into the page.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import programs  # noqa: E402

PAGES = ["README.md"]
QUICKSTART = programs.ROOT / "examples" / "quickstart"
BLOCK = re.compile(r"((?:^<!-- [^\n]* -->\n)*)^```(\w+)\n(.*?)^```$", re.M | re.S)


def fresh_folder(parent, number):
    folder = parent / f"block{number}"
    shutil.copytree(QUICKSTART, folder, ignore=shutil.ignore_patterns("expected", "README.md"))
    return folder


def program_problem(suite, marks, text, folder):
    name = (re.findall(r"<!-- file: (\S+) -->", marks) or ["main.mlops"])[0]
    page = re.findall(r"<!-- same as: (\S+) -->", marks)
    if page and (programs.ROOT / page[0]).read_text() != text:
        return f"the block is not {page[0]}:\n" + programs.difference({page[0]: (programs.ROOT / page[0]).read_bytes()}, {page[0]: text.encode()})
    (folder / name).write_text(text)
    if not name.endswith(".mlops"):
        return ""
    ran = suite.run("build", folder, "-o", folder / "built", "--lock", folder / "built.lock")
    shutil.rmtree(folder / "built", ignore_errors=True)
    (folder / "built.lock").unlink(missing_ok=True)
    wanted = 1 if "<!-- also: fails -->" in marks else 0
    return "" if ran.code == wanted else f"exit code {ran.code}, not {wanted}\n{ran.out}{ran.err}"


def printed(suite, command, folder):
    environment = {"PATH": f"{suite.compiler.parent}:/usr/bin:/bin", "LC_ALL": "C", "NO_COLOR": "1", "HOME": str(folder)}
    ran = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return ran.stdout


def matches(shown, found):
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"[ ]*\n" for line in shown.splitlines())
    return re.fullmatch(pattern, found) is not None


def change(marks, folder):
    for expression in re.findall(r"<!-- change: (.*) -->", marks):
        before = (folder / "main.mlops").read_text()
        subprocess.run(["sed", "-i", expression, "main.mlops"], cwd=folder, check=True)
        if (folder / "main.mlops").read_text() == before:
            return f"nothing to change: {expression}"
    return ""


def console(suite, marks, text, folder):
    """What went wrong, and the block as it is when its commands are run now."""
    problem, lines = change(marks, folder), []
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
        found = printed(suite, command, folder)
        same = matches(shown, found)
        lines += [f"$ {command}\n", shown if same else found]
        if not same and not suite.update:
            problem = problem or f"$ {command}\n" + programs.difference({"output": shown.encode()}, {"output": found.encode()})
    return problem, "".join(lines)


def check_page(suite, page, scratch):
    text = page.read_text()
    folder, updated = None, text
    for number, block in enumerate(BLOCK.finditer(text), 1):
        marks, language, body = block.groups()
        name = f"{page.name}:{text.count(chr(10), 0, block.start(2)) + 1} {language}"
        if language == "mlops" or "<!-- file:" in marks:
            if folder is None or "<!-- file:" not in marks:
                folder = fresh_folder(scratch, number)
            suite.check(name, program_problem(suite, marks, body, folder))
        elif language == "console":
            problem, now = console(suite, marks, body, folder or fresh_folder(scratch, number))
            suite.check(name, problem)
            updated = updated.replace(f"```console\n{body}```", f"```console\n{now}```", 1)
    if suite.update and updated != text:
        page.write_text(updated)


def main():
    suite = programs.Suite(__doc__)
    for page in PAGES:
        with tempfile.TemporaryDirectory() as scratch:
            check_page(suite, programs.ROOT / page, pathlib.Path(scratch))
    suite.finish()


main()
