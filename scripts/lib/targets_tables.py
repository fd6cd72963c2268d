#!/usr/bin/env python3
"""Prints the tables of docs/results/targets.md from the files beside it.

Usage: targets_tables.py [FOLDER]        FOLDER is docs/results/targets
"""

import json
import statistics
import sys
from pathlib import Path


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/results/targets")
    with open(folder / "sklearn.json", encoding="utf-8") as file:
        beside = json.load(file)
    print("| table | figure | train_table | MLP | MLP, targets standardised | boosting | linear |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    order = ("tdca", "perceptron", "perceptron+", "boosting", "linear")
    for name, figures in beside["tables"].items():
        numbers = figures["tdca"]["error"] == figures["tdca"]["loss"]
        means = [statistics.mean(figures[who]["error"]) for who in order]
        best = min(means)
        cells = []
        for mean in means:
            text = f"{mean:.3f}" if numbers else f"{100 * mean:.1f} %"
            cells.append(f"**{text}**" if mean == best else text)
        if not numbers:
            cells[2] = ""
        print(f"| {name} | {'RMSE / sd' if numbers else 'errors'} | " + " | ".join(cells) + " |")
    print()
    with open(folder / "held_out.json", encoding="utf-8") as file:
        tuned = json.load(file)
    print("| table | TDCA | backprop, tuned | Adam, 0.001 | evolved backprop | TDCA / tuned |\n"
          "| --- | --- | --- | --- | --- | --- |")
    for name, one in tuned["tables"].items():
        def text(summary):
            mean = summary["mean"]
            return "broke" if mean is None or mean != mean else f"{mean:.4f}"
        print(f"| {name} | {text(one['tdca'])} | {text(one['tuned_backprop'])} | {text(one['adam_0.001'])} | "
              f"{text(one['evolved_backprop'])} | {one['relative_loss']:.2f} |")


main()
