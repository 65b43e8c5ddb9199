#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong while a build is written, the folder holds one whole build, the last one or this one: run.py MLOPSC INJECT [TEST…]

INJECT is inject.c's library, which makes one system call fail. Every test has two programs, a and b, whose builds share a file, differ in
one, and have one each of their own.
"""
import ctypes
import errno
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import programs  # noqa: E402
import support  # noqa: E402

NOBODY = 65534
HEAD = 'account dev { id: "222222222222", region: "eu-west-1" }\nlet text = yaml("data.yml")\nassert text.key == "value", "another file"\n'
BOTH = "stack same in dev { AWS::S3::Bucket data {} }\n"
PROGRAMS = {
    "a": HEAD + BOTH + "stack changes in dev { AWS::S3::Bucket one {} }\nstack goes in dev { AWS::S3::Bucket data {} }\n",
    "b": HEAD + BOTH + "stack changes in dev { AWS::S3::Bucket two {} }\nstack comes in dev { AWS::SNS::Topic news {} }\n",
}
SHARED = "same.template.json"
# Where waiting for the disk costs nothing, when programs may be started there.
FAST = "/dev/shm" if os.access("/dev/shm", os.W_OK) and not os.statvfs("/dev/shm").f_flag & os.ST_NOEXEC else None
MOST_CALLS = 400    # of one kind in one build; a sweep that goes further is a mistake of the test


class Case(unittest.TestCase):
    mlopsc = inject = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="mlopsc-faults-", dir=FAST)
        self.addCleanup(scratch.cleanup)
        self.top = pathlib.Path(scratch.name)
        self.top.chmod(0o755)
        for name, text in PROGRAMS.items():
            support.write(self.top, f"{name}/main.mlops", text)
            support.write(self.top, f"{name}/data.yml", "key: value\n")
        self.expected = {}
        for name in PROGRAMS:
            self.build(name, self.top / "expected" / name)
            self.expected[name] = programs.files_of(self.top / "expected" / name)
        shared = self.expected["a"].keys() & self.expected["b"].keys()
        self.assertTrue(SHARED in shared and self.expected["a"].keys() != self.expected["b"].keys())
        self.place = self.top / "place"
        self.place.mkdir()
        self.out = self.place / "out"

    def start(self, program, out=None, env=None, **more):
        """The build as a process. What is not said otherwise: a small environment, no input, output into pipes."""
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        clean = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")}
        command = [*support.WRAPPER, self.mlopsc, "build", str(self.top / program), "-o", str(out or self.out)]
        return subprocess.Popen(command, env={**clean, **(env or {})}, **more)

    def build(self, program, out=None, code=0, **more):
        """Builds, wants the exit code, and returns what was said."""
        process = self.start(program, out, **more)
        said = b"".join(t or b"" for t in process.communicate(timeout=60)).decode()
        self.assertEqual(process.returncode, code, said)
        return said

    def holds(self, *names, out=None):
        """The folder is exactly the build of one of these programs."""
        found = programs.files_of(out or self.out)
        differences = [programs.difference(self.expected[name], found) for name in names]
        self.assertTrue("" in differences, f"no build of {' or '.join(names)}:\n{differences[0]}")

    def is_clean(self, place=None):
        self.assertEqual(sorted(os.listdir(place or self.place)), ["out"])

    def needs_injection(self):
        with open(self.mlopsc, "rb") as f:
            content = f.read()
        if support.WRAPPER or b"__asan" in content or b"libc.so" not in content:
            self.skipTest("nothing can be preloaded into this compiler")

    def needs_root(self):
        if os.geteuid() != 0:
            self.skipTest("wants root")

    def injected(self, call, at, action, log=None):
        return {"LD_PRELOAD": self.inject, "FAULT_CALL": call, "FAULT_AT": str(at), "FAULT_ACTION": action, **({"FAULT_LOG": str(log)} if log else {})}


class Sweep(Case):
    """One fault at every single system call of its kind, from the first to the last."""

    def sweep(self, call, action, check, counted, **more):
        for at in range(1, MOST_CALLS):
            place = self.top / f"{call}-{action}-{at}".replace(" ", "-")
            place.mkdir()
            out, log = place / "out", place.with_suffix(".struck")
            self.build("a", out)
            process = self.start("b", out, env=self.injected(call, at, action, log), **more)
            said = b"".join(process.communicate(timeout=60)).decode()
            what = f"{call} {at}: {action}: exit code {process.returncode}\n{said}"
            with self.subTest(what):
                self.holds("a", "b", out=out)
                check(process.returncode, said, out)
                self.build("b", out)
                self.holds("b", out=out)
                self.is_clean(place)
            if not log.exists():
                counted.append(at - 1)
                return
        self.fail(f"{call}: no end")

    def sweep_all(self, faults, check, **more):
        self.needs_injection()
        counted = []
        for call, action in faults:
            self.sweep(call, action, check, counted, **more)
        self.assertGreater(sum(counted), len(faults), "hardly a call was hit")

    def fails_cleanly(self, code, said, out):
        """Done, or a message and the old build. Exit code 1: a file that the program names could not be read."""
        self.assertIn(code, (0, 1, 3))
        if code == 0:
            self.holds("b", out=out)
        elif programs.files_of(out) == self.expected["a"]:
            self.assertRegex(said, r"error\[ML\d+\]: cannot (read|write) ")
            self.is_clean(out.parent)

    def test_errors(self):
        calls = ("open64", "openat64", "read", "fstat64", "mkdirat", "flock", "fchmod", "linkat", "renameat2", "renameat")
        self.sweep_all([(call, f"error {errno.EIO}") for call in calls], self.fails_cleanly)

    def test_a_full_disk_at_every_call(self):
        calls = ("write", "fsync", "close", "mkdirat", "linkat", "renameat2")
        self.sweep_all([(call, f"error {errno.ENOSPC}") for call in calls], self.fails_cleanly)

    def test_what_a_file_system_cannot_do(self):
        """No exchange, no hard links, no locks: the build is written all the same."""
        self.sweep_all([("renameat2", f"error {errno.EINVAL}"), ("linkat", f"error {errno.EPERM}"), ("flock", f"error {errno.ENOLCK}")],
                       lambda code, said, out: self.assertEqual(code, 0, said))

    def test_interrupted_and_partial_calls(self):
        self.sweep_all([("read", "again"), ("write", "again"), ("read", "half"), ("write", "half")],
                       lambda code, said, out: (self.assertEqual(code, 0, said), self.holds("b", out=out)))

    def test_removing_fails(self):
        """What could not be removed goes with the next build."""
        self.sweep_all([("unlinkat", f"error {errno.EIO}")], lambda code, said, out: (self.assertEqual(code, 0), self.holds("b", out=out)))

    def test_kill(self):
        self.sweep_all([(call, "signal 9") for call in ("mkdirat", "write", "linkat", "fsync", "renameat2", "unlinkat", "close")],
                       lambda code, said, out: self.assertIn(code, (0, -signal.SIGKILL)))

    def test_kill_where_nothing_can_be_exchanged(self):
        """There the old build may be gone for a moment, but nothing is ever half there, and the next build is."""
        self.needs_injection()
        self.build("a")
        aside = self.place / ".out.mlopsc-1-0.old"
        self.out.rename(aside)
        (self.place / ".out.mlopsc-1-0").mkdir()
        self.build("b")
        self.holds("b")
        self.is_clean()

    def test_interrupt_and_terminate(self):
        """These leave no temporary folder at all."""
        def check(code, _, out):
            self.assertIn(code, (0, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP))
            self.is_clean(out.parent)
        faults = [(call, f"signal {int(s)}") for call, s in (
            ("mkdirat", signal.SIGINT), ("write", signal.SIGTERM), ("fsync", signal.SIGINT), ("renameat2", signal.SIGHUP),
            ("unlinkat", signal.SIGTERM), ("close", signal.SIGINT))]
        self.sweep_all(faults, check)

    def test_ignored_signals(self):
        self.sweep_all([("write", f"signal {int(signal.SIGINT)}"), ("fsync", f"signal {int(signal.SIGHUP)}")],
                       lambda code, said, out: self.assertEqual(code, 0, said),
                       preexec_fn=lambda: [signal.signal(s, signal.SIG_IGN) for s in (signal.SIGINT, signal.SIGHUP)])


class LockFile(Case):
    """mlops.lock is the old one or the new one, and the folder is written before it."""

    def test_a_fault_at_every_call(self):
        self.needs_injection()
        for call, action in (("write", f"error {errno.ENOSPC}"), ("fsync", f"error {errno.EIO}"), ("close", f"error {errno.EIO}"),
                             ("open64", f"error {errno.EIO}"), ("write", "half"), ("write", "signal 9"), ("fsync", "signal 9")):
            for at in range(1, MOST_CALLS):
                name = f"{call}-{action}-{at}".replace(" ", "-")
                project, out, log = self.top / name / "project", self.top / name / "out", self.top / f"{name}.struck"
                support.write(project, "main.mlops", "platform p {}\n" + HEAD + BOTH)
                support.write(project, "data.yml", "key: value\n")
                self.build(project, out)
                old = (project / "mlops.lock").read_text()
                support.write(project, "main.mlops", "platform p {}\n" + HEAD + BOTH + "stack more in dev { AWS::S3::Bucket data {} }\n")
                process = self.start(project, out, env=self.injected(call, at, action, log))
                said = b"".join(process.communicate(timeout=60)).decode()
                with self.subTest(f"{name}: exit code {process.returncode}\n{said}"):
                    lock = (project / "mlops.lock").read_text()
                    is_new = "resource more Data" in lock
                    self.assertTrue(is_new or lock == old, lock)
                    self.assertTrue(not is_new or (out / "more.template.json").exists())
                    self.assertTrue(is_new or process.returncode != 0)
                    if process.returncode >= 0:
                        self.assertEqual(sorted(os.listdir(project)), ["data.yml", "main.mlops", "mlops.lock"])
                    self.build(project, out)
                    self.assertIn("resource more Data", (project / "mlops.lock").read_text())
                if not log.exists():
                    break


class Killed(Case):
    def test_at_random_moments(self):
        self.build("a")
        chance = random.Random(1)
        started = time.monotonic()
        self.build("b")
        usual = time.monotonic() - started
        killed, last = 0, "b"
        for i in range(150):
            program = "ab"[i % 2]
            process = self.start(program)
            time.sleep(chance.uniform(0, usual))
            process.kill()
            process.communicate()
            killed += process.returncode != 0
            self.holds("a", "b") if process.returncode else self.holds(program)
            if i % 10 == 9:
                self.build(last)
                self.holds(last)
                self.is_clean()
        self.assertGreater(killed, 10)


class Together(Case):
    def race(self, count, rounds):
        def many(number):
            codes = []
            for i in range(rounds):
                process = self.start("ab"[(number + i) % 2])
                said = b"".join(process.communicate(timeout=60)).decode()
                codes.append((process.returncode, "" if process.returncode == 0 else said))
            return codes
        with ThreadPoolExecutor(count) as pool:
            return [code for codes in pool.map(many, range(count)) for code in codes]

    def test_many_builds_into_one_folder(self):
        self.build("a")
        missing, done = [], threading.Event()

        def watch():
            while not done.is_set():
                if not (self.out / "manifest.json").exists():
                    missing.append(1)
        watcher = threading.Thread(target=watch)
        watcher.start()
        codes = self.race(4, 20)
        done.set()
        watcher.join()
        self.assertEqual(set(codes), {(0, "")})
        self.assertEqual(missing, [], "for a moment there was no build")
        self.holds("a", "b")
        self.build("a")
        self.is_clean()

    def test_many_first_builds(self):
        for _ in range(10):
            self.assertEqual(set(self.race(4, 1)), {(0, "")})
            self.holds("a", "b")
            self.build("a")
            self.is_clean()
            shutil.rmtree(self.out)

    def test_in_steps(self):
        """Where folders cannot be exchanged, some of many builds may find nothing or another's; none leaves half a build."""
        self.needs_injection()
        self.build("a")
        with ThreadPoolExecutor(4) as pool:
            def once(i):
                process = self.start("ab"[i % 2], env=self.injected("renameat2", 1, f"error {errno.EINVAL}"))
                return process.returncode if process.communicate(timeout=60) is None else process.wait()
            codes = list(pool.map(once, range(40)))
        self.assertLessEqual(set(codes), {0, 3})
        self.assertIn(0, codes)
        self.build("a")
        self.holds("a")
        self.is_clean()


