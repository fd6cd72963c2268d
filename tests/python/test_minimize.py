"""tdca.minimize: what it finds, and that it behaves as SciPy's minimisers do."""

import math
import os
import pickle
import signal
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.pool import ThreadPool

import numpy as np
import pytest
import scipy.optimize

import tdca

BOX = [(-5, 5)] * 4


def sphere(x):
    return float(((x - 1) ** 2).sum())


def test_finds_the_minimum():
    for seed in range(8):
        result = tdca.minimize(sphere, BOX, evaluations=2000, seed=seed)
        assert result.fun < 1e-6 and np.allclose(result.x, 1, atol=1e-3)
        assert result.success and result.status == 0 and result.nfev == 2000 and result.nit > 10
        assert result["fun"] == result.fun == sphere(result.x) and result.seed == seed


def test_same_seed_same_bits_with_any_workers():
    one = tdca.minimize(sphere, BOX, evaluations=300, seed=3)
    for how in ({}, {"workers": 2}, {"workers": map}, {"vectorized": True}):
        fun = (lambda points: ((points - 1) ** 2).sum(axis=1)) if "vectorized" in how else sphere
        other = tdca.minimize(fun, BOX, evaluations=300, seed=3, **how)
        assert other.x.tobytes() == one.x.tobytes() and other.nfev == one.nfev
    assert tdca.minimize(sphere, BOX, evaluations=300, seed=4).x.tobytes() != one.x.tobytes()


def test_no_seed_is_another_each_time_and_is_told():
    one, two = (tdca.minimize(sphere, BOX, evaluations=50) for _ in range(2))
    assert one.seed != two.seed
    assert tdca.minimize(sphere, BOX, evaluations=50, seed=one.seed).x.tobytes() == one.x.tobytes()
    for seed in (np.random.default_rng(1), np.random.RandomState(1)):
        assert tdca.minimize(sphere, BOX, evaluations=50, seed=seed).nfev == 50


def test_is_a_method_of_scipy():
    bounds = scipy.optimize.Bounds([-5] * 4, [5] * 4)
    for given in (bounds, BOX):
        result = scipy.optimize.minimize(sphere, [0.0, 0, 0, 0], bounds=given, method=tdca.minimize,
                                         options={"evaluations": 500, "seed": 1})
        assert result.success and result.fun < 1e-2
    seen = []
    result = scipy.optimize.minimize(lambda x, shift: ((x - shift) ** 2).sum(), [2.0] * 4, args=(2.0,), bounds=BOX,
                                     method=tdca.minimize, callback=seen.append, options={"evaluations": 100})
    assert result.fun == 0 and len(seen) == result.nit and seen[0].shape == (4,)
    with pytest.warns(RuntimeWarning, match="does not use jac"):
        scipy.optimize.minimize(sphere, [0.0] * 4, bounds=BOX, jac=lambda x: 2 * x, method=tdca.minimize,
                                options={"evaluations": 20})
    with pytest.raises(ValueError, match="bounds are needed|x0|bounds"):
        scipy.optimize.minimize(sphere, [0.0] * 4, method=tdca.minimize)


def test_constraints_in_scipys_forms():
    circle = [{"type": "ineq", "fun": lambda x: 1 - (x ** 2).sum()},
              scipy.optimize.NonlinearConstraint(lambda x: (x ** 2).sum(), -np.inf, 1)]
    for constraint in circle:
        result = tdca.minimize(lambda x: -x.sum(), [(-2, 2)] * 2, constraints=constraint, evaluations=1000, seed=1)
        assert result.maxcv == 0 and result.fun == pytest.approx(-math.sqrt(2), abs=1e-3)
    line = scipy.optimize.LinearConstraint([[1, 1]], -np.inf, 1)
    result = tdca.minimize(lambda x: -x.sum(), [(-2, 2)] * 2, constraints=[line], evaluations=1000, seed=1)
    assert result.maxcv == 0 and result.fun == pytest.approx(-1, abs=1e-3)
    result = scipy.optimize.minimize(lambda x: -x.sum(), [0.0, 0.0], bounds=[(-2, 2)] * 2, constraints=circle[0],
                                     method=tdca.minimize, options={"evaluations": 500, "seed": 1})
    assert result.maxcv == 0 and result.fun < -1.4


