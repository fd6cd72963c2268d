"""tdca.minimize: what functions, constraints, callbacks and maps answer, and numbers that are handed over in other forms."""

import decimal
import fractions
import math
import pickle
import types

import numpy as np
import pandas
import pytest
import scipy.optimize
import scipy.sparse

import tdca

BOX = [(-5, 5)] * 2
BUDGET = {"evaluations": 60, "seed": 1}


def sphere(x):
    return float(((x - 1) ** 2).sum())


PLAIN = tdca.minimize(sphere, BOX, **BUDGET)


@pytest.mark.parametrize("convert", [
    lambda v: fractions.Fraction(v), lambda v: decimal.Decimal(v), lambda v: np.array(decimal.Decimal(v)), np.float64, np.longdouble,
    lambda v: [v], lambda v: np.ma.array([v]), lambda v: pandas.Series([v])])
def test_whatever_is_a_number_is_one(convert):
    assert tdca.minimize(lambda x: convert(sphere(x)), BOX, **BUDGET).x.tobytes() == PLAIN.x.tobytes()
    rows = tdca.minimize(lambda points: np.array([convert(sphere(x)) for x in points]), BOX, vectorized=True, **BUDGET)
    assert rows.x.tobytes() == PLAIN.x.tobytes()
    inside = [tdca.minimize(sphere, BOX, constraints={"type": "ineq", "fun": lambda x: form(x[0] - 2)}, **BUDGET)
              for form in (float, convert)]
    assert inside[0].x.tobytes() == inside[1].x.tobytes() and inside[0].x[0] >= 2


@pytest.mark.parametrize("worst", [np.ma.masked, np.ma.array([1.0], mask=[True]), decimal.Decimal("NaN"), decimal.Decimal("sNaN"),
                                   10**400, np.array(np.nan)])
def test_what_is_masked_or_none_is_worst(worst):
    found = tdca.minimize(lambda x: worst if x[0] < 1 else sphere(x), BOX, **BUDGET)
    same = tdca.minimize(lambda x: math.nan if x[0] < 1 else sphere(x), BOX, **BUDGET)
    assert found.nfail == same.nfail > 0 and found.x.tobytes() == same.x.tobytes()
    masked = tdca.minimize(lambda points: np.ma.array([sphere(x) for x in points], mask=points[:, 0] < 1), BOX, vectorized=True,
                           **BUDGET)
    assert masked.nfail == same.nfail and masked.x.tobytes() == same.x.tobytes()
    search = tdca.Search(BOX, **BUDGET)
    count = len(search.ask())
    search.tell(np.ma.array(np.zeros(count), mask=np.arange(count) > 0))
    assert search.nfail == count - 1 and search.best_fun == 0


UNUSABLE = [(None, TypeError, "NoneType"), ("1.5", TypeError, "str"), (1j, TypeError, "complex"), (pandas.NA, TypeError, "NAType"),
            (np.timedelta64(3, "s"), TypeError, "timedelta64"), (np.datetime64("2020"), TypeError, "datetime64")]


@pytest.mark.parametrize("value, error, words", UNUSABLE + [(np.zeros(2), ValueError, "shape")])
def test_unusable_answers_are_skipped_where_asked(value, error, words):
    def fun(x):
        return value if x[0] < 1 else sphere(x)

    worst = tdca.minimize(lambda x: math.nan if x[0] < 1 else sphere(x), BOX, **BUDGET)
    with pytest.raises(error, match=f"fun must return .*{words}"):
        tdca.minimize(fun, BOX, **BUDGET)
    for workers in (1, 2):
        found = tdca.minimize(fun, BOX, on_error="skip", workers=workers, **BUDGET)
        assert found.x.tobytes() == worst.x.tobytes() and found.nfail == worst.nfail and words in found.message


@pytest.mark.parametrize("value, error, words", UNUSABLE)
def test_a_batch_with_an_unusable_value(value, error, words):
    def fun(points):
        return [value if x[0] < 1 else sphere(x) for x in points]

    with pytest.raises(error, match="fun must return"):
        tdca.minimize(fun, BOX, vectorized=True, **BUDGET)
    if np.asarray([value, 1.0]).dtype.kind == "O":  # the others make texts, or moments, of all
        worst = tdca.minimize(lambda x: math.nan if x[0] < 1 else sphere(x), BOX, **BUDGET)
        found = tdca.minimize(fun, BOX, vectorized=True, on_error="skip", **BUDGET)
        assert found.x.tobytes() == worst.x.tobytes() and found.nfail == worst.nfail