class Meanwhile(Case):
    """Somebody changes the place while the build waits at a system call."""

    def at(self, call, change, code):
        self.needs_injection()
        self.build("a")
        process = self.start("b", env=self.injected(call, 1, "stop"))
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status), f"it did not come to {call}")
        change()
        process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, code, said)
        self.assertEqual([n for n in os.listdir(self.place) if n.startswith(".")], [])
        return said

    def to_link(self):
        support.write(self.place, "outside/precious.txt", "mine")
        self.out.rename(self.place / "moved")
        self.out.symlink_to("outside")

    def to_folder(self):
        support.write(self.place, "other/precious.txt", "mine")
        self.out.rename(self.place / "moved")
        (self.place / "other").rename(self.out)

    def test_it_becomes_a_link(self):
        for call in "write", "fsync", "renameat2":
            with self.subTest(call):
                said = self.at(call, self.to_link, 3)
                self.assertIn("error[ML", said)
                self.assertEqual(os.readlink(self.out), "outside")
                self.assertEqual(programs.files_of(self.place / "outside"), {"precious.txt": b"mine"})
                self.holds("a", out=self.place / "moved")
            shutil.rmtree(self.place)
            self.place.mkdir()

    def test_a_file_becomes_a_link_that_leads_outside(self):
        """After it was found to lie in the project, and before it is opened."""
        self.needs_injection()
        support.write(self.top, "secret.yml", "key: stolen\n")
        data, outcomes = self.top / "a/data.yml", set()
        for at in range(1, 8):
            process = self.start("a", env=self.injected("stat64", at, "stop"))
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                process.returncode = os.waitstatus_to_exitcode(status)
                process.communicate()
                break
            data.unlink()
            data.symlink_to(self.top / "secret.yml")
            process.send_signal(signal.SIGCONT)
            said = process.communicate(timeout=60)[1].decode()
            outcomes.add(process.returncode)
            self.assertNotIn("stolen", said)
            data.unlink()
            support.write(self.top, "a/data.yml", "key: value\n")
        self.assertGreater(at, 2)
        self.assertIn(1, outcomes)

    def test_it_becomes_another_folder(self):
        for call in "write", "fsync", "renameat2":
            with self.subTest(call):
                self.assertIn("holds files, but no build of mlopsc", self.at(call, self.to_folder, 3))
                self.assertEqual(programs.files_of(self.out), {"precious.txt": b"mine"})
                self.holds("a", out=self.place / "moved")
            shutil.rmtree(self.place)
            self.place.mkdir()

    def test_it_goes_away(self):
        for call in "write", "renameat2":
            with self.subTest(call):
                self.at(call, lambda: shutil.rmtree(self.out), 0)
                self.holds("b")
                self.is_clean()

    def test_the_temporary_folder_goes_away(self):
        self.at("fsync", lambda: [shutil.rmtree(p) for p in self.place.glob(".out.mlopsc-*")], 3)
        self.holds("a")