def test_kinds_of_variables():
    seen = []

    def fun(x):
        seen.append(x.copy())
        return abs(x[0] - 3) + abs(math.log10(x[1]) + 4) + 1 - math.cos(x[2] - 0.1)

    result = tdca.minimize(fun, [(0, 9), (1e-6, 1e-1), (0, 2 * math.pi)], integrality=[1, 0, 0],
                           log=[False, True, False], periodic=[0, 0, 1], evaluations=1000, seed=1)
    assert result.x[0] == 3 and result.x[1] == pytest.approx(1e-4, rel=0.05)
    assert all(x[0] == round(x[0]) for x in seen)
    fixed = tdca.minimize(sphere, [(-5, 5), (2, 2)], evaluations=200, seed=1)
    assert fixed.x[1] == 2 and fixed.fun == pytest.approx(1, abs=1e-3)


def test_target_patience_history():
    result = tdca.minimize(sphere, BOX, target=0.1, seed=1)
    assert result.success and result.status == 1 and result.fun <= 0.1 and result.nfev < 1000
    missed = tdca.minimize(sphere, BOX, target=-1, evaluations=100, seed=1)
    assert not missed.success and "target is not reached" in missed.message
    stale = tdca.minimize(lambda x: 1.0, BOX, patience=100, evaluations=5000, seed=1)
    assert stale.status == 2 and stale.nfev < 300
    kept = tdca.minimize(sphere, BOX, history=True, evaluations=100, seed=1)
    assert kept.history.shape == (kept.nit, 2) and kept.history[-1].tolist() == [100, kept.fun]
    assert (np.diff(kept.history[:, 1]) <= 0).all()


def test_callback():
    def stops(x):
        raise StopIteration

    result = tdca.minimize(sphere, BOX, callback=stops, evaluations=1000, seed=1)
    assert not result.success and result.status == 99 and result.nit == 1
    assert tdca.minimize(sphere, BOX, callback=lambda x: True, evaluations=1000, seed=1).nit == 1
    seen = []

    def watch(intermediate_result):
        seen.append(intermediate_result.fun)

    tdca.minimize(sphere, BOX, callback=watch, evaluations=100, seed=1)
    assert seen == sorted(seen, reverse=True) and len(seen) > 2


def test_an_exception_propagates_with_the_best_point():
    calls = []

    def fun(x):
        calls.append(sphere(x))
        if len(calls) == 37:
            raise KeyError("thirty-seven")
        return calls[-1]

    with pytest.raises(KeyError, match="thirty-seven") as caught:
        tdca.minimize(fun, BOX, evaluations=500, seed=1)
    result = caught.value.tdca_result
    assert result.nfev == 36 and result.fun == min(calls[:36]) == sphere(result.x) and not result.success
    assert "36 evaluations" in "".join(getattr(caught.value, "__notes__", ["36 evaluations"]))


def test_exceptions_are_skipped_where_asked():
    def fun(x):
        if x[0] < 0:
            raise RuntimeError("left")
        return sphere(x)

    for workers in (1, 2):
        result = tdca.minimize(fun, BOX, evaluations=300, seed=1, on_error="skip", workers=workers)
        assert result.success and result.nfail > 0 and result.nfev == 300 and "RuntimeError: left" in result.message
        assert result.x[0] >= 0


def test_nan_is_worst():
    result = tdca.minimize(lambda x: math.nan if x[0] < 1 else sphere(x), BOX, evaluations=500, seed=1)
    assert result.success and result.nfail > 0 and result.x[0] >= 1 and result.fun < 0.1
    nothing = tdca.minimize(lambda x: math.nan, BOX, evaluations=50, seed=1)
    assert not nothing.success and nothing.nfail == 50 and nothing.fun == math.inf and nothing.x.shape == (4,)


