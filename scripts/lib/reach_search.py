#!/usr/bin/env python3
"""tdca.minimize beside SciPy's differential evolution and dual annealing, as they come, on ten functions written in Python:
the median error at equal evaluations, and what an evaluation costs beside the function itself.

Usage: reach_search.py [--quick] [--json FILE]

None of the functions took part in any evolution. Each is turned and moved by chance, once for each dimension. A method that
would go on is cut at the budget. Exits 1 where tdca's median is the lowest on no more than half of the cells.
"""

import argparse
import json
import platform
import time
import warnings

import numpy as np
import scipy
from scipy.optimize import differential_evolution, dual_annealing

import tdca

NO_ERROR = 1e-8


def griewank(z):
    return 1 + (z * z).sum() / 4000 - np.cos(z / np.sqrt(np.arange(1, len(z) + 1))).prod()


def levy(z):
    w = 1 + z / 4
    inner = ((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)).sum()
    return np.sin(np.pi * w[0]) ** 2 + inner + (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)


def salomon(z):
    radius = np.sqrt((z * z).sum())
    return 1 - np.cos(2 * np.pi * radius) + 0.1 * radius


def zakharov(z):
    slope = (np.arange(1, len(z) + 1) * z).sum() / 2
    return (z * z).sum() + slope ** 2 + slope ** 4


POWERS = 0.5 ** np.arange(12)


def weierstrass(z):
    waves = np.cos(2 * np.pi * np.outer(z + 0.5, 3.0 ** np.arange(12))) @ POWERS
    return waves.sum() - len(z) * (np.cos(np.pi * 3.0 ** np.arange(12)) @ POWERS)


def dixon_price(z):
    i = np.arange(1, len(z) + 1)
    x = z + 2.0 ** -(1 - 2.0 ** (1.0 - i))
    return (x[0] - 1) ** 2 + (i[1:] * (2 * x[1:] ** 2 - x[:-1]) ** 2).sum()


def schwefel_1_2(z):
    return (np.cumsum(z) ** 2).sum()


def qing(z):
    i = np.arange(1, len(z) + 1)
    return (((z + np.sqrt(i)) ** 2 - i) ** 2).sum()


def steps(z):
    return (np.floor(np.abs(z) + 0.5) ** 2).sum()


def two_funnels(z):
    """After Lunacek's: the wide funnel is not the one with the minimum."""
    n = len(z)
    s = 1 - 1 / (2 * np.sqrt(n + 20) - 8.2)
    other = 2.5 + np.sqrt((6.25 - 1) / s)
    funnels = min((z * z).sum(), n + s * ((z + other) ** 2).sum())
    return funnels + 10 * (n - np.cos(2 * np.pi * z).sum())


# What one unit of the box, from -5 to 5, is for the function.
FUNCTIONS = {griewank: 60, levy: 2, salomon: 20, zakharov: 1, weierstrass: 0.1, dixon_price: 2, schwefel_1_2: 20, qing: 1,
             steps: 20, two_funnels: 1}


class Moved:
    """A function with its minimum, 0, somewhere in the middle half of the box, and its axes turned."""

    def __init__(self, function, scale, n):
        generator = np.random.default_rng([n, *function.__name__.encode()])
        self.function = function
        self.turn = scale * np.linalg.qr(generator.normal(size=(n, n)))[0]
        self.place = generator.uniform(-2.5, 2.5, size=n)

    def __call__(self, x):
        return float(self.function(self.turn @ (x - self.place)))


class Spent(Exception):
    """The budget is."""


class Counted:
    """Remembers the lowest value, and stops a method that would go on."""

    def __init__(self, function, budget):
        self.function, self.left, self.lowest = function, budget, np.inf

    def __call__(self, x):
        if self.left == 0:
            raise Spent
        self.left -= 1
        value = self.function(x)
        if value < self.lowest:
            self.lowest = value
        return value


def run(method, function, n, budget, seed):
    """The lowest value at this budget, and seconds."""
    counted, bounds = Counted(function, budget), [(-5.0, 5.0)] * n
    start = time.perf_counter()
    try:
        if method == "tdca":
            tdca.minimize(counted, bounds, evaluations=budget, seed=seed)
        elif method == "differential evolution":
            differential_evolution(counted, bounds, seed=seed)
        else:
            dual_annealing(counted, bounds, seed=seed, maxfun=budget)
    except Spent:
        pass
    return counted.lowest, time.perf_counter() - start, budget - counted.left