class Disk(Case):
    def mount(self, options):
        self.needs_root()
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"tmpfs", str(self.place).encode(), b"tmpfs", 0, options.encode()) != 0:
            self.skipTest(f"cannot mount: {os.strerror(ctypes.get_errno())}")
        self.addCleanup(libc.umount2, str(self.place).encode(), 2)
        return libc

    def test_it_fills(self):
        """From no free page to enough of them."""
        self.mount("size=256k")
        self.build("a")
        codes = []
        for pages in range(14):
            filler = self.place.joinpath("filler")
            with open(filler, "wb", buffering=0) as f:
                try:
                    while True:
                        f.write(bytes(4096))
                except OSError:
                    f.truncate(max(0, f.seek(0, os.SEEK_END) - 4096 * pages))
            process = self.start("b")
            said = process.communicate(timeout=60)[1].decode()
            codes.append(process.returncode)
            if process.returncode == 0:
                self.holds("b")
            else:
                self.assertEqual(process.returncode, 3)
                self.assertIn("No space left on device", said)
                self.holds("a")
            filler.unlink()
            self.is_clean()
            self.build("a")
        self.assertEqual((codes[0], codes[-1]), (3, 0), codes)
        self.assertEqual(codes, sorted(codes, reverse=True))

    def test_inodes_run_out(self):
        self.mount(f"nr_inodes={len(self.expected['a']) + 4}")
        self.build("a")
        self.assertIn("No space left on device", self.build("b", code=3))
        self.holds("a")
        self.is_clean()

    def test_it_is_read_only(self):
        libc = self.mount("size=256k")
        self.build("a")
        self.assertEqual(libc.mount(b"none", str(self.place).encode(), None, 32 | 1, None), 0)    # MS_REMOUNT | MS_RDONLY
        self.assertIn("Read-only file system", self.build("b", code=3))
        self.holds("a")

    def test_full_streams(self):
        with open("/dev/full", "wb") as full:
            self.build("b", stdout=full)
            self.build("a", stderr=full, code=3)
        self.holds("a")