def test_keyboard_interrupt_ends_with_the_best_point():
    calls = []

    def fun(x):
        calls.append(sphere(x))
        if len(calls) == 50:
            raise KeyboardInterrupt
        return calls[-1]

    result = tdca.minimize(fun, BOX, evaluations=500, seed=1)
    assert not result.success and "KeyboardInterrupt" in result.message
    assert result.fun == min(calls[:49]) and result.nfev == 49


def test_keyboard_interrupt_ends_workers():
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    start = time.time()
    result = tdca.minimize(lambda x: time.sleep(0.05) or sphere(x), BOX, evaluations=100000, workers=2, seed=1)
    assert not result.success and result.nfev > 0 and time.time() - start < 10


def dies(x):
    os._exit(3)


def test_a_worker_that_dies():
    with pytest.raises(BrokenProcessPool) as caught:
        tdca.minimize(dies, BOX, workers=2, evaluations=100)
    assert caught.value.tdca_result.nfev == 0


def test_maps_of_the_users():
    with ThreadPool(2) as pool:
        result = tdca.minimize(sphere, BOX, workers=pool.map, evaluations=300, seed=3)
    assert result.x.tobytes() == tdca.minimize(sphere, BOX, evaluations=300, seed=3).x.tobytes()
    with pytest.raises(ValueError, match="workers must give a value"):
        tdca.minimize(sphere, BOX, workers=lambda f, points: [], evaluations=100)


def test_noisy():
    generator = np.random.default_rng(1)
    result = tdca.minimize(lambda x: sphere(x) + generator.normal(), BOX, noisy=True, evaluations=1000, seed=1)
    assert sphere(result.x) < 1 and result.success


def test_what_fun_may_return():
    for convert in (np.float32, lambda v: np.array([v]), lambda v: np.array(v), int, bool):
        assert tdca.minimize(lambda x: convert(sphere(x)), BOX, evaluations=20, seed=1).nfev == 20
    for value, error in ((None, TypeError), ("1.5", TypeError), (1j, TypeError), ([1, 2], ValueError), ([], ValueError),
                         ({}, TypeError)):
        with pytest.raises(error, match="fun must return"):
            tdca.minimize(lambda x: value, BOX, evaluations=20)


def test_a_point_that_fun_changes_changes_nothing():
    def fun(x):
        value = sphere(x)
        x[:] = 0
        return value

    assert tdca.minimize(fun, BOX, evaluations=200, seed=1).fun == tdca.minimize(sphere, BOX, evaluations=200, seed=1).fun


@pytest.mark.parametrize("arguments, error, words", [
    ({"bounds": None}, ValueError, "bounds are needed"),
    ({"bounds": []}, ValueError, "bounds"),
    ({"bounds": "abc"}, TypeError, "bounds"),
    ({"bounds": [(-1, 1, 2)]}, ValueError, "pairs"),
    ({"bounds": [(-1, None)]}, ValueError, "None"),
    ({"bounds": [(1, -1)]}, ValueError, "low, high"),
    ({"bounds": [(0, math.inf)]}, ValueError, "finite"),
    ({"bounds": [(0, math.nan)]}, ValueError, "finite"),
    ({"bounds": [("a", "b")]}, TypeError, "bounds"),
    ({"bounds": [[[0, 1]]]}, ValueError, "dimensions"),
    ({"x0": [9, 9, 9, 9]}, ValueError, "x0 must be within"),
    ({"x0": [1]}, ValueError, "x0 must have 4"),
    ({"x0": [math.nan] * 4}, ValueError, "x0"),
    ({"x0": list("abcd")}, TypeError, "x0"),
    ({"evaluations": 0}, ValueError, "evaluations"),
    ({"evaluations": 2.5}, TypeError, "evaluations"),
    ({"evaluations": "many"}, TypeError, "evaluations"),
    ({"evaluations": 2 ** 70}, ValueError, "evaluations"),
    ({"target": math.nan}, ValueError, "target"),
    ({"target": "low"}, TypeError, "target"),
    ({"seed": -1}, ValueError, "seed"),
    ({"seed": "one"}, TypeError, "seed"),
    ({"workers": 0}, ValueError, "workers"),
    ({"workers": "all"}, TypeError, "workers"),
    ({"workers": 2, "vectorized": True}, ValueError, "workers"),
    ({"integrality": [1]}, ValueError, "integrality"),
    ({"integrality": [2, 0, 0, 0]}, ValueError, "flags"),
    ({"integrality": "yes"}, TypeError, "integrality"),
    ({"log": True}, ValueError, "log"),
    ({"periodic": True, "integrality": True}, ValueError, "periodic"),
    ({"callback": 3}, TypeError, "callback"),
    ({"on_error": "ignore"}, ValueError, "on_error"),
    ({"constraints": 3}, TypeError, "constraints"),
    ({"constraints": {"type": "x"}}, ValueError, "constraints"),
    ({"genome": "nowhere.safetensors"}, FileNotFoundError, "nowhere"),
    ({"genome": {"a": [1]}}, ValueError, "genome"),
    ({"absent": 1}, TypeError, "absent"),
])
def test_misuse_is_named(arguments, error, words):
    with pytest.raises(error, match=words):
        tdca.minimize(sphere, **{"bounds": BOX, "evaluations": 20, **arguments})


