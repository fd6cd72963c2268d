"""tdca.Search: ask and tell, pickled and gone on with to the same bits."""

import copy
import pickle
import threading

import numpy as np
import pytest

import tdca


def values_of(points):
    return ((points - 1) ** 2).sum(axis=1)


def finish(search):
    asked = []
    while not search.done:
        asked.append(search.ask())
        search.tell(values_of(asked[-1]))
    return asked


def test_is_what_minimize_runs():
    search = tdca.Search([(-5, 5)] * 3, evaluations=400, seed=5)
    finish(search)
    result = tdca.minimize(lambda x: float(((x - 1) ** 2).sum()), [(-5, 5)] * 3, evaluations=400, seed=5)
    assert search.best_x.tobytes() == result.x.tobytes() and search.nfev == 400 and search.best_fun == result.fun


@pytest.mark.parametrize("stop", [0, 1, 7, 20])
@pytest.mark.parametrize("is_asked", [False, True])
def test_goes_on_to_the_same_bits(stop, is_asked):
    for seed in range(8):
        arguments = {"evaluations": 600, "seed": seed, "log": [False, False, True], "x0": [0.5, 2, 3]}
        bounds = [(-5, 5), (0, 9), (1, 100)]
        whole, broken = (tdca.Search(bounds, integrality=[0, 1, 0], **arguments) for _ in range(2))
        for _ in range(stop):
            broken.tell(values_of(broken.ask()))
        if is_asked:
            broken.ask()
        again = pickle.loads(pickle.dumps(broken))
        if is_asked:
            again.tell(values_of(broken.ask()))
        asked = finish(again)
        assert np.concatenate(finish(whole)).tobytes().endswith(np.concatenate(asked).tobytes())
        assert again.best_x.tobytes() == whole.best_x.tobytes() and again.nfev == whole.nfev
        assert again.lives == whole.lives


def test_goes_on_with_violations_and_copies():
    search = tdca.Search([(-5, 5)] * 2, evaluations=300, seed=2)
    for _ in range(4):
        points = search.ask()
        search.tell(values_of(points), np.maximum(points[:, 0], 0))
    again = copy.deepcopy(search)
    assert (again.best_fun, again.best_violation) == (search.best_fun, search.best_violation)
    for _ in range(4):
        points = again.ask()
        assert points.tobytes() == search.ask().tobytes()
        for one in (search, again):
            one.tell(values_of(points))


def test_arrays():
    search = tdca.Search([(-5, 5)] * 2, evaluations=100, seed=2)
    points = search.ask()
    assert points.shape[1] == 2 and points.dtype == np.float64 and points.flags.writeable
    assert np.array_equal(points, search.ask())
    view = search.ask(copy=False)
    assert not view.flags.writeable and not view.flags.owndata and np.array_equal(view, points)
    with pytest.raises(ValueError):
        view[0, 0] = 1
    points[:] = 7
    search.tell([1.0] * len(view))
    del search
    assert view.shape == points.shape  # its memory is still there


def test_misuse():
    search = tdca.Search([(-5, 5)] * 2, evaluations=50, seed=2)
    with pytest.raises(RuntimeError, match="ask for points"):
        search.tell([1.0])
    count = len(search.ask())
    for values, error in (([1.0] * (count + 1), ValueError), ([], ValueError), (["a"] * count, TypeError),
                          (None, TypeError), ([[1.0] * count], ValueError), (3.0, ValueError), ([1j] * count, TypeError),
                          ([None] * count, TypeError)):
        with pytest.raises(error, match="values"):
            search.tell(values)
    with pytest.raises(ValueError, match="violations"):
        search.tell([1.0] * count, [0.0])
    search.tell([float("nan")] * count)
    assert search.nfail == count and search.best_fun == float("inf")
    finish(search)
    with pytest.raises(RuntimeError, match="done"):
        search.ask()
    assert "50 of 50" in repr(search)


def test_is_shared_by_threads():
    search = tdca.Search([(-5, 5)] * 30, evaluations=20000, seed=2)

    def work():
        while not search.done:
            try:
                search.tell(values_of(search.ask()))
            except (RuntimeError, ValueError):  # another one was first
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert search.nfev == 20000 and np.isfinite(search.best_fun)


def test_a_genome_of_ones_own():
    genome = tdca.optimizer_genome()
    plain = tdca.Search([(-5, 5)] * 2, evaluations=200, seed=1)
    same = tdca.Search([(-5, 5)] * 2, evaluations=200, seed=1, genome=genome)
    other = tdca.Search([(-5, 5)] * 2, evaluations=200, seed=1, genome={name: 0.9 * array for name, array in genome.items()})
    for search in (plain, same, other):
        finish(search)
    assert plain.best_x.tobytes() == same.best_x.tobytes() != other.best_x.tobytes()
