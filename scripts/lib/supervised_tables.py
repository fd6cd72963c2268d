#!/usr/bin/env python3
"""supervised_tables.py FOLDER: the tables of docs/results/supervised.md from the programs' JSON files."""

import json
import sys
from pathlib import Path


def figure(summary, digits=2):
    return f"{summary['mean']:.{digits}f} ± {summary['standard_deviation']:.{digits}f}"


def interval(summary):
    low, high = summary["confidence_95"]
    return f"{summary['mean']:+.2f} [{low:+.2f}, {high:+.2f}]"


def by_evolution(row, key):
    return " / ".join(f"{entry['accuracy']['mean']:.2f}" for entry in row[key].values())


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("| " + " | ".join("---" for _ in header) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def against_backprop(title, rows):
    print(f"### {title}\n")
    header = ["network", "updates", "backprop, tuned", "its setting", "TDCA, three evolutions",
              "TDCA minus backprop"]
    evolved = "evolved_backprop" in rows[0]
    default = "adam_default" in rows[0]
    if evolved:
        header += ["evolved backprop, three evolutions", "TDCA minus evolved backprop"]
    if default:
        header += ["TDCA minus Adam at 1e-3"]
    lines = []
    for row in rows:
        line = [row["cell"], f"{row['updates']:,}", figure(row["backprop"]), row["backprop_setting"],
                by_evolution(row, "tdca"), interval(row["tdca_mean_minus_backprop"])]
        if evolved:
            line += [by_evolution(row, "evolved_backprop"),
                     interval(row["tdca_mean_minus_evolved_backprop"])]
        if default:
            line += [interval(row["tdca_mean_minus_adam_default"])]
        lines.append(line)
    table(header, lines)


def designs(title, rows):
    print(f"### {title}, to a held-out fitness of {rows[0]['goal']:.4f}\n")
    table(["design", "genes", "feedback synapses", "generations", "seconds", "kernel σ, spacings",
           "100 updates", "300 updates"],
          [[row["design"], f"{row['genes']:,}", f"{row['feedback_synapses']:,}",
            figure(row["generations_to_goal"], 0), figure(row["seconds_to_goal"], 1),
            f"{row['kernel_width_in_spacings']['mean']:.2f}", figure(row["accuracy_100"]),
            figure(row["accuracy_300"])] for row in rows])


def main():
    folder = Path(sys.argv[1])

    def load(name):
        path = folder / name
        return json.loads(path.read_text()) if path.exists() else {}

    for point in ("a", "f"):
        if rows := load("supervised.json").get(point):
            against_backprop(f"supervised, {point}", rows)
    for name in ("cross_dataset", "width_and_depth"):
        if rows := load(f"{name}.json").get("cells"):
            against_backprop(name, rows)
    if rows := load("multi_task.json").get("cells"):
        print("### multi_task\n")
        table(["data", "network", "minibatch", "updates", "universal", "specialist",
               "universal minus specialist"],
              [[row["data"], row["network"], str(row["minibatch"]), f"{row['updates']:,}",
                figure(row["universal"]), figure(row["specialist"]), interval(row["difference"])]
               for row in rows])
    for title, rows in load("diffusion_study.json").items():
        if isinstance(rows, list):
            designs(title, rows)


if __name__ == "__main__":
    main()