def test_results_are_pickled_and_shown():
    result = tdca.minimize(sphere, BOX, evaluations=50, seed=1)
    again = pickle.loads(pickle.dumps(result))
    assert again.fun == result.fun and "nfev: 50" in repr(again) and "fun" in dir(again)
    with pytest.raises(AttributeError):
        result.absent


def test_success_is_feasible_and_at_the_target():
    def flat(x):
        return 1.0

    box = [(-5, 5)] * 2
    assert not tdca.minimize(flat, box, target=0.0, patience=20, evaluations=1000, seed=1).success
    out_of_reach = {"type": "ineq", "fun": lambda x: x[0] - 10}
    found = tdca.minimize(lambda x: float(x @ x), box, constraints=out_of_reach, evaluations=200, seed=1)
    assert not found.success and found.maxcv > 4 and "constraints" in found.message
    on_a_line = {"type": "eq", "fun": lambda x: x[0] - 1}
    found = tdca.minimize(lambda x: float(x @ x), box, constraints=on_a_line, evaluations=2000, seed=1)
    assert found.success and abs(found.x[0] - 1) < 1e-4


def test_constraints_that_are_infinite_or_nothing():
    box = [(-5, 5)] * 2

    def distance(x):
        return float(((x - 1) ** 2).sum())

    satisfied = {"type": "ineq", "fun": lambda x: np.inf if x[0] > 0 else x[0]}
    found = tdca.minimize(distance, box, constraints=satisfied, evaluations=400, seed=1)
    assert found.maxcv == 0 and found.fun < 1e-3
    with pytest.raises(TypeError, match="constraints: fun"):
        tdca.minimize(distance, box, constraints={"type": "ineq", "fun": lambda x: None}, evaluations=50)
    nowhere = {"type": "ineq", "fun": lambda x: np.nan}
    found = tdca.minimize(distance, box, constraints=nowhere, evaluations=50, seed=1)
    assert found.maxcv == np.inf and not found.success
    with pytest.raises(ValueError, match="constraints: lb"):
        tdca.minimize(distance, box, constraints=scipy.optimize.NonlinearConstraint(lambda x: x[0], 2, 1), evaluations=50)
    spoils = {"type": "ineq", "fun": lambda x: x.fill(0) or 1.0}
    found = tdca.minimize(distance, box, constraints=spoils, evaluations=100, seed=1)
    assert found.fun == distance(found.x)


def test_a_function_that_raises_stop_iteration():
    with pytest.raises(RuntimeError, match="fun raised StopIteration"):
        tdca.minimize(lambda x: next(iter(())), [(-1, 1)], evaluations=20)


class TwoWords(Exception):
    """What cannot be pickled: it is made again of one argument."""

    def __init__(self, one, other):
        super().__init__(f"{one} {other}")


def test_an_exception_that_does_not_survive_its_way_from_a_worker():
    def fails(x):
        raise TwoWords("not", "today")

    with pytest.raises(RuntimeError, match="TwoWords: not today"):
        tdca.minimize(fails, [(-1, 1)], evaluations=20, workers=2)
