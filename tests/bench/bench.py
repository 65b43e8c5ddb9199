#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs what tests/bench/run.sh has set up, round by round, and prints the table."""
import argparse
import collections
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FLEET = HERE.parent.parent / "examples" / "fleet"
RESOURCES = 50  # of each account
CDK_ACCOUNTS = 100
MOST_OF_JSONNET = 100

Run = collections.namedtuple("Run", "wall cpu peak")  # seconds, seconds, kB


class Contender:
    """Something that is measured: `command` writes into `out`, which is removed before each run."""

    def __init__(self, name, accounts, command, out, env=None, ready=None):
        self.name, self.accounts, self.command, self.out, self.env, self.ready = name, accounts, command, out, env or {}, ready
        self.runs = []

    def median(self, field):
        return statistics.median(getattr(run, field) for run in self.runs)


def remove(path):
    shutil.rmtree(path, ignore_errors=True)


def measure(tools, contender):
    remove(contender.out)
    if contender.ready:
        contender.ready()
    read, write = os.pipe()
    with open(os.devnull, "w") as null, open(read) as result:
        done = subprocess.run(["sh", "-c", 'exec "$@" 3>&9 9>&-'.replace("9", str(write)), "sh", str(tools / "measure"), *map(str, contender.command)],
                              stdout=null if contender.name != "floor" else subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, **contender.env}, pass_fds=[write])
        os.close(write)
        code, wall, cpu, peak = result.read().split()
    if int(code) != 0:
        sys.exit(f"{contender.name} with {contender.accounts} accounts ended with {code}:\n{done.stderr}")
    if contender.name == "floor":  # what it tells itself: reading does not count
        wall, cpu = done.stdout.split()
    return Run(float(wall), float(cpu), int(peak))


def contenders(options, folder):
    def ours(name, n, *more):
        more = [*more, *(["--lock", folder / f"{name}-{n}.lock"] if options.has_lock else [])]
        return Contender(name, n, [options.compiler, "build", FLEET, "-o", folder / f"{name}-{n}", "-D", f"accounts={n}", *more],
                         folder / f"{name}-{n}")

    found = []
    for n in options.sizes:
        distinct = ours("mlopsc", n)
        found += [distinct, ours("mlopsc, identical accounts", n, "-D", "identical=true")]
        if "floor" not in options.without:
            found.append(Contender("floor", n, [options.tools / "floor", distinct.out, folder / f"floor-{n}"], folder / f"floor-{n}"))
    if "jsonnet" not in options.without and shutil.which("jsonnet"):
        for n in [n for n in options.sizes if n <= MOST_OF_JSONNET]:
            out = folder / f"jsonnet-{n}"
            found.append(Contender("jsonnet", n, ["jsonnet", "-m", out, "--tla-code", f"accounts={n}", HERE / "fleet.jsonnet"], out,
                                   ready=lambda out=out: out.mkdir(parents=True)))
    app = options.modules / "aws-cdk-lib"
    nodes = sorted(options.modules.glob("node-linux-*/bin/node"))
    if "cdk" not in options.without and app.is_dir():
        for name, switch in (("CDK, validation off", "false"), ("CDK, validation on", "true")):
            out = folder / ("cdk-" + switch)
            found.append(Contender(name, CDK_ACCOUNTS, [nodes[0] if nodes else "node", HERE / "cdk.js"], out, env={
                "N": str(CDK_ACCOUNTS), "CDK_OUTDIR": str(out), "CDK_VALIDATION": switch, "NODE_PATH": str(options.modules),
                "CDK_DISABLE_VERSION_CHECK": "1", "AWS_CDK_DISABLE_TELEMETRY": "1"}))
    return found


