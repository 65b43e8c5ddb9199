#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`init`: every starter compiles, and nothing is overwritten: init.py MLOPSC [TEST…]"""
import os
import re
import resource
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Case, support  # noqa: E402

STARTERS = os.path.join(support.ROOT, "compiler", "driver", "starters")
NAMES = sorted(os.listdir(STARTERS))


class Init(Case):
    def path(self, *names):
        return os.path.join(self.folder, *names)

    def test_the_table_and_the_folder_agree(self):
        told = self.run_it("help", "init", code=0).out
        self.assertEqual(re.findall(r"^    (\w+)  ", told, re.M), NAMES)
        self.assertEqual(NAMES, ["minimal", "network", "studio"])

    def test_every_starter_compiles_without_a_warning(self):
        for name in NAMES:
            result = self.run_it("init", name, "--template", name, code=0)
            self.assertEqual(result.out, "")
            self.assertIn(f"\n  mlopsc check {name}\n  mlopsc build {name} -o out\n", result.err)
            self.assertIn("commit mlops.lock", result.err)
            self.assertEqual(sorted(os.listdir(self.path(name))), sorted(os.listdir(os.path.join(STARTERS, name))))
            checked = self.run_it("check", name, code=0).err
            self.assertRegex(checked, rf"^checked `{name}`: [1-9]\d* stacks?, [1-9]\d* templates?, [1-9]\d* resources\n$")
            self.run_it("build", name, "-o", name + ".out", code=0)

    def test_the_project_is_the_users(self):
        self.run_it("init", "p", code=0)
        text = support.read(self.path("p", "main.mlops"))
        self.assertNotIn("SPDX", text)
        self.assertEqual("// SPDX-License-Identifier: Apache-2.0\n" + text, support.read(os.path.join(STARTERS, "minimal", "main.mlops")))

    def test_the_current_folder(self):
        self.write("notes.txt", "mine")
        result = self.run_it("init", "-t", "studio", code=0)
        self.assertIn("wrote into `.`: main.mlops, team.yml\n", result.err)
        self.assertIn(" into main.mlops\n", result.err)
        self.assertEqual(sorted(os.listdir(self.folder)), ["main.mlops", "notes.txt", "team.yml"])
        self.run_it("check", code=0)

    def test_folders_are_made(self):
        self.run_it("init", "a/b/c/", code=0)
        self.run_it("check", "a/b/c", code=0)
        self.run_it("init", self.path("absolute", "p"), code=0)
        self.run_it("check", "absolute/p", code=0)

    def test_nothing_is_overwritten(self):
        self.write("p/team.yml", "mine")
        result = self.run_it("init", "p", "--template=studio", code=3)
        self.assertEqual(result.err, "mlopsc: cannot write `p/team.yml`: File exists\n")
        self.assertEqual(os.listdir(self.path("p")), ["team.yml"])
        self.assertEqual(support.read(self.path("p", "team.yml")), "mine")

    def test_a_dangling_link_is_something_too(self):
        os.mkdir(self.path("p"))
        os.symlink(self.path("elsewhere"), self.path("p", "main.mlops"))
        self.run_it("init", "p", code=3)
        self.assertFalse(os.path.exists(self.path("elsewhere")))

    def test_what_is_no_folder(self):
        self.write("p", "a file")
        self.assertIn("cannot write `p`: ", self.run_it("init", "p", code=3).err)
        self.assertIn("cannot write `p/q`: ", self.run_it("init", "p/q", code=3).err)

    def test_a_disk_that_is_full_keeps_nothing(self):
        if support.WRAPPER:
            self.skipTest("the tool writes files of its own")
        done = subprocess.run([self.mlopsc, "init", "p", "-t", "studio"], cwd=self.folder, capture_output=True, text=True, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4)))
        if done.returncode == 0:
            self.skipTest("more files are open than were thought to be needed")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(os.listdir(self.path("p")) if os.path.exists(self.path("p")) else [], [])

    def test_modes_follow_the_mask(self):
        self.run_it("init", "p", code=0)
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("p", "main.mlops")).st_mode), 0o666 & ~mask)

    def test_wrong_usage(self):
        self.wrong_usage("init", "--template", "stuido", says=("minimal, network, studio", "did you mean `studio`?"))
        self.wrong_usage("init", "a", "b", says="takes one argument")


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
