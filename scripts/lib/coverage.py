#!/usr/bin/env python3
"""coverage.py BUILD: line and branch coverage per folder of include/tdca, and what is missing, from gcov's counts in
the folder BUILD. Exits 1 below 95 % of the lines or 85 % of the branches.

A line or branch of a template is reached where any instance reached it: instances are matched by where their
function starts, and their branches by order. Where a function is inlined everywhere, gcov knows no instances: each of
its lines counts as one decision, taken or not. Of the two ways out of a call, return and throw, neither is a branch; nor
are those out of an assertion, nor what a closing brace destroys."""

import collections
import json
import pathlib
import subprocess
import sys

GOALS = {"lines": 95.0, "branches": 85.0}
HEADERS = pathlib.Path(__file__).parents[2] / "include/tdca"


def decisions(branches):
    """Whether each way out of a decision was taken: gcov names the return of a call, then its throw."""
    taken = []
    for branch in branches:
        if branch["throw"]:
            taken.pop()
        else:
            taken.append(branch["count"] > 0)
    return taken


def merge(counts, lines, branches):
    """Adds what gcov knows of one object file to {(header, line): reached}, {(header, function, line, number): reached}."""
    for file in counts["files"]:
        path = pathlib.Path(counts["current_working_directory"], file["file"]).resolve()
        if not path.is_relative_to(HEADERS):
            continue
        header = str(path.relative_to(HEADERS))
        text = path.read_text(encoding="utf-8").splitlines()
        starts = {f["name"]: (f["start_line"], f["start_column"]) for f in file["functions"]}
        for line in file["lines"]:
            at = line["line_number"]
            lines[header, at] |= line["count"] > 0
            code = text[at - 1].strip()
            # At a brace stand destructors, and flags of which temporaries a constructor that threw had left.
            if code.startswith("assert(") or not code.strip("{})];"):
                continue
            function = starts.get(line.get("function_name"))
            for number, taken in enumerate(decisions(line["branches"])):
                branches[header, function, at, number if function else number % 2] |= taken


def ranges(numbers):
    """[1, 2, 3, 7] -> "1-3, 7"."""
    parts = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in parts)


class Share:
    """How many lines and branches of a header, a folder or all were reached."""

    def __init__(self):
        self.reached = collections.Counter()
        self.all = collections.Counter()

    def add(self, kind, reached):
        self.all[kind] += 1
        self.reached[kind] += reached

    def percent(self, kind):
        return 100 * self.reached[kind] / self.all[kind] if self.all[kind] else 100.0

    def is_low(self):
        return any(self.percent(kind) < goal for kind, goal in GOALS.items())

    def __str__(self):
        return "".join(
            f"{self.reached[kind]:8} of {self.all[kind]:5}{self.percent(kind):8.1f} %" for kind in GOALS)


def main(build):
    reached = {kind: collections.defaultdict(bool) for kind in GOALS}
    for data in sorted(pathlib.Path(build).resolve().rglob("*.gcda")):
        output = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", str(data)],
                                check=True, capture_output=True, text=True, cwd=build).stdout
        for counts in output.splitlines():
            merge(json.loads(counts), *reached.values())
    if not reached["lines"]:
        sys.exit(f"{build}: no counts of include/tdca")

    total, folders, headers = Share(), collections.defaultdict(Share), collections.defaultdict(Share)
    missing = {kind: collections.defaultdict(set) for kind in GOALS}
    for kind, results in reached.items():
        for (header, *_, at), hit in ((key if kind == "lines" else key[:3], hit) for key, hit in results.items()):
            for share in (total, folders[header.split("/")[0]], headers[header]):
                share.add(kind, hit)
            if not hit:
                missing[kind][header].add(at)

    print(f"{'':36}{'lines':>25}{'branches':>25}")
    for folder, share in sorted(folders.items()):
        print(f"{folder:36}{share}")
    print(f"{'include/tdca':36}{total}")
    low = {header: share for header, share in headers.items() if share.is_low()}
    print(f"\n{len(low)} of {len(headers)} headers are below a goal ({GOALS['lines']:g} % of lines, "
          f"{GOALS['branches']:g} % of branches)")
    for header, share in sorted(low.items()):
        print(f"{header:36}{share}")
    bare = {str(path.relative_to(HEADERS)) for path in HEADERS.rglob("*.hpp")} - headers.keys()
    print(f"\nWithout a line that could run, or in no program that ran: {', '.join(sorted(bare))}")
    for kind in GOALS:
        print(f"\nNot reached, {kind}")
        for header, numbers in sorted(missing[kind].items()):
            print(f"  {header}: {ranges(numbers)}")
    sys.exit(1 if total.is_low() else 0)


if __name__ == "__main__":
    main(sys.argv[1])
