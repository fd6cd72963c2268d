"""What people report to the trackers of SciPy and scikit-learn, tried on tdca: it works, or one sentence says why not."""

import copy
import dataclasses
import functools
import math
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import joblib
import numpy as np
import pandas
import pytest
import scipy.optimize
import scipy.sparse
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import AdaBoostClassifier, BaggingRegressor, StackingClassifier, VotingClassifier
from sklearn.feature_selection import SequentialFeatureSelector
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

import tdca
from tdca._estimators import EFFORTS

QUICK = {"effort": "quick", "random_state": 1}
BOX = [(-5, 5)] * 2
BUDGET = {"evaluations": 60, "seed": 1}
X = np.random.default_rng(0).normal(size=(60, 2))
CLASSES, NUMBERS = (X[:, 0] > 0).astype(int), 2 * X[:, 0]
FRAME = pandas.DataFrame({"n": X[:, 0], "t": np.where(X[:, 1] > 0, "u", "v"), "c": pandas.Categorical(CLASSES)})


def classifier(**given):
    return tdca.Classifier(**{**QUICK, **given})


def regressor(**given):
    return tdca.Regressor(**{**QUICK, **given})


def scored(rows, target=NUMBERS):
    return regressor().fit(rows, target).score(rows, target)


def sphere(x):
    return float(x @ x)


def run(fun=sphere, bounds=BOX, **given):
    return tdca.minimize(fun, bounds, **{**BUDGET, **given})


def frozen(array):
    array = array.copy()
    array.flags.writeable = False
    return array


BOTH = np.column_stack([NUMBERS, -NUMBERS])
WORKS_WITH_SCIKIT_LEARN = {
    "a clone of a fitted estimator": lambda: clone(classifier().fit(X, CLASSES)).fit(X, CLASSES).score(X, CLASSES),
    "GridSearchCV, two processes": lambda: GridSearchCV(classifier(), {"hidden_layer_sizes": tdca.HIDDEN_LAYER_SIZES[:2]}, n_jobs=2,
                                                        cv=2).fit(X, CLASSES).best_score_,
    "cross_val_score, two processes": lambda: cross_val_score(regressor(), X, NUMBERS, n_jobs=2, cv=3).mean(),
    "cross_val_predict of probabilities": lambda: cross_val_predict(classifier(), X, CLASSES, method="predict_proba").max(),
    "scorers of probabilities": lambda: cross_val_score(classifier(), X, CLASSES, scoring="roc_auc", cv=2).mean(),
    "folds by groups": lambda: cross_val_score(regressor(), X, NUMBERS, groups=np.arange(60) % 3, cv=GroupKFold(3)).mean(),
    "a pipeline": lambda: make_pipeline(StandardScaler(), PolynomialFeatures(), regressor()).fit(X, NUMBERS).score(X, NUMBERS),
    "a pipeline of frames": lambda: make_pipeline(ColumnTransformer([("t", OneHotEncoder(), ["t"])], remainder="passthrough"),
                                                  regressor()).fit(FRAME, NUMBERS).score(FRAME, NUMBERS),
    "bagging": lambda: BaggingRegressor(regressor(), n_estimators=2).fit(X, NUMBERS).score(X, NUMBERS),
    "stacking": lambda: StackingClassifier([("a", classifier())], cv=2).fit(X, CLASSES).score(X, CLASSES),
    "voting": lambda: VotingClassifier([("a", classifier())], voting="soft").fit(X, CLASSES).score(X, CLASSES),
    "calibration": lambda: CalibratedClassifierCV(classifier(), cv=2).fit(X, CLASSES).score(X, CLASSES),
    "several outputs": lambda: MultiOutputRegressor(regressor()).fit(X, BOTH).score(X, BOTH),
    "a transformed target": lambda: TransformedTargetRegressor(regressor(), func=np.cbrt, inverse_func=lambda v: v**3).fit(
        X, NUMBERS).score(X, NUMBERS),
    "selection of features": lambda: SequentialFeatureSelector(regressor(), n_features_to_select=1, cv=2).fit(
        X, NUMBERS).get_support()[0],
    "importance by permutation": lambda: permutation_importance(regressor().fit(X, NUMBERS), X, NUMBERS).importances_mean[0],
    "partial dependence": lambda: np.ptp(partial_dependence(regressor().fit(X, NUMBERS), X, [0], grid_resolution=3)["average"]),
    "deepcopy": lambda: copy.deepcopy(regressor().fit(X, NUMBERS)).score(X, NUMBERS),
    "n_jobs=-2": lambda: classifier(n_jobs=-2).fit(X, CLASSES).score(X, CLASSES),
    "random_state=numpy.random": lambda: regressor(random_state=np.random).fit(X, NUMBERS).score(X, NUMBERS),
}


