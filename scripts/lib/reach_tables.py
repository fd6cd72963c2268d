#!/usr/bin/env python3
"""tdca.Classifier and tdca.Regressor: scikit-learn's check_estimator, and ten held-out tables beside scikit-learn's multilayer
perceptron and histogram gradient boosting as they come.

Usage: reach_tables.py SUITE_HEADER TABLES [--quick] [--json FILE]

The tables: the first five with classes and the first five with numbers of the suite's held-out half, of fewer than 10,000
rows. Each seed holds another fifth of the rows out, the same for all. scikit-learn's models get numbers standardised,
categories one-hot, missing numbers as the mean. Exits 1 where a check fails, or where the mean score is ahead of the
perceptron's on fewer than half of the tables.
"""

import argparse
import json
import os
import platform
import re
import time
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # one thread each: seconds are a core's
    os.environ.setdefault(variable, "1")

import numpy as np
import pandas
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import tdca

TASK = re.compile(r'TableTask\{"(\w+)", Half::held_out, TargetKind::(numbers|classes),\s*"([^",]+)"(?:, "([^"]+)")?\}')
MODELS = ("tdca", "perceptron", "boosting")


def tables_of(header, folder):
    """Name, kind, inputs and targets of the ten."""
    left = {"classes": 5, "numbers": 5}
    for name, kind, target, left_out in TASK.findall(header.read_text()):
        frame = pandas.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=["", "NA"])
        if len(frame) >= 10_000 or left[kind] == 0:
            continue
        left[kind] -= 1
        frame = frame[frame[target].notna()]
        if frame.columns[0].startswith("Unnamed"):
            frame = frame.rename(columns={frame.columns[0]: "row"})
        inputs = frame.drop(columns=[target, *(left_out.split(",") if left_out else [])]).reset_index(drop=True)
        y = frame[target].to_numpy()
        yield name, kind, inputs, y.astype(str) if kind == "classes" else y.astype(float)


def models(kind, inputs, seed, quick):
    numbers = [name for name in inputs if inputs[name].dtype.kind in "biuf"]
    texts = [name for name in inputs if name not in numbers]
    prepare = ColumnTransformer([("numbers", make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler()), numbers),
                                 ("texts", OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts)])
    classes = kind == "classes"
    effort = "quick" if quick else "normal"
    peers = (MLPClassifier, HistGradientBoostingClassifier) if classes else (MLPRegressor, HistGradientBoostingRegressor)
    yield "tdca", (tdca.Classifier if classes else tdca.Regressor)(effort=effort, random_state=seed)
    for name, peer in zip(MODELS[1:], peers):
        yield name, make_pipeline(prepare, peer(random_state=seed))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("header", type=Path)
    parser.add_argument("tables", type=Path)
    parser.add_argument("--quick", action="store_true", help="one seed, little effort: shows that it runs")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    start = time.time()
    for estimator in (tdca.Classifier, tdca.Regressor):
        check_estimator(estimator(effort="quick") if arguments.quick else estimator())
        print(f"check_estimator passes for {estimator.__name__}, {time.time() - start:.0f} s", flush=True)
    checked = time.time() - start

    print(f"{'table':<14}{'rows':>6} {'score':<9}" + "".join(f"{name:>20}{'s':>8}" for name in MODELS))
    results = []
    for name, kind, inputs, y in tables_of(arguments.header, arguments.tables):
        scores, seconds = ({model: [] for model in MODELS} for _ in range(2))
        for seed in range(1 if arguments.quick else arguments.seeds):
            rare = kind == "classes" and min(np.unique(y, return_counts=True)[1]) < 2
            learn, judge = train_test_split(np.arange(len(y)), test_size=0.2, random_state=seed,
                                            stratify=y if kind == "classes" and not rare else None)
            for model, one in models(kind, inputs, seed, arguments.quick):
                start = time.perf_counter()
                one.fit(inputs.iloc[learn], y[learn])
                seconds[model].append(time.perf_counter() - start)
                scores[model].append(one.score(inputs.iloc[judge], y[judge]))
        measure = "accuracy" if kind == "classes" else "R²"
        deviation = {model: float(np.std(scores[model], ddof=1)) if len(scores[model]) > 1 else 0.0 for model in MODELS}
        results.append({"table": name, "rows": len(y), "measure": measure, **{
            model: {"mean": float(np.mean(scores[model])), "standard_deviation": deviation[model], "n": len(scores[model]),
                    "seconds": float(np.mean(seconds[model]))} for model in MODELS}})
        print(f"{name:<14}{len(y):>6} {measure:<9}" + "".join(
            f"{results[-1][model]['mean']:>11.4f} ±{deviation[model]:>7.4f}{results[-1][model]['seconds']:>8.2f}"
            for model in MODELS), flush=True)
    ahead = {peer: sum(one["tdca"]["mean"] > one[peer]["mean"] for one in results) for peer in MODELS[1:]}
    mean = {model: np.mean([one[model]["seconds"] for one in results]) for model in MODELS}
    print(f"check_estimator passes for both; ahead of the perceptron on {ahead['perceptron']} of {len(results)} tables, of "
          f"boosting on {ahead['boosting']}; {mean['tdca']:.1f} s a fit, {mean['perceptron']:.1f} and {mean['boosting']:.1f}")
    if arguments.json:
        arguments.json.write_text(json.dumps({
            "program": "reach_tables", "python": platform.python_version(), "scikit_learn": sklearn.__version__,
            "instructions": tdca._core.instructions, "check_estimator_seconds": round(checked, 1), "ahead_of": ahead,
            "tables": results}, separators=(",", ":")) + "\n")
    return 0 if 2 * ahead["perceptron"] >= len(results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