def runs_of(contender, options):
    return options.runs if contender.accounts <= 1000 else max(1, options.runs // 3)


def check_same_data(found):
    """Jsonnet prints what the compiler writes, or the comparison means nothing."""
    for c in found:
        if c.name == "jsonnet":
            ours = next(o for o in found if o.name == "mlopsc" and o.accounts == c.accounts)
            name = f"workbench-member-{c.accounts - 1}.template.json"
            if c.accounts > 1 and json.loads((ours.out / name).read_text()) != json.loads((c.out / name).read_text()):
                sys.exit(f"jsonnet's {name} differs from the compiler's")


def ratio(a, b):
    return f"{a / b:.2f}" if b else ""


def table(found):
    floor = {c.accounts: c for c in found if c.name == "floor"}
    cdk = next((c for c in found if c.name == "CDK, validation off"), None)
    head = ["", "accounts", "wall s", "CPU s", "peak MiB", "resources/s", "x floor", "CDK / this"]
    rows = []
    for c in found:
        wall, cpu = c.median("wall"), c.median("cpu")
        written = c.name != "mlopsc, identical accounts"
        rows.append([c.name, f"{c.accounts}", f"{wall:.4f}", f"{cpu:.4f}", f"{c.median('peak') / 1024:.1f}",
                     f"{c.accounts * RESOURCES / wall:,.0f}" if written and wall else "",
                     ratio(wall, floor[c.accounts].median("wall")) if c.accounts in floor and c.name == "mlopsc" else "",
                     ratio(cdk.median("wall"), wall) if cdk and c.accounts == CDK_ACCOUNTS and c is not cdk else ""])
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))) + " |"
             for row in [head, *rows]]
    lines.insert(1, "|" + "|".join(("-" * (w + 1) + "-") if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|")
    return "\n".join(lines)


def instructions(options, folder):
    """Lines with the instructions that callgrind counts, and where most of them go. One process, so that one profile has them all."""
    profile = folder / "callgrind.out"
    print("\ninstructions (callgrind):")
    last = None
    for n in [n for n in options.sizes if n <= 100]:
        remove(folder / "callgrind")
        ran = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", options.compiler, "build", FLEET, "-o",
                              folder / "callgrind", "-D", f"accounts={n}", *options.single, *(["--lock", folder / "callgrind.lock"] if options.has_lock else [])],
                             capture_output=True, text=True, check=True)
        count = int(re.search(r"Collected : (\d+)", ran.stderr)[1])
        each = f", {(count - last[1]) / (n - last[0]) / RESOURCES:,.0f} for each further resource" if last else ""
        print(f"  {n:>6} accounts {count:>15,}{each}")
        last = n, count
    told = subprocess.run(["callgrind_annotate", profile], capture_output=True, text=True).stdout
    print("  where most of them go:")
    for share, where in re.findall(r"^ *[\d,]+ \( *([\d.]+)%\)  \S*?([\w.-]+:[\w'.]+)", told, re.M)[:15]:
        print(f"    {share:>5} %  {where}")


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "processor unknown")
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} processors, Linux {platform.release()}, load {load:.1f} before the start"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("compiler", type=pathlib.Path)
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--modules", type=pathlib.Path, required=True)
    parser.add_argument("--sizes", type=lambda s: [int(n) for n in s.split(",")], default=[1, 10, 100, 1000, 10000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--without", type=lambda s: s.split(","), default=[])
    options = parser.parse_args()
    options.compiler = options.compiler.resolve()
    helped = subprocess.run([options.compiler, "help", "build"], capture_output=True, text=True).stdout
    options.has_lock = "--lock " in helped
    options.single = ["--jobs", "0"] if "--jobs" in helped else []
    folder = (options.folder or options.compiler.parent / "bench").resolve()
    remove(folder)
    folder.mkdir(parents=True)
    print(machine())
    print(subprocess.run([options.compiler, "version"], capture_output=True, text=True).stdout.strip())
    found = contenders(options, folder)
    for c in found:  # once without counting: caches are warm, and what the others compare with is there
        measure(options.tools, c)
    check_same_data(found)
    for turn in range(options.runs):
        for c in found:
            if turn < runs_of(c, options):
                c.runs.append(measure(options.tools, c))
    print(f"medians of {options.runs} runs, {max(1, options.runs // 3)} above 1,000 accounts; results on {folder}\n")
    print(table(found))
    if "callgrind" not in options.without and shutil.which("valgrind"):
        instructions(options, folder)
    remove(folder)


main()
