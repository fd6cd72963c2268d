#!/usr/bin/env python3
"""renew_own_rows.py OLD NEW: puts the rows of tdca in NEW into OLD, reports of the program `search` or
`optimization`: what another genome does where the rows of the others do not depend on it. Both must be about the
same seed, runs, functions, dimensions and budgets."""

import json
import sys
from pathlib import Path

from search_point import TDCA, lowest_of_all, mean_ranks, medians, peers

SAME = ("program", "seed", "runs", "per_dimension", "noise", "setting", "tasks", "success_below")
FACTS = ("git_commit", "compiler", "flags", "cpu", "genome")


def place(cell):
    return cell["dimension"], cell["evaluations"], cell.get("function") or cell["names"]


def put(fresh, cell):
    if "methods" in cell:  # of `optimization`
        for method in fresh["methods"]:
            if method.startswith(TDCA):
                cell["methods"][method] = fresh["methods"][method]
        return
    for what in ("errors", "reached"):
        cell[what][TDCA] = fresh[what][TDCA]
    cell["mean_ranks"] = mean_ranks(medians(cell))
    cell["lowest_as_they_come"] = lowest_of_all(cell, peers(cell, tuned=False))


def main(old_path, new_path):
    old, new = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (old_path, new_path))
    for key in SAME:
        if old.get(key) != new.get(key):
            sys.exit(f"{new_path}: {key} is {new.get(key)}, in {old_path} {old.get(key)}")
    if [place(cell) for cell in old["cells"]] != [place(cell) for cell in new["cells"]]:
        sys.exit(f"{new_path}: other functions, dimensions or budgets than in {old_path}")
    for cell, fresh in zip(old["cells"], new["cells"]):
        put(fresh, cell)
    old.pop("tdca_git_commit", None)
    old[TDCA] = {key: new[key] for key in FACTS}
    cells = old.pop("cells")
    text = json.dumps(old, indent=1)[:-2] + ',\n "cells": [\n  '
    text += ",\n  ".join(json.dumps(cell, ensure_ascii=False) for cell in cells) + "\n ]\n}\n"
    Path(old_path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
