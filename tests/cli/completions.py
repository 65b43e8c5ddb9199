#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`completions`: the scripts parse, and complete in the shells that are installed: completions.py MLOPSC [TEST…]"""
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Case, support  # noqa: E402

# Runs the completion as readline would: the words of the line, the last of which is to be completed.
BASH = r"""
. "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
$(complete -p mlopsc | sed -E 's/.*-F (\S+) .*/\1/')
printf '%s\n' "${COMPREPLY[@]}"
"""
CHECKERS = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}


class Completions(Case):
    def setUp(self):
        super().setUp()
        for shell in CHECKERS:
            self.write("script." + shell, self.run_it("completions", shell, code=0).out)
        self.write("main.mlops", "platform acme {}\n")
        self.write("a folder/notes.txt", "")

    def shell(self, *command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                              env={"PATH": os.environ["PATH"], "HOME": self.folder, "LC_ALL": "C.UTF-8", "TERM": "dumb"})
        self.assertEqual((done.returncode, done.stderr), (0, ""), command)
        return done.stdout

    def bash(self, *words):
        return [line for line in self.shell("bash", "-c", BASH, "bash", "script.bash", "mlopsc", *words).split("\n") if line]

    def commands(self):
        return re.findall(r"^  (\w+)", self.run_it("help", code=0).out, re.M)

    def options(self, command):
        return re.findall(r"^  (?:-\w, )?(--[\w-]+)", self.run_it("help", command, code=0).out, re.M)

    def test_the_scripts_parse(self):
        for shell, checker in CHECKERS.items():
            if shutil.which(shell):
                self.shell(*checker, "script." + shell)

    def test_every_command_and_option_is_in_each(self):
        for shell in CHECKERS:
            script = support.read(os.path.join(self.folder, "script." + shell))
            for command in self.commands():
                self.assertRegex(script, rf"\b{command}\b")
                for option in self.options(command):
                    self.assertRegex(script, rf"-l {option[2:]}\b" if shell == "fish" else rf"{option}\b")

    def test_bash_commands(self):
        self.assertEqual(self.bash(""), self.commands() + ["--help", "--version"])
        self.assertEqual(self.bash("bu"), ["build"])
        self.assertEqual(self.bash("--v"), ["--version"])

    def test_bash_options(self):
        for command in self.commands():
            self.assertEqual(self.bash(command, "--"), self.options(command))
        self.assertEqual(self.bash("build", "--fo"), ["--format"])
        self.assertEqual(self.bash("check", "--fo"), [])

    def test_bash_values(self):
        self.assertEqual(self.bash("build", "--format", ""), ["json", "yaml", "both"])
        self.assertEqual(self.bash("build", "--color", "a"), ["auto", "always"])
        self.assertEqual(self.bash("build", "--color", "="), ["auto", "always", "never"])
        self.assertEqual(self.bash("build", "--color", "=", "ne"), ["never"])
        self.assertEqual(self.bash("init", "-t", "st"), ["studio"])
        self.assertEqual(self.bash("build", "--max-errors", ""), [])
        self.assertEqual(self.bash("build", "--out", ""), ["a folder"])
        self.assertEqual(self.bash("build", "-o", "a"), ["a folder"])

    def test_bash_operands(self):
        self.assertEqual(self.bash("build", ""), ["main.mlops", "a folder"])
        self.assertEqual(self.bash("init", ""), ["a folder"])
        self.assertEqual(self.bash("help", "ex"), ["explain"])
        self.assertEqual(self.bash("completions", ""), ["bash", "zsh", "fish"])
        self.assertEqual(self.bash("explain", "ML000")[0], "ML0001")
        self.assertEqual(self.bash("explain", "vp"), ["vpc_endpoints", "vpc"])
        self.assertEqual(self.bash("explain", "std/n"), ["std/network"])
        self.assertEqual(self.bash("explain", "revers"), ["reverse"])
        self.assertEqual(self.bash("version", ""), [])

    def test_fish(self):
        if not shutil.which("fish"):
            self.skipTest("fish is not installed")

        def fish(line):
            said = self.shell("fish", "--no-config", "-c", f"source script.fish; complete -C '{line}'")
            return [row.split("\t")[0] for row in said.split("\n") if row]
        self.assertEqual(sorted(fish("mlopsc ")), sorted(self.commands()))
        self.assertEqual(fish("mlopsc build --form"), ["--format"])
        self.assertEqual(sorted(fish("mlopsc build --format ")), ["both", "json", "yaml"])
        self.assertEqual(sorted(fish("mlopsc init --template=")), ["--template=minimal", "--template=network", "--template=studio"])
        self.assertEqual(sorted(fish("mlopsc explain vp")), ["vpc", "vpc_endpoints"])
        self.assertIn("main.mlops", fish("mlopsc check "))
        self.assertIn("a folder/", [name.replace("\\", "") for name in fish("mlopsc build -o ")])

    def test_zsh(self):
        """The script makes a completion function, and the specifications in it are accepted."""
        if not shutil.which("zsh"):
            self.skipTest("zsh is not installed")
        said = self.shell("zsh", "-f", "-c", """
            compdef() { print "compdef $@" }
            _describe() { print -rl ${(P)2} }
            _arguments() { print -rl -- "$@" }
            source ./script.zsh
            words=(mlopsc ""); CURRENT=2; _mlopsc
            words=(mlopsc build ""); CURRENT=3; _mlopsc""").split("\n")
        self.assertEqual(said[0], "compdef _mlopsc mlopsc")
        self.assertEqual([row.split(":")[0] for row in said[1:len(self.commands()) + 1]], self.commands())
        self.assertIn("--color=[colours (default\\: auto, on a terminal unless NO_COLOR is set)]:WHEN:(auto always never)", said)
        self.assertIn("-o+[the folder to write (default\\: mlops.out)]:DIR:_files -/", [row.removeprefix("(-o --out)") for row in said])

    def test_wrong_usage(self):
        self.wrong_usage("completions", says="wants an argument: bash|zsh|fish")
        self.wrong_usage("completions", "bsah", says=("no completions for `bsah`", "did you mean `bash`?"))


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
