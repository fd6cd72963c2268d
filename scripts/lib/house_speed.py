#!/usr/bin/env python3
"""Updates and generations of two checkouts in turn, and the instructions of an update: whether the second is as fast.

Usage: house_speed.py BEFORE NOW WORK [--rounds N] [--json FILE]
BEFORE and NOW are checkouts, WORK a folder for what is built. The point holds where no median of processor seconds and
no count of instructions has risen by over 2 %.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

LIMIT = 1.02
NETWORKS = ("784-64-10-adam", "784-256-10-plain")
UPDATES = {"784-64-10-adam": 15000, "784-256-10-plain": 5000}
GENERATIONS = ["--recipe", "images", "--data", "fashion_mnist", "--generations", "1", "--threads", "1"]
NATIVE = ["-std=c++20", "-O3", "-DNDEBUG", "-march=native"]
ROOMS = ("examples", "benchmarks/studies")  # where programs stood before the moves, and stand


def run(command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def processor_seconds(command):
    """User and system seconds of a command: what else runs beside it costs little of them."""
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        complaint = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(complaint.decode())
    return usage.ru_utime + usage.ru_stime


def instructions(checkout):
    """Those of an update, by the checkout's own script, which exits 1 where its own recorded counts are lower."""
    done = subprocess.run([checkout / "scripts/instructions.sh"], capture_output=True, text=True)
    counts = {name: int(count) for name, count in re.findall(r"^(\S+) +(\d+) +\d+ +[-+]", done.stdout, re.MULTILINE)}
    if not counts.keys() >= set(NETWORKS):
        sys.exit(done.stdout + done.stderr)
    return counts


def programs(checkout, work):
    """Builds the checkout's updates and its evolution; returns the commands."""
    updates = work / "one_update"
    run(["g++", *NATIVE, *(f"-I{checkout / folder}" for folder in ("include", "examples", "benchmarks")),
         "-o", updates, checkout / "benchmarks/instructions/one_update.cpp"])
    build = work / "build"
    run(["cmake", "-S", checkout, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
         "-DCMAKE_CXX_FLAGS=-march=native", "-DTDCA_BUILD_TESTS=OFF"])
    run(["cmake", "--build", build, "--target", "evolve_genome"])
    evolve = next(build / room / "evolve_genome" for room in ROOMS if (build / room / "evolve_genome").exists())
    commands = {f"update {name}": [updates, name, UPDATES[name]] for name in NETWORKS}
    # A checkpoint in the way would be gone on from, or refused.
    commands["generation"] = ["sh", "-c", 'rm -f "$1"*; shift; exec "$@"', "sh", work / "genome.safetensors",
                              evolve, *GENERATIONS, "--output", work / "genome.safetensors"]
    return commands


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("now", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    checkouts = {"before": arguments.before.resolve(), "now": arguments.now.resolve()}
    commands, counts = {}, {}
    for name, checkout in checkouts.items():
        work = arguments.work.resolve() / name
        work.mkdir(parents=True, exist_ok=True)
        commands[name] = programs(checkout, work)
        counts[name] = instructions(checkout)

    report = {"rounds": arguments.rounds, "instructions": counts, "processor_seconds": {}}
    worst = ("", 0.0)
    for what in commands["now"]:
        seconds = {name: [] for name in checkouts}
        for turn in range(arguments.rounds):
            for name in sorted(checkouts, reverse=turn % 2 == 1):
                seconds[name].append(processor_seconds(commands[name][what]))
        ratios = [now / before for now, before in zip(seconds["now"], seconds["before"])]
        low, middle, high = statistics.quantiles(ratios, n=4)
        report["processor_seconds"][what] = {**{name: statistics.median(of) for name, of in seconds.items()},
                                             "ratio": middle, "quartiles": [low, high]}
        print(f"{what:28}{statistics.median(seconds['before']):8.2f} s before {statistics.median(seconds['now']):8.2f} s now"
              f"   {100 * (middle - 1):+.1f} % ({100 * (low - 1):+.1f} to {100 * (high - 1):+.1f})", flush=True)
        worst = max(worst, (what, middle), key=lambda pair: pair[1])
    for name in NETWORKS:
        ratio = counts["now"][name] / counts["before"][name]
        print(f"{'instructions ' + name:28}{counts['before'][name]:10} before {counts['now'][name]:10} now   "
              f"{100 * (ratio - 1):+.1f} %")
        worst = max(worst, ("instructions " + name, ratio), key=lambda pair: pair[1])
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    holds = worst[1] <= LIMIT
    print(f"{'holds ' if holds else 'FAILS '}  f: beside the last commit before the first move: at most "
          f"{100 * (worst[1] - 1):+.1f} % ({worst[0]}), 2 % allowed")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
