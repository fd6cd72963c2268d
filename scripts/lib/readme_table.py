#!/usr/bin/env python3
"""readme_table.py REPORT [--again]: whether README.md's first table says what was measured.

REPORT is what the program supervised wrote. Every figure must be the report's, as rounded, and what is bold must be
ahead: its interval above zero, and the other's below. --again is for a report of another machine: figures may
then differ by the width of the interval, and what is bold must be ahead on the mean.
"""
import argparse
import json
import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
HORIZONS = {"100": 100, "300": 300, "1,000": 1000, "ten epochs": 7812}


def rows_of(text):
    """(network, updates, cells of the row) of the table that begins with Fashion-MNIST."""
    network = ""
    for line in text[text.index("| Fashion-MNIST |"):].split("\n\n")[0].splitlines()[2:]:
        name, updates, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        network = name or network
        yield network, HORIZONS[updates], cells


def number(text):
    return float(text.strip("*").replace("−", "-").replace("+", ""))


def margin(summary):
    low, high = summary["confidence_95"]
    return (high - low) / 2


def wrongs(network, updates, cells, row, again):
    """What the row of the README says otherwise than the report's."""
    tuned, evolved = row["tdca_mean_minus_backprop"], row["tdca_mean_minus_evolved_backprop"]
    tdca = row["backprop"]["mean"] + tuned["mean"]
    backprop_text, tdca_text, *differences = cells
    figures = [(backprop_text, row["backprop"]["mean"]), (tdca_text, tdca)]
    for text, summary in zip(differences, (tuned, evolved)):
        mean, plus_minus = re.split(" ± ", text)
        figures += [(mean, summary["mean"]), (plus_minus, margin(summary))]
    # Half a unit of the last place, and what is lost where sums are printed.
    tolerance = 2 * max(margin(tuned), margin(evolved)) if again else 0.0051
    for text, value in figures:
        if abs(number(text) - value) > tolerance:
            yield f"{network} at {updates}: {text} was measured as {value:.3f}"
    for text, lead in ((tdca_text, tuned["mean"]), (backprop_text, -tuned["mean"])):
        is_ahead = lead > (0 if again else margin(tuned))
        if text.startswith("**") and not is_ahead:
            yield f"{network} at {updates}: {text} is bold, and not ahead ({lead:+.2f} ± {margin(tuned):.2f})"
        if is_ahead and not again and not text.startswith("**"):
            yield f"{network} at {updates}: {text} is ahead ({lead:+.2f} ± {margin(tuned):.2f}), and not bold"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    report = json.loads(options.report.read_text())
    if report["quick"]:
        sys.exit(print("a short run, which has none of the table's cells"))
    measured = {(row["cell"], row["updates"]): row for row in report["a"]}
    table = list(rows_of(README.read_text()))
    if not table:
        sys.exit("README.md: no table of Fashion-MNIST")
    wrong = []
    for network, updates, cells in table:
        row = measured.get((f"fashion_mnist {network}", updates))
        if row is None:
            sys.exit(f"{options.report}: nothing about {network} at {updates} updates")
        wrong += wrongs(network, updates, cells, row, options.again)
    print("\n".join([*wrong, f"{len(table)} rows of README.md's first table, {len(wrong)} figures wrong"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
