#!/usr/bin/env python3
"""What tdca costs the compiler: seconds, memory and template instantiations.

Compiles an empty file, single headers, the whole library, the quick start and the quick start
without its command line and files, with each compiler at -O2. The point holds where g++ compiles
tdca.hpp and the quick start, each in under 8 s (median wall time) and under 1 GB.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["-O2", "-march=native", "-std=c++20", "-fopenmp"]
FOLDERS = [f"-I{ROOT / folder}" for folder in ("include", "examples", "cmake/build_info")]
SECONDS_LIMIT = 8.0
BYTES_LIMIT = 1e9
# Wall over user + system time from which on something else had the processor.
BUSY_LIMIT = 1.25
JUDGED = ("tdca.hpp", "quick start")


def include(header):
    return f"#include <{header}>\n"


# Name → source text, or the file that holds it.
CASES = {
    "empty file": "",
    "tdca/math/simd.hpp": include("tdca/math/simd.hpp"),
    "tdca/core/random.hpp": include("tdca/core/random.hpp"),
    "tdca/core/tensor.hpp": include("tdca/core/tensor.hpp"),
    "tdca.hpp": include("tdca/tdca.hpp"),
    "minimal": ROOT / "benchmarks/compile_time/minimal.cpp",
    "quick start": ROOT / "examples/quick_start.cpp",
}


def run_measured(command):
    """Runs a command; returns wall seconds, user + system seconds and peak bytes.

    wait4 of the driver adds the times of its children (cc1plus, as) and gives the largest peak
    among them and itself.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as messages:
        child = subprocess.Popen(command, stdout=messages, stderr=messages)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        # Popen cannot know that its child was waited for behind its back.
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            messages.seek(0)
            sys.exit(f"{' '.join(command)}\n{messages.read().decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def is_clang(version):
    return "clang" in version


def count_instantiations(command, output):
    """Template instantiations by clang's own trace, which it writes beside the object file."""
    run_measured([*command, "-ftime-trace", "-ftime-trace-granularity=0"])
    with open(output.with_suffix(".json"), encoding="utf-8") as file:
        events = json.load(file)["traceEvents"]
    return sum(event["name"] in ("InstantiateClass", "InstantiateFunction") for event in events)


def template_seconds(command):
    """User seconds that g++'s own report gives to templates. It has no count of them.

    The report costs system time, and its columns are rounded to hundredths: a share, no more.
    """
    done = subprocess.run([*command, "-ftime-report"], capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} -ftime-report\n{done.stderr}")
    # g++ leaves out a line that would be all zeros.
    found = re.search(r"^ template instantiation +: +([0-9.]+)", done.stderr, re.MULTILINE)
    return float(found[1]) if found else 0.0


def preprocessed_bytes(compiler, source):
    done = subprocess.run([compiler, *FLAGS, *FOLDERS, "-E", "-P", str(source)],
                          capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{compiler} -E {source}\n{done.stderr.decode(errors='replace')}")
    return len(done.stdout)


def measure(compiler, version, name, source, repeats, folder):
    if not isinstance(source, Path):
        path = folder / "case.cpp"
        path.write_text(source, encoding="utf-8")
        source = path
    output = folder / "case.o"
    command = [compiler, *FLAGS, *FOLDERS, "-c", str(source), "-o", str(output)]
    runs = [run_measured(command) for _ in range(repeats)]
    wall = [run[0] for run in runs]
    return {
        "case": name,
        "wall_seconds": statistics.median(wall),
        "wall_seconds_mean": statistics.mean(wall),
        "wall_seconds_standard_deviation": statistics.stdev(wall) if repeats > 1 else None,
        "cpu_seconds": statistics.median(run[1] for run in runs),
        "peak_bytes": max(run[2] for run in runs),
        "n": repeats,
        "preprocessed_bytes": preprocessed_bytes(compiler, source),
        "instantiations": count_instantiations(command, output) if is_clang(version) else None,
        "template_user_seconds": None if is_clang(version) else template_seconds(command),
    }


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.partition("\n")[0]


def cpu_name():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown"


def git_commit():
    # Without optional locks git does not even refresh its index: measuring changes nothing.
    try:
        described = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40",
             "--exclude=*"],
            capture_output=True, text=True, env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"})
    except FileNotFoundError:
        return "unknown"
    return described.stdout.strip() or "unknown"


def verdict(cases):
    """Whether the point holds, and its one-line figure, from g++'s cases by name."""
    holds = all(cases[name]["wall_seconds"] < SECONDS_LIMIT
                and cases[name]["peak_bytes"] < BYTES_LIMIT for name in JUDGED)
    figures = "; ".join(
        f"{name} {cases[name]['wall_seconds']:.1f} s and {cases[name]['peak_bytes'] / 1e6:.0f} MB"
        for name in JUDGED)
    tensor, empty = cases["tdca/core/tensor.hpp"], cases["empty file"]
    xtensor = tensor["wall_seconds"] - empty["wall_seconds"]
    return holds, (
        f"e: g++ -O2: {figures} (limits {SECONDS_LIMIT:.0f} s, {BYTES_LIMIT / 1e6:.0f} MB); "
        f"xtensor alone, with the standard headers it includes, {xtensor:.1f} s and "
        f"{(tensor['peak_bytes'] - empty['peak_bytes']) / 1e6:.0f} MB over an empty file")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--quick", action="store_true",
                        help="compile each once, to prove that everything runs; always exits 0")
    parser.add_argument("--repeats", type=int, default=5, metavar="N",
                        help="times to compile each (default 5)")
    parser.add_argument("--compilers", default="g++,clang++",
                        help="commands, separated by commas (default g++,clang++)")
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error("--repeats must be at least 1")
    repeats = 1 if options.quick else options.repeats

    report = {"program": "compile_time", "git_commit": git_commit(), "flags": " ".join(FLAGS),
              "cpu": cpu_name(), "quick": options.quick, "repeats": repeats, "compilers": [],
              "missing_compilers": []}
    gnu = None
    for compiler in options.compilers.split(","):
        if shutil.which(compiler) is None:
            print(f"{compiler}: missing, not measured\n")
            report["missing_compilers"].append(compiler)
            continue
        version = first_line([compiler, "--version"])
        print(f"{version}, {' '.join(FLAGS)}, median of {repeats}")
        if not is_clang(version):
            print("(g++ does not count instantiations: user seconds of that phase, -ftime-report)")
        column = "instantiations" if is_clang(version) else "templates, s"
        print(f"{'':24}{'wall s':>9}{'user+sys s':>12}{'peak MB':>9}{'source MB':>11}{column:>16}")
        cases = {}
        with tempfile.TemporaryDirectory() as folder:
            for name, source in CASES.items():
                row = measure(compiler, version, name, source, repeats, Path(folder))
                cases[name] = row
                templates = (row["instantiations"] if is_clang(version)
                             else f"{row['template_user_seconds']:.2f}")
                print(f"{name:24}{row['wall_seconds']:9.2f}{row['cpu_seconds']:12.2f}"
                      f"{row['peak_bytes'] / 1e6:9.0f}{row['preprocessed_bytes'] / 1e6:11.2f}"
                      f"{templates:>16}", flush=True)
        # A compiler waits for little but its turn.
        busy = (sum(row["wall_seconds"] for row in cases.values())
                / sum(row["cpu_seconds"] for row in cases.values()))
        if busy > BUSY_LIMIT:
            print(f"The machine was busy: wall time was {busy:.1f} times user + system time, "
                  "and the limit is on wall time")
        print()
        report["compilers"].append(
            {"command": compiler, "version": version, "cases": list(cases.values())})
        if gnu is None and not is_clang(version):
            gnu = cases

    if gnu is None:
        holds, figure = False, "e: g++ was not measured"
    else:
        holds, figure = verdict(gnu)
    report |= {"seconds_limit": SECONDS_LIMIT, "bytes_limit": BYTES_LIMIT, "holds": holds,
               "figure": figure}
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(("holds   " if holds else "FAILS   ") + figure)
    return 0 if holds or options.quick else 1


if __name__ == "__main__":
    sys.exit(main())