def test_a_batch_of_another_size_is_skipped():
    found = tdca.minimize(lambda points: 1.0, BOX, vectorized=True, on_error="skip", **BUDGET)
    assert found.nfail == 60 and "shape ()" in found.message and not found.success


@pytest.mark.parametrize("answer, error", [(lambda: 1 / 0, ZeroDivisionError), (lambda: None, TypeError), (lambda: "a", TypeError),
                                           (lambda: next(iter(())), RuntimeError)])
def test_constraints_that_fail(answer, error):
    constraint = {"type": "ineq", "fun": lambda x: answer() if x[0] < 1 else 1.0}
    with pytest.raises(error):
        tdca.minimize(sphere, BOX, constraints=constraint, **BUDGET)
    many = tdca.minimize(lambda points: [sphere(x) for x in points], BOX, constraints=constraint, vectorized=True, on_error="skip",
                         **BUDGET)
    for workers in (1, 2):
        one = tdca.minimize(sphere, BOX, constraints=constraint, on_error="skip", workers=workers, **BUDGET)
        assert one.nfail > 0 and one.x[0] >= 1 and one.maxcv == 0 and one.success and error.__name__ in one.message
        assert one.x.tobytes() == many.x.tobytes() and one.nfail == many.nfail


def limits(**given):
    return types.SimpleNamespace(**given)


@pytest.mark.parametrize("constraint, error, words", [
    (scipy.optimize.LinearConstraint([[1, 1, 1]], 0, 1), ValueError, "A must have 2 columns"),
    (limits(A=[[1, 1]], lb=[0, 0], ub=[1, 1]), ValueError, "lb and ub must have 1 numbers"),
    (limits(A=[[1, 1], [1, 0]], lb=[0, 0], ub=[1, 1, 1]), ValueError, "lb must suit ub"),
    (limits(A=[[1, 1]], lb=None, ub=1), TypeError, "constraints: lb"),
    (limits(A=[[1, 1]], lb=0, ub="a"), TypeError, "constraints: ub"),
    (limits(A=[[1, 1]], lb=math.nan, ub=1), ValueError, "constraints: lb"),
    (limits(A=None, lb=0, ub=1), TypeError, "constraints: A"),
    (limits(A=[[math.nan, 1]], lb=0, ub=1), ValueError, "constraints: A"),
    (scipy.optimize.NonlinearConstraint(lambda x: x, [0] * 3, [1] * 3), ValueError, r"shape \(3,\), and fun returned 2"),
    (scipy.optimize.NonlinearConstraint("fun", 0, 1), TypeError, "constraints are"),
    ("x > 0", TypeError, "constraints must be .* not str"),
    (["x > 0"], TypeError, "constraints are .* not str"),
    ([None], TypeError, "constraints are .* not NoneType"),
    (scipy.optimize.Bounds([-1, -1], [1, 1]), TypeError, "constraints are .* not Bounds"),
    ({"type": "ineq"}, ValueError, "constraints: a dict"),
])
def test_constraints_that_are_none(constraint, error, words):
    with pytest.raises(error, match=words):
        tdca.minimize(sphere, BOX, constraints=constraint, **BUDGET)


def test_constraints_in_other_forms():
    forms = [scipy.optimize.LinearConstraint(A, *ends) for A in ([[1, 1]], [1, 1], scipy.sparse.csr_matrix([[1, 1]]))
             for ends in ((-np.inf, 1), ([-np.inf], [1]))]
    forms.append({"type": "INEQ", "fun": lambda x: 1 - x[0] - x[1]})
    found = [tdca.minimize(sphere, BOX, constraints=form, **BUDGET).x.tobytes() for form in forms]
    assert {*found} == {found[0]}
    # A column of values is judged row by row.
    column = scipy.optimize.NonlinearConstraint(lambda x: x.reshape(-1, 1), [-1, 2], [0, 3])
    found = tdca.minimize(sphere, BOX, constraints=column, evaluations=400, seed=1)
    assert found.maxcv == 0 and found.x[0] <= 0 and found.x[1] >= 2


@pytest.mark.parametrize("answer, ends", [
    (True, True), (1, True), (2.5, True), (np.True_, True), (np.array(True), True), (np.array([1]), True), (None, False), (0, False),
    (False, False), (np.array(False), False), (np.ones(2), False), (np.empty(0), False), (pandas.NA, False)])
def test_what_a_callback_says(answer, ends):
    for callback in (lambda x: answer, lambda intermediate_result: answer):
        found = tdca.minimize(sphere, BOX, callback=callback, **BUDGET)
        assert (found.status == 99) == ends and found.success != ends and (found.nit == 1) == ends