@pytest.mark.parametrize("what", WORKS_WITH_SCIKIT_LEARN)
def test_works_with_scikit_learn(what):
    assert WORKS_WITH_SCIKIT_LEARN[what]() > 0.7


@pytest.mark.parametrize("form", [
    lambda a: a.astype(object), lambda a: a.astype(np.float16), lambda a: a.astype(np.longdouble), lambda a: a.astype(">f8"),
    np.asfortranarray, frozen, lambda a: np.concatenate([a, a], axis=1)[:, ::2][:, ::-1][:, ::-1], lambda a: a.tolist(),
    lambda a: pandas.DataFrame(a), lambda a: pandas.DataFrame(a, columns=["y", "y_"]), lambda a: pandas.DataFrame(a, columns=["", "b,\n\"\0"]),
    lambda a: pandas.DataFrame(a, columns=pandas.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
    lambda a: pandas.DataFrame({"a": pandas.arrays.SparseArray(a[:, 0]), "b": a[:, 1]}), lambda a: [pandas.Series(row) for row in a]])
def test_rows_of_any_form(form):
    assert scored(form(X)) > 0.99


def test_rows_of_a_file_in_memory(tmp_path):
    rows = np.memmap(tmp_path / "rows", dtype="f8", mode="w+", shape=X.shape)
    rows[:] = X
    rows.flush()
    rows = np.memmap(tmp_path / "rows", dtype="f8", mode="r", shape=X.shape)
    assert scored(rows) == scored(X)
    joblib.dump(regressor().fit(rows, NUMBERS), tmp_path / "model")
    assert joblib.load(tmp_path / "model").score(X, NUMBERS) == scored(X)


def texts(one):
    return pandas.DataFrame({"a": [one, "b"] * 30, "b": X[:, 0]})


HALF = "a\ud800"  # of a surrogate pair
IS_REFUSED = {
    "a sparse matrix": (lambda: scored(scipy.sparse.csr_matrix(X)), TypeError, "toarray"),
    "a sparse matrix to predict": (lambda: regressor().fit(X, NUMBERS).predict(scipy.sparse.csr_array(X)), TypeError, "toarray"),
    "a sparse target": (lambda: scored(X, scipy.sparse.csr_matrix(NUMBERS)), TypeError, "y is sparse"),
    "two columns of one name": (lambda: scored(pandas.DataFrame(X, columns=["a", "a"])), ValueError, "two columns are called"),
    "a column too many": (lambda: regressor().fit(FRAME, NUMBERS).predict(FRAME.assign(z=1)), ValueError, "unseen at fit time"),
    "names of two types": (lambda: scored(pandas.DataFrame(X, columns=["a", 1])), TypeError, r"\['int', 'str'\] as feature name"),
    "a text for each row": (lambda: scored(pandas.DataFrame({"id": [f"row {i}" for i in range(60)]})), ValueError, "hardly repeat"),
    "rows that are all alike": (lambda: scored(np.ones((60, 2))), ValueError, "no column tells rows apart: 1: always the same"),
    "decimal commas": (lambda: scored(pandas.DataFrame({"a": ["1,5", "2,5"] * 30})), ValueError, "numbers with commas"),
    "columns in another order": (lambda: regressor().fit(FRAME, NUMBERS).predict(FRAME[["t", "n", "c"]]), ValueError, "same order"),
    "texts in a column of numbers": (lambda: regressor().fit(FRAME, NUMBERS).predict(FRAME.assign(n="w")), ValueError, "column n"),
    "half a surrogate pair in a name": (lambda: scored(pandas.DataFrame(X, columns=[HALF, "b"])), ValueError, "X: a column's name"),
    "half a surrogate pair in a cell": (lambda: scored(texts(HALF)), ValueError, "X: a text of the column 'a'"),
    "half a surrogate pair to predict": (lambda: regressor().fit(texts("c"), NUMBERS).predict(texts(HALF)), ValueError, "X: a text"),
    "half a surrogate pair in a label": (lambda: classifier().fit(X, [HALF, "b"] * 30), ValueError, "y: a text"),
    "half a surrogate pair in a file": (lambda: tdca.save_tensors("none", {HALF: X}), ValueError, "UTF-8"),
    "an infinity after float16": (lambda: scored(np.where(X > 1, np.inf, X).astype(np.float16)), ValueError, "infinity"),
    "a set of targets": (lambda: scored(X, set(range(60))), ValueError, "got set"),
    "a generator of targets": (lambda: scored(X, (one for one in NUMBERS)), ValueError, "got generator"),
    "a generator of rows": (lambda: scored(one for one in X), ValueError, "got generator"),
    "a row to predict": (lambda: regressor().fit(X, NUMBERS).predict(X[0]), ValueError, "Reshape your data"),
    "no row to predict": (lambda: regressor().fit(X, NUMBERS).predict(X[:0]), ValueError, "0 sample"),
    "one class": (lambda: classifier().fit(X, np.zeros(60)), ValueError, "1 class"),
    "classes that are continuous": (lambda: classifier().fit(X, NUMBERS), ValueError, "continuous"),
    "classes beyond 64 bits": (lambda: classifier().fit(X, [10**30, 1] * 30), ValueError, "beyond 64 bits"),
    "classes of two types": (lambda: classifier().fit(X, np.array([1, "a"] * 30, dtype=object)), ValueError, "int, str"),
    "two columns of classes": (lambda: classifier().fit(X, BOTH), ValueError, "1d array"),
    "weights of samples": (lambda: AdaBoostClassifier(classifier()).fit(X, CLASSES), ValueError, "sample_weight"),
    "a parameter that is none": (lambda: GridSearchCV(classifier(), {"alpha": [1]}, cv=2).fit(X, CLASSES), ValueError, "alpha"),
    "a size that was not compiled": (lambda: classifier(hidden_layer_sizes=(64.9, 32)).fit(X, CLASSES), ValueError, "64.9"),
    "n_jobs=-1025": (lambda: classifier(n_jobs=-1025).fit(X, CLASSES), ValueError, "n_jobs"),
    "a folder in place of a file": (lambda: regressor().fit(X, NUMBERS).save("/tmp"), IsADirectoryError, "/tmp"),
    "a folder that is not there": (lambda: regressor().fit(X, NUMBERS).save("/tmp/not/there"), FileNotFoundError, "/tmp/not"),
    "a file that is open": (lambda: regressor().fit(X, NUMBERS).save(open(os.devnull)), TypeError, "path"),
    "SciPy without bounds": (lambda: scipy.optimize.minimize(sphere, [0.5, 0.5], method=tdca.minimize), ValueError, "bounds are needed"),
    "an option of another method": (lambda: run(maxiter=5), TypeError, "maxiter"),
    "infinite bounds": (lambda: run(bounds=[(-math.inf, 1)]), ValueError, "bounds must be finite"),
    "reversed bounds": (lambda: run(bounds=[(1, 0)]), ValueError, r"bounds must be \(low, high\)"),
    "a start outside the bounds": (lambda: run(x0=[9, 9]), ValueError, "x0 must be within the bounds"),
    "a start that is not whole": (lambda: run(x0=[0.5, 1], integrality=True), ValueError, "x0 must be whole"),
    "a logarithm from zero": (lambda: run(bounds=[(0, 1)], log=True), ValueError, "log"),
    "whole numbers between halves": (lambda: run(bounds=[(0.5, 1.5)], integrality=True), ValueError, "integrality"),
    "a coroutine": (lambda: run(fun=lambda x: (one for one in x)), TypeError, "fun must return a real number, not generator"),
    "math.sin of an array": (lambda: run(fun=lambda x: math.sin(x)), TypeError, "size-1|only"),
    "a function of two arguments": (lambda: run(fun=lambda x, y: 1.0), TypeError, "missing 1 required positional argument"),
    "the genome that trains networks": (lambda: run(genome=tdca.universal_genome()), ValueError, "genome must be one of a search"),
}


@pytest.mark.parametrize("what", IS_REFUSED)
def test_is_refused(what):
    action, error, words = IS_REFUSED[what]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(error, match=words):
            action()


def interrupted(x):
    raise KeyboardInterrupt


class Holder:
    def method(self, x):
        return sphere(x)


PLAIN = run()


@pytest.mark.parametrize("given", [
    {"workers": 2, "fun": lambda x: sphere(x)}, {"workers": 2, "fun": functools.partial(lambda a, x: a * sphere(x), 1.0)},
    {"workers": 2, "fun": Holder().method}, {"workers": 8}, {"bounds": np.array(BOX, dtype=np.float32)},
    {"bounds": zip([-5, -5], [5, 5])}, {"bounds": pandas.DataFrame(BOX)}, {"seed": np.array(1)}, {"seed": 1.0}, {"args": ()},
    {"callback": lambda x: pickle.dumps(x) and None}, {"constraints": []}, {"tol": None}])
def test_is_the_same_run(given):
    found = run(**given)
    assert found.x.tobytes() == PLAIN.x.tobytes() and found.nfev == 60


def test_bounds_that_are_odd():
    assert run(bounds=[(1, 1)] * 2).x.tolist() == [1, 1] and run(bounds=[(1, 1), (0, 1)]).x[0] == 1
    assert run(bounds=[(0, 5e-324)]).success and 1 <= run(bounds=[(1, np.nextafter(1, 2))]).x[0] <= np.nextafter(1, 2)
    with np.errstate(all="ignore"):
        assert run(bounds=[(-1.7e308, 1.7e308)]).nfail == 60 and run(bounds=[(1e-300, 1e300)], log=True).fun < 1e-3
    assert run(bounds=[(0, 2**60)], integrality=True).x[0] % 1 == 0 and run(bounds=[(3, 3), (0, 1)], integrality=True).x[0] == 3
    assert run(bounds=[(-1, 1)] * 20000, evaluations=20).x.shape == (20000,)
    for evaluations in (1, 2):
        for given in ({}, {"noisy": True}, {"x0": [1, 1]}, {"x0": [1, 1], "noisy": True}, {"workers": 4}):
            assert run(evaluations=evaluations, **given).nfev == evaluations


def test_what_ends_a_run():
    for given in ({"callback": interrupted}, {"callback": interrupted, "workers": 2}, {"fun": interrupted, "vectorized": True},
                  {"constraints": {"type": "ineq", "fun": interrupted}}, {"fun": interrupted, "on_error": "skip"}):
        assert "KeyboardInterrupt" in run(**given).message
    with pytest.raises(ZeroDivisionError) as caught:
        run(callback=lambda x: 1 / 0, workers=2)
    assert caught.value.tdca_result.nfev == 4
    for error in (SystemExit, MemoryError, RecursionError):
        def fails(x):
            raise error

        with pytest.raises(error):
            run(fun=fails, workers=2)
    deadline = time.monotonic() + 20
    while ours := [one for one in multiprocessing.active_children() if type(one).__name__ == "ForkProcess"]:
        assert time.monotonic() < deadline, ours
        time.sleep(0.01)


def test_strict_numpy_and_warnings():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run().x.tobytes() == PLAIN.x.tobytes() and run(noisy=True).success
        assert run(constraints={"type": "ineq", "fun": lambda x: np.inf}).success
        rows = np.where(X > 1, np.nan, X)
        assert scored(rows) > 0.9 and classifier().fit(rows, CLASSES).predict_log_proba(100 * rows).shape == (60, 2)
        assert regressor().fit(1e300 * X, NUMBERS).score(1e300 * X, NUMBERS) > 0.9


def test_threads():
    model = regressor().fit(X, NUMBERS)
    with ThreadPoolExecutor(4) as pool:
        assert {one.tobytes() for one in pool.map(model.predict, [X] * 40)} == {model.predict(X).tobytes()}
        assert {one.predict(X).tobytes() for one in pool.map(lambda _: regressor().fit(X, NUMBERS), range(4))} == {
            model.predict(X).tobytes()}
        assert {one.x.tobytes() for one in pool.map(lambda _: run(workers=2), range(2))} == {PLAIN.x.tobytes()}
        assert run(workers=pool.map).x.tobytes() == PLAIN.x.tobytes()


def inside(_):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = tdca.Classifier(**QUICK, n_jobs=2)
        return run(workers=2).x.tobytes(), fitted.fit(X, CLASSES).predict(X).tobytes()


def test_forks(monkeypatch):
    """Processes that are forked once threads have trained here: they wait for none of these threads."""
    monkeypatch.setitem(EFFORTS, "quick", ([100], 1, 2))
    plain = tdca.Classifier(**QUICK, n_jobs=2).fit(X, CLASSES).predict(X).tobytes()
    fork = multiprocessing.get_context("fork")
    with fork.Pool(2) as pool:  # whose processes may have none of their own
        assert pool.map_async(inside, range(2)).get(60) == [(PLAIN.x.tobytes(), plain)] * 2
    with ProcessPoolExecutor(2, fork) as pool:
        assert list(pool.map(inside, range(2), timeout=60)) == [(PLAIN.x.tobytes(), plain)] * 2
    found = tdca.minimize(lambda x: 1 - tdca.Classifier(**QUICK, n_jobs=2).fit(X, CLASSES).score(X, CLASSES), BOX, evaluations=4,
                          workers=2, seed=1)
    assert found.nfev == 4 and found.fun < 0.3


def test_a_search_in_the_middle():
    search = tdca.Search(BOX, **BUDGET)
    search.ask()
    copies = [copy.copy(search), copy.deepcopy(search), *(pickle.loads(pickle.dumps(search, protocol=p)) for p in range(6))]
    for one in (search, *copies):
        one.tell((one.ask() ** 2).sum(axis=1))
    assert {one.ask().tobytes() for one in copies} == {search.ask().tobytes()}
    seen = []
    thread = threading.Thread(target=lambda: seen.append(pickle.loads(pickle.dumps(search)).ask().tobytes()))
    thread.start()
    thread.join()
    assert seen == [search.ask().tobytes()]


def near(target):
    """What must be 1, in forms of SciPy's."""
    return [scipy.optimize.LinearConstraint(np.ones((1, 5)), target, target),
            scipy.optimize.NonlinearConstraint(lambda x: x.sum(), target, target),
            {"type": "eq", "fun": lambda x: x.sum() - target}]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equalities_end_at_the_minimum(seed):
    """A point that meets one to its rounding is not the best for ever."""
    results = [run(bounds=[(-2, 2)] * 5, constraints=one, evaluations=2000, seed=seed) for one in near(1)]
    assert {one.x.tobytes() for one in results} == {results[0].x.tobytes()}
    found = results[0]
    assert found.success and found.fun == pytest.approx(0.2, abs=2e-3)
    assert found.maxcv == pytest.approx(abs(found.x.sum() - 1), abs=1e-12) and found.maxcv <= 1e-4
    two = run(bounds=[(-2, 2)] * 5, evaluations=4000, seed=seed, constraints=[
        near(1)[0], {"type": "eq", "fun": lambda x: [x[0] - 0.5, x[1] - 0.25]}])
    assert two.success and two.maxcv <= 1e-4 and two.fun == pytest.approx(0.5**2 + 0.25**2 + 0.25**2 / 3, abs=5e-3)
    on_a_ball = {"type": "eq", "fun": lambda x: x @ x - 1}
    start = np.eye(5)[0]
    for given in ({}, {"x0": start}, {"x0": np.zeros(5)}, {"workers": 2}, {"vectorized": True}):
        value = (lambda x: ((x - 1) ** 2).sum(axis=-1))
        found = run(fun=value, bounds=[(-2, 2)] * 5, constraints=on_a_ball, evaluations=2000, seed=seed, history=True, **given)
        assert found.success and found.maxcv <= 1e-4 and found.fun == pytest.approx((math.sqrt(5) - 1) ** 2, abs=2e-3)
        assert found.history[-1].tolist() == [2000, found.fun]
    # A run that ends early has the best of all points, by all that is violated.
    seen = []
    early = run(fun=lambda x: seen.append(x.copy()) or sphere(x), bounds=[(-2, 2)] * 5, constraints=near(1)[0], seed=seed,
                evaluations=2000, callback=lambda x: len(seen) > 300)
    least = min(max(abs(x.sum() - 1) - 1e-4, 0) for x in seen)
    assert max(early.maxcv - 1e-4, 0) == pytest.approx(least, abs=1e-12)
    far = run(bounds=[(-2, 2)] * 5, constraints=near(11)[0], evaluations=400, seed=seed)
    assert not far.success and far.maxcv == pytest.approx(11 - far.x.sum()) and far.maxcv >= 1


def test_many_categories():
    """As many as columns would be made of them, up to 256; what is lost is told."""
    random = np.random.default_rng(1)
    states = random.integers(0, 51, 3000)
    height = random.normal(size=51)[states]
    frame = pandas.DataFrame({"state": [f"state {one}" for one in states]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert scored(frame, height) > 0.95
        # Of a few rows too; and a column that is always the same has nothing to lose.
        few = pandas.DataFrame({"t": list("abcdefgh") * 8, "c": 1.0})
        assert scored(few, np.tile(np.arange(8.0), 8)) > 0.9
    frame["id"] = [f"row {i}" for i in range(3000)]
    with pytest.warns(UserWarning, match="lose what they tell: 'id' .3000 different texts, which hardly repeat.$"):
        assert scored(frame, height) > 0.95
    frame["id"] = [str(i % 1500 // 4) for i in range(3000)]
    frame["id"] += "x"
    with pytest.warns(UserWarning, match="'id' .119 rarer categories count as none"):
        assert scored(frame, height) > 0.9
    odd = pandas.DataFrame({"x": X[:, 0].astype(str)})
    odd.loc[:8, "x"] = "unknown"
    with pytest.warns(UserWarning, match="'x' .51 rarer categories count as none"):
        regressor().fit(pandas.concat([FRAME, odd], axis=1), NUMBERS)


@pytest.mark.parametrize("code", [1e5, 1e6, 1e-4, 1e-5, 0.001, 250000, 1e15, 1e16, 1e17, 10**17, 2.5, -3, 1.5e300])
def test_codes_are_categories_in_any_form(code):
    """A number that is a category is the same one as a text, a whole number or a double, alone and among others."""
    codes = [code, 2 * code, 3 * code]
    frame = pandas.DataFrame({"code": pandas.Categorical(codes * 20)})
    model = regressor().fit(frame, np.tile([1.0, 5.0, 2.0], 20))
    expected = model.predict(frame)[:3]
    assert np.ptp(expected) > 3
    forms = [np.array(codes, dtype=np.float64), np.array(codes, dtype=object), [float(one) for one in codes]]
    if float(code).is_integer() and abs(code) < 1e18:
        forms.append(np.array([int(one) for one in codes], dtype=np.int64))
    for form in forms:
        assert model.predict(pandas.DataFrame({"code": form})).tolist() == expected.tolist()
    mixed = np.array([["a", code], ["b", 2 * code], ["c", "x"]] * 20, dtype=object)
    model = regressor().fit(mixed, np.tile([1.0, 5.0, 2.0], 20))
    assert model.predict(mixed)[:2].tolist() == [model.predict(mixed[:1])[0], model.predict(mixed[1:2])[0]]


def test_moments_in_an_array():
    days = np.datetime64("2020-01-01") + np.arange(60).reshape(-1, 1)
    as_frame = regressor().fit(pandas.DataFrame({"day": days[:, 0]}), NUMBERS)
    for rows in (days, days - days[0]):
        assert regressor().fit(rows, NUMBERS).predict(rows).shape == (60,)
    assert regressor().fit(days, NUMBERS).predict(days).tolist() == as_frame.predict(
        pandas.DataFrame({"day": days[:, 0]})).tolist()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("vectorized", [False, True])
def test_what_fun_does_to_its_points(error, vectorized):
    """A run that ends early has the point that was evaluated, whatever fun made of it."""
    calls, sent = [], []

    def fun(x):
        sent.append(x.copy())
        value = (x ** 2).sum(axis=-1)
        x *= 1000
        calls.append(1)
        if len(calls) == (2 if vectorized else 30):
            raise error("enough")
        return value

    try:
        found = run(fun=fun, vectorized=vectorized)
    except ValueError as raised:
        found = raised.tdca_result
    points = np.concatenate(sent[:-1]) if vectorized else np.array(sent[:-1])
    assert found.x.tolist() in points.tolist() and found.fun == pytest.approx(sphere(found.x))


def test_exceptions_that_take_no_attribute():
    @dataclasses.dataclass(frozen=True)
    class Fixed(Exception):
        reason: str

    def fails(x):
        raise Fixed("broken")

    with pytest.raises(Fixed, match="broken"):
        run(fun=fails)


def test_files_of_subclasses(tmp_path):
    class Mine(tdca.Regressor):
        pass

    model = Mine(effort="quick", random_state=7).fit(X, NUMBERS)
    model.save(tmp_path / "mine")
    again = tdca.load(tmp_path / "mine")
    assert type(again) is tdca.Regressor and again.get_params() == model.get_params()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert again.predict(X).tolist() == model.predict(X).tolist()


INTERRUPTED = """
import os, signal, sys, threading, time
import numpy, tdca
X = numpy.random.default_rng(0).normal(size=(500, 10))
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    WHAT
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("what, answer", [
    ("tdca.Regressor(effort='thorough', random_state=1, n_jobs=2).fit(X, X[:, 0])", "interrupted"),
    ("print(tdca.minimize(lambda x: time.sleep(0.01) or float(x @ x), [(-1, 1)] * 3, evaluations=10**5, workers=2).status)", "7")])
def test_control_c(what, answer):
    """It is heard while a network is trained, on any number of threads; and nothing but the answer is told."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED.replace("WHAT", what)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, answer, "")


def test_fun_by_name():
    assert tdca.minimize(fun=sphere, bounds=BOX, **BUDGET).x.tobytes() == PLAIN.x.tobytes()
