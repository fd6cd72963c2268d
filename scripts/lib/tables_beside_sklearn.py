#!/usr/bin/env python3
"""train_table beside what people would reach for, on the tables that no evolution has seen: scikit-learn's multilayer
perceptron as it comes, the same with standardised targets, its histogram gradient boosting, and ridge or logistic
regression.

Usage: tables_beside_sklearn.py TRAIN_TABLE SUITE_HEADER TABLES FOLDER [--half NAME] [--only NAME...] [--splits N] [--effort NAME]
       [--json FILE]

Each split holds a fifth of the rows out, the same for all. scikit-learn's models get numbers standardised, categories
one-hot, missing numbers as the mean. Exits 1 where train_table is ahead of the perceptron (with standardised targets) on less
than three quarters of the tables.
"""

import argparse
import csv
import json
import math
import os
import re
import subprocess
import sys
import time
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # small matrices: threads stand in each other's way
    os.environ.setdefault(variable, "1")

import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

TASK = re.compile(r'TableTask\{"(\w+)", Half::(\w+), TargetKind::(numbers|classes),\s*"([^"]+)"(?:, "([^"]+)")?\}')


def is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def matrix(names, rows, inputs):
    """Cells as scikit-learn wants them: columns of numbers, with NaN, and columns of texts."""
    numbers, texts = [], []
    for name in inputs:
        column = [row[names.index(name)] for row in rows]
        known = [cell for cell in column if cell not in ("", "NA")]
        (numbers if known and all(map(is_number, known)) else texts).append(name)
    table = np.empty((len(rows), len(numbers) + len(texts)), dtype=object)
    for c, name in enumerate(numbers + texts):
        for r, row in enumerate(rows):
            cell = row[names.index(name)]
            missing = cell in ("", "NA")
            table[r, c] = (math.nan if missing else float(cell)) if c < len(numbers) else ("missing" if missing else cell)
    return table, len(numbers)