@pytest.mark.parametrize("flags, words", [({"integrality": 2}, r"semi-continuous \(2\)"), ({"integrality": [3, 0]}, r"semi-integer \(3\)"),
                                          ({"integrality": 4}, "flags"), ({"integrality": -1}, "flags"), ({"log": 2}, "flags"),
                                          ({"periodic": 2}, "flags"), ({"integrality": math.nan}, "flags"),
                                          ({"integrality": np.ma.array([1, 0], mask=[0, 1])}, "flags")])
def test_flags_that_are_none(flags, words):
    with pytest.raises(ValueError, match=words):
        tdca.minimize(sphere, BOX, **flags, **BUDGET)


@pytest.mark.parametrize("flag", [1, True, 1.0, np.array(1), np.True_, [1, True]])
def test_flags_in_other_forms(flag):
    assert (tdca.minimize(sphere, BOX, integrality=flag, **BUDGET).x % 1 == 0).all()


@pytest.mark.parametrize("count", [60, 60.0, np.int8(60), np.float32(60), np.array(60), np.array(60.0), fractions.Fraction(60)])
def test_counts_in_other_forms(count):
    assert tdca.minimize(sphere, BOX, evaluations=count, seed=1).x.tobytes() == PLAIN.x.tobytes()
    with pytest.raises(ValueError, match="workers must be 1"):
        tdca.minimize(sphere, BOX, workers=count, vectorized=True, **BUDGET)


@pytest.mark.parametrize("count", [True, np.True_, np.array(True), math.inf, math.nan, 60.5, np.array([60]), "60", [60], 60j])
def test_counts_that_are_none(count):
    for arguments in ({"evaluations": count}, {"workers": count}, {"workers": count, "vectorized": True}, {"patience": count}):
        with pytest.raises(TypeError, match=f"{next(iter(arguments))} must be a whole number"):
            tdca.minimize(sphere, BOX, **{**BUDGET, **arguments})


def test_maps_that_answer_something_else():
    for mapping, words in ((lambda f, points: None, "NoneType"), (lambda f, points: [1.0] * len(points), "float")):
        with pytest.raises(TypeError, match=f"workers must give .*{words}"):
            tdca.minimize(sphere, BOX, workers=mapping, **BUDGET)


def test_one_pair_of_bounds_for_all_coordinates():
    start = [0.5, 0.5]
    whole = tdca.minimize(sphere, [(-5, 5)] * 2, x0=start, **BUDGET)
    for bounds in (scipy.optimize.Bounds(-5, 5), scipy.optimize.Bounds([-5], [5]), scipy.optimize.Bounds(-5, [5, 5])):
        found = scipy.optimize.minimize(sphere, start, bounds=bounds, method=tdca.minimize, options=BUDGET)
        assert found.x.tobytes() == whole.x.tobytes()
        assert tdca.Search(bounds, x0=start, **BUDGET).best_x.shape == (2,)
    assert tdca.minimize(sphere, scipy.optimize.Bounds(-5, 5), **BUDGET).x.shape == (1,)


@pytest.mark.parametrize("bounds, error, words", [
    (None, ValueError, "bounds are needed"),
    (scipy.optimize.Bounds(), ValueError, "bounds must be finite"),
    (scipy.optimize.Bounds([-1] * 3, [1] * 3), ValueError, "x0 must have 3"),
    (limits(lb=[0, 0], ub=[1, 1, 1]), ValueError, "as many lower as upper"),
    (limits(lb=[None, 0], ub=[1, 1]), TypeError, "bounds.lb"),
    ([None, (0, 1)], ValueError, "None as of coordinate 0"),
    ([(0, 1), (0, None)], ValueError, "None as of coordinate 1"),
    (np.array([[0, 1], [None, 1]]), ValueError, "None as of coordinate 1"),
    (np.ma.array([[0, 1], [0, 1]], mask=[[0, 1], [0, 0]]), ValueError, "finite"),
    ([np.ma.array([0, 1], mask=[0, 1]), (0, 1)], ValueError, "finite"),
    ([(0, 1), (1,)], ValueError, "one length"),
    ({"x": (0, 1)}, TypeError, "bounds must be numbers, not dict"),
    (np.array(3.0), ValueError, "dimensions"),
])
def test_bounds_that_are_none(bounds, error, words):
    with pytest.raises(error, match=words):
        scipy.optimize.minimize(sphere, [0.5, 0.5], bounds=bounds, method=tdca.minimize, options=BUDGET)