class Rights(Case):
    """As somebody who is not root."""

    def setUp(self):
        super().setUp()
        if os.geteuid() == 0:
            self.mlopsc = shutil.copy(self.mlopsc, self.top / "mlopsc")
            os.chown(self.place, NOBODY, NOBODY)
            self.who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        else:
            self.who = {}
        self.build("a", **self.who)
        self.addCleanup(lambda: [p.chmod(0o755) for p in (self.place, self.out) if p.exists()])

    def test_a_read_only_parent(self):
        self.place.chmod(0o555)
        self.assertIn("Permission denied", self.build("b", code=3, **self.who))
        self.holds("a")
        self.is_clean()

    def test_a_read_only_folder(self):
        self.out.chmod(0o555)
        self.assertIn("Permission denied", self.build("b", code=3, **self.who))
        self.holds("a")
        self.is_clean()

    def test_files_of_somebody_else(self):
        self.needs_root()
        for path in self.out.iterdir():
            os.chown(path, 0, 0)
        self.build("b", **self.who)
        self.holds("b")
        self.is_clean()
        self.assertEqual({p.stat().st_uid for p in self.out.iterdir() if p.name != SHARED}, {NOBODY})

    def test_a_read_only_file(self):
        for path in self.out.iterdir():
            path.chmod(0o444)
        self.build("b", **self.who)
        self.holds("b")
        self.is_clean()

    def test_a_mask_that_takes_everything(self):
        shutil.rmtree(self.out)
        self.assertIn("Permission denied", self.build("b", code=3, umask=0o777, **self.who))
        self.assertEqual(os.listdir(self.place), [])

    def test_sources_that_cannot_be_read(self):
        support.write(self.top, "b/data.yml", "")
        (self.top / "b/data.yml").chmod(0)
        process = self.start("b", **self.who)
        self.assertIn("Permission denied", process.communicate()[1].decode())
        self.assertIn(process.returncode, (1, 3))
        self.holds("a")
        self.is_clean()


