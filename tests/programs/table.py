#!/usr/bin/env python3
"""Trains on tables of each kind as a user would, asks the models, and tries what has to be refused.

Usage: table.py PROGRAM FOLDER        PROGRAM is train_table; FOLDER is made anew
"""

import math
import random
import subprocess
import sys

from trial import Trial


def main():
    trial = Trial()
    folder, run, refuses, rows_of = trial.folder, trial.run, trial.refuses, trial.rows_of

    def train(*arguments):
        return trial.succeeds(*arguments, "--effort", "quick")

    random.seed(1)
    lines = ["x,kind,y,is a,is b,class"]
    for i in range(200):
        x = random.uniform(-2, 2)
        kind = random.choice(["red", "green", "blue"])
        y = 3 * x + {"red": 0, "green": 2, "blue": -2}[kind]
        lines.append(f"{'' if i % 20 == 0 else f'{x:.4f}'},{kind},{y:.4f},{int(x > 0)},{int(kind == 'red')},"
                     f"{'it''s low' if y < 0 else 'high'}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n")

    # Numbers, classes, labels: each is better than saying always the same, and comes back from its file.
    for target, left_out, least in ((["y"], ["is a", "is b", "class"], "R2"),
                                    (["class"], ["y", "is a", "is b"], "accuracy"),
                                    (["is a", "is b"], ["y", "class"], "accuracy")):
        said = train("t.csv", "--target", *target, "--leave-out", *left_out, "--model", "m.safetensors")
        figure = next(line for line in said.splitlines() if line.split()[:1] == [least])
        model, same = float(figure.split()[1]), float(figure.split()[-1].rstrip(")"))
        if not model > same + 0.1:
            sys.exit(f"{target}: {figure}")
        train_rows = run("--predict", "t.csv", "--model", "m.safetensors", "--output", "p.csv")
        predicted = rows_of("p.csv")
        if train_rows.returncode != 0 or len(predicted) != 201:
            sys.exit(f"{target}: {len(predicted)} lines of predictions, {train_rows.stderr}")
        if target == ["class"]:
            sums = [sum(map(float, row[1:])) for row in predicted[1:]]
            if any(abs(total - 1) > 1e-6 for total in sums):
                sys.exit(f"probabilities that sum to {sums[0]}")
        if any(not math.isfinite(float(cell)) for row in predicted[1:] for cell in row[-1:]):
            sys.exit(f"{target}: a prediction is not finite")

    # The marks for missing values go with the model.
    text = (folder / "t.csv").read_text()
    (folder / "marks.csv").write_text(text.replace("\n,", "\n-999,"))
    train("marks.csv", "--target", "y", "--missing=-999", "--model", "m.safetensors")
    train("t.csv", "--target", "y", "--model", "n.safetensors")
    answers = []
    for table, model in (("marks.csv", "m.safetensors"), ("t.csv", "n.safetensors")):
        run("--predict", table, "--model", model, "--output", "p.csv")
        answers.append(rows_of("p.csv"))
    if answers[0] != answers[1]:
        sys.exit("a model forgets what stood for a missing value")

    # Names and cells are text, whatever is in them.
    names = "it's,\"a \"\"b\"\" `touch x`\",y\n"
    cells = ["\"c' 0)\nsystem('touch x')\n#\"", "d", "e"]
    (folder / "it's.csv").write_text(names + "".join(f"{i % 7},{i % 5},{cells[i % 3]}\n" for i in range(60)))
    train("it's.csv", "--target", "y", "--model", "it's.safetensors")
    if (folder / "x").exists() or not (folder / "it's.safetensors").exists():
        sys.exit("a cell was taken for a command, or a file for another")

    refuses("no such column", "t.csv", "--target", "z")
    refuses("which table", "--target", "y")
    refuses("which column", "t.csv")
    refuses("needs --model", "--predict", "t.csv")
    refuses("there is nothing to learn from", "t.csv", "--predict", "t.csv", "--model", "m.safetensors")
    refuses("written over", "t.csv", "--target", "y", "--model", "t.csv")
    refuses("written over", "--predict", "t.csv", "--model", "m.safetensors", "--output", "t.csv")
    (folder / "odd.csv").write_text("x,y\n" + "".join(f"{i},{'?!' if i == 9 else i * i}\n" for i in range(100)))
    refuses("odd.csv:11", "odd.csv", "--target", "y")
    (folder / "few.csv").write_text("kind,x\ngreen,1\n")
    refuses("the column", "--predict", "few.csv", "--model", "n.safetensors")
    print("tables of numbers, classes and labels are learned, and predicted from")


main()
