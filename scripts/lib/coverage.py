#!/usr/bin/env python3
"""coverage.py FILE: prints line and branch coverage per folder of include/tdca from gcovr's JSON, and what is missing."""

import collections
import json
import pathlib
import sys

GOALS = {"lines": 95.0, "branches": 85.0}


def ranges(numbers):
    """[1, 2, 3, 7] -> "1-3, 7"."""
    parts = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in parts)


class Count:
    def __init__(self):
        self.reached = collections.Counter()
        self.all = collections.Counter()

    def add(self, kind, reached):
        self.all[kind] += 1
        self.reached[kind] += reached

    def share(self, kind):
        return 100 * self.reached[kind] / self.all[kind] if self.all[kind] else 100.0

    def text(self):
        return "".join(f"{self.reached[kind]:8} of {self.all[kind]:5}{self.share(kind):8.1f} %" for kind in GOALS)

    def is_low(self):
        return any(self.share(kind) < goal for kind, goal in GOALS.items())


total = Count()
folders = collections.defaultdict(Count)
files = {}
for file in json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["files"]:
    path = file["file"].removeprefix("include/tdca/")
    here = Count()
    missing = {"lines": [], "branches": []}
    for line in file["lines"]:
        if line.get("gcovr/noncode"):
            continue
        results = [("lines", line["count"] > 0)] + [("branches", b["count"] > 0) for b in line["branches"]]
        for kind, reached in results:
            for count in (here, folders[path.split("/")[0]], total):
                count.add(kind, reached)
            if not reached and line["line_number"] not in missing[kind]:
                missing[kind].append(line["line_number"])
    files[path] = here, missing

print(f"{'':36}{'lines':>24}{'branches':>24}")
for folder, count in sorted(folders.items()):
    print(f"{folder:36}{count.text()}")
print(f"{'include/tdca':36}{total.text()}")

low = {path: entry for path, entry in files.items() if entry[0].is_low()}
print(f"\nFiles below {GOALS['lines']:g} % of lines or {GOALS['branches']:g} % of branches: {len(low)} of {len(files)}")
for path, (count, _) in sorted(low.items()):
    print(f"{path:36}{count.text()}")

for kind in GOALS:
    print(f"\n{kind.capitalize()} not reached")
    for path, (_, missing) in sorted(files.items()):
        if missing[kind]:
            print(f"  {path}: {ranges(missing[kind])}")

sys.exit(1 if total.is_low() else 0)
