#!/usr/bin/env python3
"""architectures_tables.py FOLDER: the tables of docs/results/architectures.md from the programs' JSON files."""
import json
import statistics
import sys
from pathlib import Path

folder = Path(sys.argv[1])


def load(name):
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def spread(values):
    return f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f} (n {len(values)})"


def each_genome(cell):
    return " / ".join(f"{statistics.mean(a):.2f}" for a in cell.get("genomes", {}).values()) or "–"


def table(title, head, rows):
    print(f"\n## {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def of_tdca(name):
    report = load(name)
    for row, by in (report or {"cells": {}})["cells"].items():
        for teacher, cell in by.items():
            yield row, teacher, spread(cell["accuracies"]), each_genome(cell), str(cell["parameters"])


def of_backprop(name, networks):
    report = load(name) or {}
    for key, label in networks.items():
        if key in report:
            cell = report[key]
            setting = f"{cell['optimizer']} {cell['schedule']} {cell['rate']:g}"
            yield label, f"backprop, tuned: {setting}", spread(cell["test_accuracy"]), "–", "–"


def of_both(name):
    """Under the universal genomes, and under those of all architectures."""
    yield from of_tdca(name)
    for row, teacher, *rest in of_tdca(f"architectures_{name}"):
        yield row, f"{teacher}, `architectures` genomes", *rest


HEAD = ["network", "taught by", "test %", "each genome", "parameters"]
for updates, baseline in (("1000", "backprop_1000"), ("3905", "backprop_5_epochs")):
    rows = list(of_both(f"conv_{updates}")) + [
        (row, f"{teacher}, `fashion_mnist` genomes", *rest) for row, teacher, *rest in of_tdca(f"conv_fashion_mnist_genomes_{updates}")]
    table(f"a, {updates} updates", HEAD, rows + list(of_backprop(baseline, {"conv": "8 and 16 maps, 3 × 3"})))
table("b", HEAD, list(of_both("recurrent_rows")) + list(of_backprop("backprop_1000", {"gru": "Gru<64>"})))
table("d", HEAD, list(of_both("residual_depth")) +
      list(of_backprop("backprop_1000", {"residual": "10 layers, residual", "plain": "10 layers, plain"})))

if speed := load("architecture_speed"):
    rows = []
    for name, contest in speed["contests"].items():
        ours, theirs = (contest["contestants"][who]["seconds"]["median"] for who in ("tdca", "PyTorch"))
        times = contest["contestants"]["PyTorch"]["times_as_long_as_tdca"]
        rows.append([name, f"{1e6 * ours:.0f}", f"{1 / ours:.0f}", f"{1e6 * theirs:.0f}",
                     f"{times['median']:.1f} ({times['quartiles'][0]:.1f} to {times['quartiles'][1]:.1f})"])
    table("e", ["network", "TDCA, µs an update", "updates a second", "PyTorch, µs", "times as fast (quartiles)"], rows)

if (universal := load("architecture_credits")) and (architectures := load("architectures_credits")):
    def cosines(report, name, layer):
        mine = [cell for cell in report["networks"][name] if cell["layer"] == layer]
        return [f"{cell['mean']:.2f} ± {(cell['confidence_95'][1] - cell['confidence_95'][0]) / 2:.2f}"
                for cell in sorted(mine, key=lambda cell: cell["update"])]

    rows = []
    for name, cells in universal["networks"].items():
        label = name
        for layer in sorted({cell["layer"] for cell in cells}):
            # Fixed feedback takes neither genome.
            theirs = ["–"] * 3 if "fixed" in name else cosines(architectures, name, layer)
            rows.append([label, str(layer), *cosines(universal, name, layer), *theirs])
            label = ""
    table("f", ["network", "layer", "`universal`, update 1", "100", "999", "`architectures`, update 1", "100", "999"], rows)
