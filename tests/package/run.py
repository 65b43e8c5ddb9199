#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is given away: the static program in an empty root, the Debian package, and that every way of building the compiler, and of
starting it, gives the same bytes. MLOPSC is the compiler to compare with.

Cases: static, deb, clang, places. One whose tools are not installed says so and is left out.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import programs  # noqa: E402

EXAMPLES = ("quickstart", "enterprise-mlops")
NOBODY = 65534
ELSEWHERE = {"LC_ALL": "tr_TR.UTF-8", "LANG": "fr_FR.UTF-8", "TZ": "Pacific/Chatham", "HOME": "/nonexistent", "COLUMNS": "3"}


class Problem(Exception):
    pass


class Skipped(Exception):
    pass


def run(*command, env=None, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env, check=False, stdin=subprocess.DEVNULL, **more)
    if done.returncode != 0:
        raise Problem(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def need(present, what):
    if not present:
        raise Skipped(what)


def not_source(folder, names):
    top = pathlib.Path(folder) == programs.ROOT
    return [n for n in names if n in ("__pycache__", "node_modules") or (top and (n == ".git" or n.startswith("build")))]


def same(expected, found, what):
    different = programs.difference(expected, found)
    if different or not found:
        raise Problem(f"{what}:\n{different or 'no files'}")


class Cases:
    def __init__(self, compiler, scratch):
        self.compiler = compiler
        self.scratch = scratch
        # A copy, so that everything is made of the same source, and without the repository around it, as from an archive.
        self.source = scratch / "source"
        shutil.copytree(programs.ROOT, self.source, ignore=not_source)
        self.projects = scratch / "projects"
        self.projects.mkdir()
        for name in EXAMPLES:
            shutil.copytree(programs.ROOT / "examples" / name, self.projects / name, ignore=shutil.ignore_patterns("expected", "mlops.lock"))
        scratch.chmod(0o755)
        self.expected = {name: self.built(self.compiler, name) for name in EXAMPLES}

    def built(self, compiler, name):
        """The files that a compiler makes of an example."""
        out = pathlib.Path(tempfile.mkdtemp(dir=self.scratch)) / "out"
        run(compiler, "build", self.projects / name, "-o", out)
        return programs.files_of(out)

    def compile(self, name, *options, env=None):
        """The compiler, made anew in a folder of its own."""
        build = self.scratch / name
        run("meson", "setup", build, "-Dtests=false", *options, cwd=self.source, env={**os.environ, **(env or {})})
        run("ninja", "-C", build, "mlopsc")
        return build / "mlopsc"

    # ---- the cases -----------------------------------------------------------------------------------------------------------------

    def static(self):
        found = subprocess.run(["cc", "-static", "-x", "c", "-", "-o", "/dev/null", "-lyaml", "-lcjson", "-lnettle", "-lminizip", "-lz"], check=False,
                               input="int main(void) { return 0; }", text=True, capture_output=True)
        need(found.returncode == 0, "static libraries (tests/install-deps.sh static)")
        compiler = self.compile("static", "-Dstatic=true")
        ldd = subprocess.run(["ldd", compiler], capture_output=True, text=True, check=False)
        if ldd.returncode == 0 or "not a dynamic executable" not in ldd.stdout + ldd.stderr:
            raise Problem(f"it is not static: {ldd.stdout}")
        for name in EXAMPLES:
            same(self.expected[name], self.built(compiler, name), f"{name}, static")
        self.in_an_empty_root(compiler)

    def in_an_empty_root(self, compiler):
        """Nothing is there but the program and a project: no library, no /dev, no /proc, no /tmp."""
        enter = ["chroot"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]
        need(os.geteuid() == 0 or subprocess.run(["unshare", "--map-root-user", "true"], check=False, capture_output=True).returncode == 0,
             "the right to change the root")
        root = self.scratch / "empty-root"
        root.mkdir()
        shutil.copy(compiler, root / "mlopsc")
        for name in EXAMPLES:
            shutil.copytree(self.projects / name, root / name)
            run(*enter, root, "/mlopsc", "build", f"/{name}", "-o", f"/out/{name}", env={"PATH": os.environ["PATH"]})
            same(self.expected[name], programs.files_of(root / "out" / name), f"{name}, in an empty root")

    def deb(self):
        need(shutil.which("dpkg-shlibdeps") and shutil.which("dpkg-deb"), "dpkg-dev (tests/install-deps.sh package)")
        script = self.source / "tests/package/build-deb.sh"
        made = [pathlib.Path(run(script, self.scratch / out, self.scratch / "deb-build").split("\n")[-2]) for out in ("a", "b")]
        if made[0].read_bytes() != made[1].read_bytes():
            raise Problem("packing twice gives different bytes")
        fields = dict(re.findall(r"^([\w-]+): (.*)$", run("dpkg-deb", "--field", made[0]), re.M))
        missing = [p for p in ("libc6", "libcjson1", "libminizip1", "libnettle8", "libyaml-0-2") if not re.search(rf"(^|, ){p}\b", fields["Depends"])]
        if missing or not fields["Version"] or fields["Package"] != "mlopsc":
            raise Problem(f"the control data lacks {missing}: {fields}")
        root = self.scratch / "deb-root"
        run("dpkg-deb", "--extract", made[0], root)
        self.check_installed(root)
        version = run(root / "usr/bin/mlopsc", "version").split()[1]
        if version != fields["Version"]:
            raise Problem(f"the package is {fields['Version']}, the program {version}")
        for name in EXAMPLES:
            same(self.expected[name], self.built(root / "usr/bin/mlopsc", name), f"{name}, from the package")

    def check_installed(self, root):
        """Everything that the build installs, nothing else, readable for everybody; no trace of where it was built."""
        wanted = {"usr/bin/mlopsc", "usr/share/doc/mlopsc/copyright"}
        for path in json.loads(run("meson", "introspect", "--installed", self.scratch / "deb-build")).values():
            wanted.add(path.lstrip("/") + (".gz" if "/share/man/" in path else ""))
        found = {p.relative_to(root).as_posix() for p in root.rglob("*") if not p.is_dir()}
        if wanted != found:
            raise Problem(f"not as installed: {sorted(wanted ^ found)}")
        for path in found:
            mode = (root / path).stat().st_mode & 0o7777
            if mode != (0o755 if path.startswith("usr/bin/") else 0o644):
                raise Problem(f"{path} has mode {mode:o}")
        if str(self.source).encode() in (root / "usr/bin/mlopsc").read_bytes():
            raise Problem("the program names the folder in which it was built")

    def clang(self):
        """Another compiler, other flags: what a program means does not hang on undefined behaviour."""
        need(shutil.which("clang"), "clang")
        compiler = self.compile("clang", "-Doptimization=0", env={"CC": "clang"})
        for name in EXAMPLES:
            same(self.expected[name], self.built(compiler, name), f"{name}, clang -O0")

    def places(self):
        """Another folder, path, user, locale, time zone and umask; nothing of them is in the result."""
        deep = self.scratch / "ein Ordner ü" / "x"
        shutil.copytree(self.projects, deep)
        for name in EXAMPLES:
            starts = {
                "from within": (deep / name, ["build"], deep / name / "mlops.out"),
                "with a relative path": (deep, ["build", f"./{name}/../{name}/main.mlops", "-o", f"o-{name}"], deep / f"o-{name}"),
            }
            for what, (cwd, arguments, out) in starts.items():
                run(self.compiler, *arguments, cwd=cwd, env=ELSEWHERE)
                same(self.expected[name], programs.files_of(out), f"{name}, {what}")
            if os.geteuid() == 0:
                self.as_nobody(name)

    def as_nobody(self, name):
        home = self.scratch / f"nobody-{name}"
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        compiler = shutil.copy(self.compiler, home / "mlopsc")
        run(compiler, "build", self.projects / name, "-o", home / "out", env={}, user=NOBODY, group=NOBODY, extra_groups=[], umask=0o077)
        same(self.expected[name], programs.files_of(home / "out"), f"{name}, as another user")


def main():
    suite = programs.Suite(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        cases = Cases(suite.compiler, pathlib.Path(scratch))
        for name in ("static", "deb", "clang", "places"):
            if not suite.wants(name):
                continue
            try:
                getattr(cases, name)()
                suite.check(name, "")
            except Skipped as without:
                print(f"{name}: left out, for want of {without}")
            except Problem as problem:
                suite.check(name, str(problem))
    suite.finish()


main()
