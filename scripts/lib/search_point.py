#!/usr/bin/env python3
"""Whether a point of `search` holds, from the JSON files of the study: a line for each dimension and budget.

Usage: search_point.py POINT FILE...        POINT is a, b, c, d, e, f or i
       search_point.py chosen NAME FILE...  whether genome NAME is the best of those of the files, of `optimization`
       search_point.py table FILE...        mean ranks and functions won, as tables of docs/results/search.md
"""

import json
import sys

TDCA = "tdca"


def cells_of(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        for cell in report["cells"]:
            cell["per_dimension"] = report["per_dimension"]
            cell["noise"] = report["noise"]
            yield cell


def medians(cell):
    return {method: [float("inf") if e[1] is None else e[1] for e in errors]
            for method, errors in cell["errors"].items()}


def ahead(cell, other):
    """Functions on which tdca is lower, and on which it is even."""
    mine, theirs = medians(cell)[TDCA], medians(cell)[other]
    return sum(a < b for a, b in zip(mine, theirs)), sum(a == b for a, b in zip(mine, theirs))


def lowest_of_all(cell, others):
    """Functions on which no other is lower."""
    all_medians = medians(cell)
    return sum(all(mine <= all_medians[other][f] for other in others)
               for f, mine in enumerate(all_medians[TDCA]))


def peers(cell, tuned=None):
    return [m for m in cell["errors"] if m != TDCA and (tuned is None or ("tuned" in m) == tuned)]


def best_by_rank(cell):
    ranks = cell["mean_ranks"]
    return min(ranks, key=ranks.get)


def say(holds, text):
    print(f"{'holds  ' if holds else 'FAILS  '} {text}")
    return holds


def judge(point, cell):
    n, functions = cell["dimension"], cell["functions"]
    where = f"{point}: {n} dimensions, {cell['evaluations']} evaluations"
    if point in "ac":
        count = lowest_of_all(cell, peers(cell, tuned=False))
        share = (0.5 if n == 2 else 0.75) if point == "a" else 0.5
        good = say(count >= share * functions, f"{where}: lowest median of all as they come on {count} of {functions}")
        if point == "c":
            return good
    if point in "ab":
        best = best_by_rank(cell)
        text = f"{where}: mean rank {cell['mean_ranks'][TDCA]:.2f}, the best of the others " + \
            "{1:.2f} ({0})".format(*min(((m, r) for m, r in cell["mean_ranks"].items() if m != TDCA),
                                        key=lambda pair: pair[1]))
        if point == "b" and cell["per_dimension"] == 10000:
            bipop = cell["mean_ranks"]["BIPOP-CMA-ES"]
            return say(cell["mean_ranks"][TDCA] <= bipop, f"{text}; BIPOP-CMA-ES {bipop:.2f}")
        if point == "b" and n == 2:
            print(f"         {text}")
            return True
        return say(best == TDCA, text) and (point == "b" or good)
    if point == "d":
        good = True
        for f, name in enumerate(cell["names"]):
            reached = {m: r[f] for m, r in cell["reached"].items()}
            good &= say(medians(cell)[TDCA][f] <= 1e-12, f"{where}: {name}: 10^-12 after {reached[TDCA]:.0f} "
                        "evaluations; " + ", ".join(f"{m} {r:.0f}" for m, r in reached.items() if m != TDCA))
        return good
    if point == "e":
        count = lowest_of_all(cell, peers(cell))
        return say(count >= 0.6 * functions, f"{where}, {cell['noise']} noise: lower than CMA-ES with and without "
                   f"evaluating again on {count} of {functions}")
    for f, name in enumerate(cell["names"]):  # i
        mine = medians(cell)[TDCA][f]
        best, theirs = min(((m, medians(cell)[m][f]) for m in peers(cell)), key=lambda pair: pair[1])
        good = say(mine <= theirs, f"{where}: {name}: median error {mine:.3g} after "
                   f"{cell['reached'][TDCA][f]:.0f}, the best peer {theirs:.3g} after "
                   f"{cell['reached'][best][f]:.0f} ({best})")
    return good


def table(cells):
    cells = list(cells)
    methods = list(dict.fromkeys(m.split(", tuned")[0] + (", tuned" if "tuned" in m else "")
                                 for cell in cells for m in cell["errors"]))
    print("| mean rank | " + " | ".join(f"{c['dimension']}-D, {c['per_dimension']} n" for c in cells) + " |")
    print("| --- |" + " --- |" * len(cells))
    for method in methods:
        row = []
        for cell in cells:
            name = next((m for m in cell["errors"] if m == method or m.startswith(method + ":")), None)
            if name is None:
                row.append("")
                continue
            text = f"{cell['mean_ranks'][name]:.2f}"
            if method != TDCA:
                won, even = ahead(cell, name)
                text += f" ({won}/{even}/{cell['functions'] - won - even})"
            row.append(f"**{text}**" if name == best_by_rank(cell) else text)
        print(f"| {method} | " + " | ".join(row) + " |")


def problems(paths):
    """Point f: problems as people have them."""
    good = True
    for path in paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        for cell in report["cells"]:
            lowest = {method: quartiles[1] for method, quartiles in cell["lowest"].items()}
            others = {m: value for m, value in lowest.items() if m != TDCA}
            good &= say(lowest[TDCA] <= min(others.values()),
                        f"f: {cell['problem']}, {cell['dimension']} variables, {cell['evaluations']} evaluations: "
                        f"median {lowest[TDCA]:.4g}; " + ", ".join(f"{m} {v:.4g}" for m, v in others.items()))
    return good


def mean_ranks(medians_by_method):
    """As the study: of the medians of each function, mean over functions; equal ones share theirs."""
    return {m: sum(1 + sum((other[f] < mine[f]) + 0.5 * (other[f] == mine[f])
                           for name, other in medians_by_method.items() if name != m)
                   for f in range(len(mine))) / len(mine)
            for m, mine in medians_by_method.items()}


def chosen(name, paths):
    """Point j: which genome has the lowest medians on landscapes that no other point is about."""
    found = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        found[report["genome"]] = [cell["methods"][TDCA]["median"] for cell in report["cells"]]
    ranks = mean_ranks(found)
    best = min(ranks, key=ranks.get)
    print(", ".join(f"{genome} {rank:.3f}" for genome, rank in sorted(ranks.items())))
    return say(best == name, f"j: of {len(ranks)} evolutions {name} is shipped; best mean rank over "
               f"{len(found[best])} cells of functions, dimensions and budgets: {best}")


def main(verb, files):
    if not files or verb not in ("a", "b", "c", "d", "e", "f", "i", "chosen", "table"):
        sys.exit(__doc__)
    if verb == "table":
        table(cells_of(files))
        return True
    if verb == "f":
        return problems(files)
    if verb == "chosen":
        return chosen(files[0], files[1:])
    return all([judge(verb, cell) for cell in cells_of(files)])


if __name__ == "__main__":
    sys.exit(0 if main((sys.argv + [""])[1], sys.argv[2:]) else 1)
