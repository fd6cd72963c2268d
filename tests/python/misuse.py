#!/usr/bin/env python3
"""Random misuse of the module: calls with what nobody should hand over. Each ends with an answer or an exception that a
Python user expects; the interpreter never dies.

Usage: misuse.py [CALLS [SEED]]        prints the number of calls and of exceptions by type
"""

import collections
import os
import pickle
import random
import sys
import tempfile
import warnings

import numpy as np

import tdca

EXPECTED = (ValueError, TypeError, RuntimeError, AttributeError, OSError)
STRANGE = [
    None, True, 0, -1, 3, 2**40, 2**70, 1.5, float("nan"), float("inf"), -1e308, 1j, "", "text", b"bytes", [], (), {}, set(),
    ["a", "b", "c"], [1, 2, 3], [[1, 2], [3, 4]], [[1, 2], [3]], [(-5, 5)] * 3, [(5, -5)], [(0, float("nan"))], object(), len,
    lambda *given: 1.0, lambda *given: None, lambda *given: np.zeros(7), lambda *given: "x", np.zeros(0), np.zeros((0, 3)),
    np.zeros((3, 0)), np.zeros((2, 2, 2)), np.ones(5), np.ones((5, 2)), np.full((5, 2), np.nan), np.full((5, 2), np.inf),
    np.arange(10).reshape(5, 2), np.arange(10).reshape(5, 2)[:, ::-1], np.arange(5)[::-1], np.array([["a", "b"]] * 5),
    np.array([[1, "b"], [None, {}]], dtype=object), np.array(3.0), np.ones((5, 2), dtype=np.float16), np.ones((5, 2), bool),
    np.array(["2020-01-01"] * 5, dtype="datetime64"), np.ones(5, dtype=complex), np.array([0, 1, 0, 1, 1]),
    np.array(["x", "y", "x", "y", "\0"]), np.ma.masked_all(5), np.ones((5, 2)).view(np.recarray), range(5), iter([1.0]),
    np.random.default_rng(1), np.zeros(5, dtype=[("a", int)]), "\ud800", memoryview(b"abcd"), 10**400, -0.0, slice(3)]
BOX, X, Y = [(-5, 5)] * 2, np.random.default_rng(1).normal(size=(30, 2)), np.arange(30) % 2


def sphere(x):
    return float((np.asarray(x) ** 2).sum())


def minimize(draw):
    names = ["x0", "args", "evaluations", "target", "integrality", "log", "periodic", "seed", "callback", "constraints",
             "noisy", "restarts", "vectorized", "on_error", "patience", "history", "genome", "tol"]
    given = {"evaluations": 30, **{name: draw() for name in random.sample(names, random.randint(0, 2))}}
    if isinstance(given["evaluations"], (int, float)) and not given["evaluations"] < 1000:
        given["evaluations"] = 30  # an honest wish to wait
    return tdca.minimize(random.choice([sphere, draw()]), random.choice([BOX, draw()]), **given)


def search(draw):
    one = tdca.Search(random.choice([BOX, BOX, draw()]), evaluations=60, seed=1)
    for _ in range(3):
        step = random.randrange(6)
        if step == 0:
            one.tell(draw())
        elif step == 1:
            one.tell(np.zeros(len(one.ask())), draw())
        elif step == 2:
            one = pickle.loads(pickle.dumps(one))
        elif step == 3:
            one.ask(copy=False).setflags(write=True)
        else:
            one.tell(np.full(len(one.ask()), random.choice([1.0, np.nan, -np.inf])))


def fit(draw):
    estimator = random.choice([tdca.Classifier, tdca.Regressor])(effort="quick", random_state=1)
    if random.random() < 0.3:
        estimator.set_params(**{random.choice(["hidden_layer_sizes", "effort", "random_state", "n_jobs"]): draw()})
    if isinstance(estimator.n_jobs, int) and estimator.n_jobs > 2:
        estimator.n_jobs = 2
    getattr(estimator, random.choice(["fit", "partial_fit"]))(random.choice([X, draw()]), random.choice([Y, draw()]))
    estimator.predict(random.choice([X, draw()]))


def ask(draw, fitted=[]):
    if not fitted:
        fitted.extend(kind(effort="quick", random_state=1).fit(X, Y) for kind in (tdca.Classifier, tdca.Regressor))
    one = random.choice(fitted)
    what = random.choice(["predict", "score", "set_weights", "save", "predict_proba"])
    if what == "score":
        return one.score(draw(), draw())
    if what == "set_weights":
        return one.set_weights(random.choice([draw(), {**one.get_weights(), random.choice(["absent", *one.get_weights()]): draw()}]))
    return getattr(one, what)(draw())


def files(draw):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        tdca.Classifier(effort="quick", random_state=1).fit(X, Y).save(path)
        with open(path, "r+b") as file:  # one byte of it changed, or cut off
            content = bytearray(file.read())
            content[random.randrange(len(content) if random.random() < 0.3 else 2000)] = random.randrange(256)
            file.seek(0)
            file.truncate()
            file.write(content[:random.choice([len(content), random.randrange(len(content))])])
        random.choice([tdca.load, tdca.load_genome, tdca.load_tensors])(random.choice([path, path, path, draw()]))
        tdca.save_tensors(path, random.choice([draw(), {"a": draw()}]), draw())


def core(draw):
    """The compiled part itself, which no user calls."""
    name = random.choice(["Search", "Table", "train", "load_model", "read_tensors", "write_tensors"])
    return getattr(tdca._core, name)(*(draw() for _ in range(random.choice([1, 3, 5, 11, 12]))))


def main():
    calls, seed = (int(one) for one in [*sys.argv[1:], 1000, 1][:2]) if len(sys.argv) < 3 else map(int, sys.argv[1:3])
    random.seed(seed)
    warnings.simplefilter("ignore")
    met = collections.Counter()
    os.chdir(tempfile.mkdtemp())  # what "save" is told to write
    for _ in range(calls):
        action = random.choice([minimize, search, fit, ask, files, core])
        try:
            action(lambda: random.choice(STRANGE))
            met["none"] += 1
        except EXPECTED as error:
            if not str(error):
                sys.exit(f"{action.__name__}: a {type(error).__name__} without a sentence")
            met[type(error).__name__] += 1
    print(f"{calls} calls: " + ", ".join(f"{count} {name}" for name, count in met.most_common()))


main()