def test_a_start_where_bounds_are_expected():
    with pytest.raises(ValueError, match="bounds are needed.*x0="):
        tdca.minimize(sphere, [0.5, 0.5])


def noisy(seed, stop=math.inf, silent=math.inf, **arguments):
    """A noisy run of 1,000 evaluations, interrupted before one of them, or NaN from one on; and its luckiest point."""
    generator, calls = np.random.default_rng(seed), []

    def fun(x):
        if len(calls) + 1 == stop:
            raise arguments.get("raises", KeyboardInterrupt)
        calls.append((sphere(x) + 3 * generator.normal(), x.copy()))
        return calls[-1][0] if len(calls) <= silent else math.nan

    given = {name: value for name, value in arguments.items() if name != "raises"}
    found = tdca.minimize(fun, [(-5, 5)] * 4, noisy=True, evaluations=1000, seed=seed, **given)
    return found, min(calls[:-1], key=lambda one: one[0])


@pytest.mark.parametrize("broken", [{"stop": 200}, {"stop": 600}, {"silent": 500}, {"silent": 950}, {"patience": 150}])
def test_a_noisy_run_that_is_broken_off_has_no_lucky_point(broken):
    errors, lucky, values = [], [], []
    for seed in range(8):
        found, (least, x) = noisy(seed, **broken)
        errors.append(sphere(found.x))
        lucky.append(sphere(x))
        values.append(found.fun - sphere(found.x))
        assert found.fun > least + 2
    if "stop" in broken and broken["stop"] == 200:
        # Of 60 seeds the centre was 0.67 from the minimum on average, the luckiest point 1.81; later both are near.
        assert np.mean(errors) < 0.7 * np.mean(lucky)
    else:
        # Of 60 seeds the mean of the last batch was off by -0.06 with a deviation of 0.8, the luckiest value by -9.
        assert abs(np.mean(values)) < 2.5


def test_a_noisy_target_is_reached_by_means():
    for seed in range(8):
        found, (least, _) = noisy(seed, target=0.0)
        assert found.fun <= 0 if found.success else found.fun > 0
        assert least < -3 and sphere(found.x) < 4
    seen = []
    found, _ = noisy(1, callback=lambda intermediate_result: seen.append(intermediate_result.fun), history=True)
    assert seen == found.history[:, 1].tolist() and seen[-1] == found.fun > min(seen)


def test_a_noisy_search_that_is_asked_midway():
    generator = np.random.default_rng(1)
    search, least = tdca.Search([(-5, 5)] * 4, evaluations=1000, noisy=True, seed=1), math.inf
    while search.nfev < 700:
        values = np.array([sphere(x) + 3 * generator.normal() for x in search.ask()])
        search.tell(values, np.maximum(values - 100, 0))
        least = min(least, values.min())
        assert search.best_fun == pytest.approx(values.mean()) and search.best_violation == 0

    again = pickle.loads(pickle.dumps(search))
    assert again.best_x.tobytes() == search.best_x.tobytes() and again.best_fun == search.best_fun > least + 2


def test_noisy_and_constrained():
    calls = []

    def fun(x):
        calls.append(x)
        if len(calls) == 600:
            raise KeyboardInterrupt
        return sphere(x) + np.random.default_rng(len(calls)).normal()

    found = tdca.minimize(fun, BOX, noisy=True, evaluations=1000, seed=1, constraints={"type": "ineq", "fun": lambda x: -x[0]})
    assert not found.success and found.maxcv == max(0, found.x[0]) and sphere(found.x) == pytest.approx(1, abs=0.7)


@pytest.mark.parametrize("ends", [(0.0, math.inf), (0.0, 0.0), (-math.inf, 1.0), (-1.0, 1.0), (-math.inf, math.inf)])
@pytest.mark.parametrize("value", [0.0, -0.0, 0.5, 2.0, -3.0, math.nan, math.inf, -math.inf, 1.7e308, -1.7e308])
def test_a_number_is_judged_as_an_array_of_one(ends, value):
    found = []
    for form in (float, np.float64, lambda v: [v], np.array, decimal.Decimal):
        constraint = scipy.optimize.NonlinearConstraint(lambda x: form(value), *ends)
        with np.errstate(all="raise"):
            found.append(tdca.minimize(sphere, BOX, constraints=constraint, evaluations=4, seed=1).maxcv)
    low, high = ends
    beyond = math.inf if math.isnan(value) else max(value - high if value > high else 0.0, low - value if value < low else 0.0)
    assert found == [beyond] * len(found)
