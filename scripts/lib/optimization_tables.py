#!/usr/bin/env python3
"""optimization_tables.py FILE...: the tables of docs/results/optimization.md from the JSON files of the
program `optimization`: a compact one for each cell. Instead, with --full all methods, with --settings what peers were
tuned to, with --summary on how many functions tdca is ahead; with --check or --check-known whether point a or b
holds, exiting 1 where it does not."""

import json
import sys
from collections import defaultdict
from pathlib import Path

HELD_OUT = {"griewank", "levy", "salomon", "weierstrass"}
SHOWN = ["tdca", "tdca, hidden layer", "tdca, not evolved", "descent, one start", "descent, many starts",
         "descent through the generator", "L-BFGS, restarted", "CMA-ES", "xNES", "differential evolution",
         "self-adaptive DE", "de1220"]


# Errors below count as this much: peers were told values in single precision.
LEAST = 1e-7


def number(value):
    if value <= 1.0001 * LEAST:
        return "≤1e-7"
    return f"{value:.3g}"


def cells(paths):
    grouped = defaultdict(list)
    for path in paths:
        report = json.loads(Path(path).read_text())
        for cell in report["cells"]:
            for method in cell["methods"].values():
                method["median"] = max(method["median"], LEAST)
            grouped[report["setting"], cell["dimension"], cell["evaluations"]].append(cell)
    return grouped


def best_gradient(cell):
    return min((m["median"], name) for name, m in cell["methods"].items() if m["by_gradient"])


def counts(group):
    """Functions on which tdca has the lower median: beside the best gradient method, CMA-ES, all peers."""
    own = {c["function"]: c["methods"]["tdca"]["median"] for c in group}
    gradient = {c["function"] for c in group if own[c["function"]] < best_gradient(c)[0]}
    cma = {c["function"] for c in group
           if "CMA-ES" in c["methods"] and own[c["function"]] < c["methods"]["CMA-ES"]["median"]}
    everyone = {c["function"] for c in group
                if all(own[c["function"]] < m["median"] for name, m in c["methods"].items()
                       if not name.startswith("tdca"))}
    return gradient, cma, everyone


def table(group):
    methods = [m for m in SHOWN if any(m in c["methods"] for c in group)]
    print("| function | " + " | ".join(methods) + " |")
    print("| --- |" + " --- |" * len(methods))
    for cell in group:
        lowest = min(m["median"] for m in cell["methods"].values())
        row = []
        for name in methods:
            if name not in cell["methods"]:
                row.append("–")
                continue
            m = cell["methods"][name]
            row.append(f"**{entry(m)}**" if m["median"] == lowest else entry(m))
        star = " *" if cell["function"] in HELD_OUT else ""
        print(f"| {cell['function']}{star} | " + " | ".join(row) + " |")
    print()


def entry(method):
    low, high = method["quartiles"]
    return f"{number(method['median'])} [{number(low)}, {number(high)}] {100 * method['success']:.0f}%"


def compact(group):
    """One line a function: tdca, the best gradient method, CMA-ES, the best other black-box method."""
    print("| function | tdca | best gradient method | CMA-ES | best other black-box method |")
    print("| --- | --- | --- | --- | --- |")
    for cell in group:
        methods = cell["methods"]
        _, gradient = best_gradient(cell)
        others = [(m["median"], name) for name, m in methods.items()
                  if not m["by_gradient"] and not name.startswith("tdca") and name != "CMA-ES"]
        row = [entry(methods["tdca"]), f"{entry(methods[gradient])} {gradient}",
               entry(methods["CMA-ES"]) if "CMA-ES" in methods else "–",
               f"{entry(methods[min(others)[1]])} {min(others)[1]}" if others else "–"]
        if all(methods["tdca"]["median"] < m["median"] for name, m in methods.items() if name != "tdca"):
            row[0] = f"**{row[0]}**"
        star = " *" if cell["function"] in HELD_OUT else ""
        print(f"| {cell['function']}{star} | " + " | ".join(row) + " |")
    print()


def settings(group):
    for cell in group:
        chosen = "; ".join(f"{name}: {m['setting']}" for name, m in cell["methods"].items()
                           if not name.startswith("tdca") and not name.startswith("L-BFGS"))
        print(f"- {cell['function']}: {chosen}")
    print()


def summary(grouped):
    print("| dimensions | evaluations | ahead of the best gradient method | ahead of CMA-ES | ahead of every peer | "
          "held out, ahead of gradients |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (setting, dimension, evaluations), group in sorted(grouped.items()):
        if setting != "unseen":
            continue
        gradient, cma, everyone = counts(group)
        held = sorted(gradient & HELD_OUT)
        print(f"| {dimension} | {evaluations} | {len(gradient)} of {len(group)} | {len(cma)} | {len(everyone)} | "
              f"{len(held)} ({', '.join(held)}) |")
    print()


def check(grouped):
    group = grouped["unseen", 10, 800]
    gradient, cma, _ = counts(group)
    held = gradient & HELD_OUT
    holds = len(gradient) >= 7 and 2 * len(cma) >= len(group) and len(held) >= 3
    print(f"{'holds  ' if holds else 'FAILS  '} a: lower median than the best gradient method on {len(gradient)} of "
          f"{len(group)} functions (7 asked), than CMA-ES on {len(cma)} ({(len(group) + 1) // 2} asked), held out: "
          f"{len(held)} of 4 (3 asked)")
    return 0 if holds else 1


def check_known(grouped):
    rates = {}
    for group in grouped.values():
        for cell in group:
            rates[cell["function"]] = (cell["methods"]["tdca"]["success"],
                                       cell["methods"]["descent, one start"]["success"])
    holds = len(rates) == 4 and all(own >= 0.99 for own, _ in rates.values())
    figures = ", ".join(f"{name} {100 * own:.1f} % (descent {100 * other:.1f} %)"
                        for name, (own, other) in sorted(rates.items()))
    print(f"{'holds  ' if holds else 'FAILS  '} b: success on known landscapes: {figures}; 99 % asked")
    return 0 if holds else 1


def main():
    arguments = sys.argv[1:]
    checking = "--check" in arguments
    only = next((a for a in ("--summary", "--full", "--settings") if a in arguments), None)
    grouped = cells([a for a in arguments if not a.startswith("--")])
    if "--check-known" in arguments:
        return check_known(grouped)
    if checking:
        return check(grouped)
    if only == "--summary":
        summary(grouped)
        return 0
    for (setting, dimension, evaluations), group in sorted(grouped.items()):
        print(f"### {dimension} dimensions, {evaluations} evaluations, {setting} landscapes\n")
        {None: compact, "--full": table, "--settings": settings}[only](group)
    return 0


if __name__ == "__main__":
    sys.exit(main())