class Surroundings(Case):
    def test_links_in_the_folder_lead_nowhere(self):
        support.write(self.top, "outside/precious.txt", "mine")
        outside = self.top / "outside"
        self.build("a")
        for name in SHARED, "goes.template.json", "manifest.json.old":
            (self.out / name).unlink(missing_ok=True)
            (self.out / name).symlink_to(outside / "precious.txt")
        (self.out / "folder").symlink_to(outside)
        self.build("b")
        self.holds("b")
        self.is_clean()
        self.assertFalse(any(p.is_symlink() for p in self.out.iterdir()))
        self.assertEqual(programs.files_of(outside), {"precious.txt": b"mine"})

    def test_masks(self):
        for mask, file, folder in (0o022, 0o644, 0o755), (0o077, 0o600, 0o700), (0o002, 0o664, 0o775), (0o027, 0o640, 0o750):
            shutil.rmtree(self.out, ignore_errors=True)
            self.build("a", umask=mask)
            self.assertEqual({p.stat().st_mode & 0o7777 for p in self.out.iterdir()}, {file})
            self.assertEqual(self.out.stat().st_mode & 0o7777, folder)

    def test_unchanged_files_keep_their_time(self):
        self.build("a")
        for path in self.out.iterdir():
            os.utime(path, (1000000000, 1000000000))
        self.build("b")
        times = {p.name: int(p.stat().st_mtime) for p in self.out.iterdir()}
        kept = {n for n in self.expected["b"] if self.expected["a"].get(n) == self.expected["b"][n]}
        self.assertIn(SHARED, kept)
        self.assertEqual({n for n, t in times.items() if t == 1000000000}, kept)

    def test_closed_streams(self):
        for closing in "<&-", "<&- >&-":
            done = subprocess.run(["sh", "-c", f'exec "$0" build "$1" -o "$2" {closing}', self.mlopsc, str(self.top / "a"), str(self.out)],
                                  check=False, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.holds("a")

    def test_environments(self):
        for env in {f"VARIABLE_{i}": "x" * 100000 for i in range(12)}, {"HOME": ""}, {"HOME": "/nonexistent", "TMPDIR": "/nonexistent"}, \
                {"LC_ALL": "fr_FR.UTF-8"}, {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}, {"LC_ALL": "nonsense", "TZ": ":nonsense"}, {"COLUMNS": "0"}:
            self.build("a", env=env)
            self.holds("a")
        done = subprocess.run(["env", "-i", self.mlopsc, "build", str(self.top / "b"), "-o", str(self.out)], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.holds("b")

    def test_a_current_folder_that_is_gone(self):
        done = subprocess.run(["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$0" build "$1" -o "$2"', self.mlopsc,
                               str(self.top / "a"), str(self.out)], cwd=self.top, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.holds("a")


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    Case.inject = os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