def models_for(numbers, width, classes, seed):
    prepare = ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler()), list(range(numbers))),
        ("texts", OneHotEncoder(handle_unknown="ignore", sparse_output=False), list(range(numbers, width)))])
    if classes:
        return {"perceptron": make_pipeline(prepare, MLPClassifier(random_state=seed)),
                "boosting": make_pipeline(prepare, HistGradientBoostingClassifier(random_state=seed)),
                "linear": make_pipeline(prepare, LogisticRegression(max_iter=1000))}
    return {"perceptron": make_pipeline(prepare, MLPRegressor(random_state=seed)),
            "perceptron+": TransformedTargetRegressor(make_pipeline(prepare, MLPRegressor(random_state=seed)),
                                                      transformer=StandardScaler()),
            "boosting": make_pipeline(prepare, HistGradientBoostingRegressor(random_state=seed)),
            "linear": make_pipeline(prepare, RidgeCV(np.logspace(-3, 3, 13)))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("header", type=Path)
    parser.add_argument("tables", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", default="held_out", choices=("held_out", "evolution"))
    parser.add_argument("--only", nargs="+", help="these alone")
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    train_file, test_file = (arguments.folder / name for name in ("train.csv", "test.csv"))
    model_file, answer_file = (arguments.folder / name for name in ("model.safetensors", "answers.csv"))

    results, seconds = {}, {}
    print(f"{'table':<14}{'measure':<12}" + "".join(f"{who:>22}" for who in ("tdca", "perceptron", "perceptron+", "boosting", "linear")))
    for name, half, kind, targets, left_out in TASK.findall(arguments.header.read_text()):
        if half != arguments.half or name not in (arguments.only or [name]):
            continue
        with open(arguments.tables / f"{name}.csv", newline="") as file:
            names, *rows = csv.reader(file)
        targets, left_out = targets.split(","), left_out.split(",") if left_out else []
        if len(targets) > 1:
            continue
        target = names.index(targets[0])
        rows = [row for row in rows if row[target] not in ("", "NA")]
        classes = kind == "classes"
        labels = [row[target] for row in rows]
        figures = {}
        for split in range(arguments.splits):
            least = min(labels.count(label) for label in set(labels)) if classes else 0
            learn, judge = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=split,
                                            stratify=labels if least > 1 else None)
            for file, part in ((train_file, learn), (test_file, judge)):
                with open(file, "w", newline="") as out:
                    csv.writer(out).writerows([names] + [rows[i] for i in part])
            start = time.time()
            command = [arguments.program, train_file, "--target", targets[0], "--task", kind, "--held-out", "0",
                       "--model", model_file, "--effort", arguments.effort, "--seed", str(split + 1)]
            if left_out:
                command += ["--leave-out", *left_out]
            subprocess.run(command, check=True, capture_output=True)
            seconds.setdefault("tdca", []).append(time.time() - start)
            subprocess.run([arguments.program, "--predict", test_file, "--model", model_file, "--output", answer_file],
                           check=True, capture_output=True)
            with open(answer_file, newline="") as file:
                head, *answers = csv.reader(file)
            inputs = [one for one in names if one not in targets + left_out]
            table, numbers = matrix(names, rows, inputs)
            truth = np.array(labels) if classes else np.array(labels, dtype=float)
            answered = {}
            if classes:
                order = [one.removeprefix("probability of ") for one in head[1:]]
                answered["tdca"] = (order, np.array([[float(cell) for cell in row[1:]] for row in answers]))
            else:
                answered["tdca"] = np.array([float(row[0]) for row in answers])
            for who, model in models_for(numbers, table.shape[1], classes, split).items():
                start = time.time()
                model.fit(table[learn], truth[learn])
                seconds.setdefault(who, []).append(time.time() - start)
                answered[who] = (list(model.classes_), model.predict_proba(table[judge])) if classes else \
                    model.predict(table[judge])
            if classes:  # nothing to standardise
                answered["perceptron+"] = answered["perceptron"]
            for who, answer in answered.items():
                if classes:
                    order, chances = answer
                    said = [order[i] for i in chances.argmax(1)]
                    every = sorted(set(labels))
                    full = np.full((len(judge), len(every)), 1e-12)
                    for i, one in enumerate(order):
                        full[:, every.index(one)] += chances[:, i]
                    figure = (1 - accuracy_score(truth[judge], said),
                              log_loss(truth[judge], full / full.sum(1, keepdims=True), labels=every))
                else:
                    scale = truth[learn].std()
                    figure = (math.sqrt(mean_squared_error(truth[judge], answer)) / scale,) * 2
                figures.setdefault(who, []).append(figure)
        results[name] = {who: np.array(values) for who, values in figures.items()}
        for i, measure in enumerate(("error rate", "loss") if classes else ("RMSE/sd",)):
            print(f"{name if i == 0 else '':<14}{measure:<12}" + "".join(
                f"{results[name][who][:, i].mean():>14.4f} ±{results[name][who][:, i].std(ddof=1):>6.4f}"
                for who in ("tdca", "perceptron", "perceptron+", "boosting", "linear")),
                flush=True)

    summary = {}
    for other in ("perceptron", "perceptron+", "boosting", "linear"):
        ahead = [sum(one["tdca"][:, i].mean() < one[other][:, i].mean() for one in results.values()) for i in (0, 1)]
        summary[other] = {"tables": len(results), "ahead_in_error": int(ahead[0]), "ahead_in_loss": int(ahead[1])}
        print(f"train_table is ahead of the {other} on {ahead[0]} of {len(results)} tables in error rate or RMSE, on "
              f"{ahead[1]} in loss or RMSE; {sum(seconds['tdca']):.0f} seconds of training in all against "
              f"{sum(seconds.get(other, [0])):.0f}")
    if arguments.json:
        arguments.json.write_text(json.dumps({
            "half": arguments.half, "effort": arguments.effort, "splits": arguments.splits, "summary": summary,
            "seconds": {who: round(sum(values), 1) for who, values in seconds.items()},
            "tables": {name: {who: {"error": values[:, 0].tolist(), "loss": values[:, 1].tolist()}
                              for who, values in one.items()} for name, one in results.items()}}, indent=1) + "\n")
    share = summary["perceptron+"]["ahead_in_error"] / len(results)
    sys.exit(0 if share >= 0.75 else 1)


main()