# Dimensions, and evaluations for each of them.
SIZES = ((2, 20), (10, 20), (30, 20), (2, 100), (10, 100), (30, 100), (2, 1000), (10, 1000))
QUICK_SIZES = ((2, 50), (10, 50))
METHODS = ("tdca", "differential evolution", "dual annealing")


def overhead(repeats):
    """Microseconds an evaluation in ten dimensions, of which the function itself takes none."""
    def first(x):
        return abs(x[0])

    def firsts(points):
        return np.abs(points[:, 0])

    figures = {}
    for method in (*METHODS, "tdca, vectorized"):
        times = []
        for seed in range(repeats):
            if method == "tdca, vectorized":
                start = time.perf_counter()
                tdca.minimize(firsts, [(-5.0, 5.0)] * 10, evaluations=10_000, vectorized=True, seed=seed)
                seconds, evaluations = time.perf_counter() - start, 10_000
            else:
                _, seconds, evaluations = run(method, first, 10, 10_000, seed)
            times.append(1e6 * seconds / evaluations)
        figures[method] = {"median": float(np.median(times)), "least": min(times), "most": max(times), "n": repeats}
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two functions, few runs: shows that it runs")
    parser.add_argument("--seeds", type=int, default=15)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    functions = dict(list(FUNCTIONS.items())[:2]) if arguments.quick else FUNCTIONS
    sizes = QUICK_SIZES if arguments.quick else SIZES
    seeds = 3 if arguments.quick else arguments.seeds
    print(f"{'function':<14}{'n':>3}{'budget':>8}" + "".join(f"{method:>25}" for method in METHODS))
    cells = []
    for n, budget in sizes:
        for function, scale in functions.items():
            moved = Moved(function, scale, n)
            assert abs(moved(moved.place)) < 1e-8, function
            values = {method: np.maximum([run(method, moved, n, budget * n, seed)[0] for seed in range(seeds)], NO_ERROR)
                      for method in METHODS}
            medians = {method: float(np.median(values[method])) for method in METHODS}
            quartiles = {method: [float(f"{one:.4g}") for one in np.quantile(values[method], [0.25, 0.75])]
                         for method in METHODS}
            cells.append({"function": function.__name__, "dimension": n, "evaluations": budget * n, "medians": medians,
                          "quartiles": quartiles})
            lowest = min(medians.values())
            print(f"{function.__name__:<14}{n:>3}{budget * n:>8}" + "".join(
                f"{medians[method]:>24.3g}{'*' if medians[method] == lowest else ' '}" for method in METHODS), flush=True)
    print("errors, medians of", seeds, "runs; below 1e-8 is none; * the lowest")
    summary = []
    for n, budget in sizes:
        here = [cell["medians"] for cell in cells if (cell["dimension"], cell["evaluations"]) == (n, budget * n)]
        line = {"dimension": n, "per_dimension": budget}
        for other in METHODS[1:]:
            below = sum(one["tdca"] < one[other] for one in here)
            even = sum(one["tdca"] == one[other] for one in here)
            line[other] = [below, even, len(here) - below - even]
        line["lowest"] = sum(one["tdca"] == min(one.values()) for one in here)
        summary.append(line)
        print(f"{n:>3} dimensions, {budget:>5} evaluations a dimension: lower / even / higher than differential evolution on "
              f"{' / '.join(map(str, line[METHODS[1]]))}, than dual annealing on {' / '.join(map(str, line[METHODS[2]]))}")
    costs = overhead(3 if arguments.quick else 15)
    for method, figure in costs.items():
        print(f"overhead of {method}: {figure['median']:.2f} µs an evaluation ({figure['least']:.2f} to {figure['most']:.2f})")
    lowest, count = sum(line["lowest"] for line in summary), len(cells)
    print(f"the lowest median on {lowest} of {count} cells; {costs['tdca']['median']:.1f} µs an evaluation, SciPy's "
          f"{costs[METHODS[1]]['median']:.1f} and {costs[METHODS[2]]['median']:.1f}")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"program": "reach_search", "python": platform.python_version(), "numpy": np.__version__,
                       "scipy": scipy.__version__, "instructions": tdca._core.instructions, "seeds": seeds,
                       "summary": summary, "overhead_microseconds": costs, "cells": cells}, file, separators=(",", ":"))
            file.write("\n")
    return 0 if 2 * lowest > count else 1


if __name__ == "__main__":
    raise SystemExit(main())
