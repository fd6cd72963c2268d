"""Search: ask for points, tell their values."""

import threading
import warnings

import numpy as np

from . import _core
from ._checks import bounds_in, count_in, flag_in, flags_in, numbers_in, seed_in
from ._tensors import genes_of


class Found:
    """What a search has found so far. Of a noisy one that is no single value, which may be luck: it is the centre of the
    search and, until that is evaluated at the end, the mean of the last batch, whose points lie around it."""

    def __init__(self, core, is_noisy):
        self._core, self.is_noisy, self.estimate = core, is_noisy, None

    def note(self, values, violations, violation_of=None):
        """Of the batch that was told last; violation_of: the violation of a point, where that can be asked."""
        if not self.is_noisy:
            return
        counts = np.isfinite(values)
        if violations is not None and (counts & (violations <= 0)).any():
            counts &= violations <= 0
        if not counts.any():
            return  # nothing new is known
        if self._core.done:
            self.estimate = None  # the search has the mean at its centre
            return
        centre = self._core.centre
        if violations is None:
            violation = 0.0
        else:
            known = np.where(np.isnan(violations), np.inf, np.maximum(violations, 0))
            violation = violation_of(centre) if violation_of else float(np.sort(known)[len(known) // 2])
        with np.errstate(all="ignore"):
            self.estimate = (centre, float(np.mean(values[counts])), violation)

    def __call__(self):
        """Point, value and violation."""
        if self.estimate is not None:
            centre, value, violation = self.estimate
            return centre.copy(), value, violation
        return self._core.best_point, self._core.best_value, self._core.best_violation


class Search:
    """A population that seeks the minimum of any function over a box, by the order of its values alone.

    >>> search = tdca.Search([(-5, 5)] * 10, evaluations=800, seed=1)
    >>> while not search.done:
    ...     points = search.ask()                       # (k, 10)
    ...     search.tell([function(x) for x in points])  # k values
    >>> search.best_x, search.best_fun

    Parameters
    ----------
    bounds : sequence of n pairs (low, high), or scipy.optimize.Bounds
        Finite. Equal ends fix a coordinate.
    evaluations : int, default max(1000, 100 n)
        How many there will be; the search spends them by plan.
    x0 : array_like of shape (n,), optional
        Within the bounds: evaluated first, and begun at.
    integrality, log, periodic : flag or n flags, optional
        Coordinates of whole numbers; of sizes, whose ratios matter (0 < low); whose ends are one point.
    noisy : bool
        One point can have several values. The best point is then the centre of the search, its value the mean of those
        told last, around it and in the end at it.
    restarts : bool
        Whether to begin again elsewhere once it has settled.
    seed : int, numpy Generator or RandomState, optional
        The same seed gives the same bits on one kind of processor.
    genome : path or dict of arrays, optional
        What guides it, as `tdca.load_genome` gives it; by default `tdca.optimizer_genome()`.

    Raises
    ------
    TypeError, ValueError
        Naming the argument at fault.

    A search is pickled with all that it was told, and goes on to the same bits. One caller at a time asks and
    tells: calls from several threads do no harm, but values that come late are taken for those of the next batch.
    """

    def __init__(self, bounds, *, evaluations=None, x0=None, integrality=None, log=None, periodic=None, noisy=False,
                 restarts=True, seed=None, genome=None):
        low, high = bounds_in(bounds, len(x0) if hasattr(x0, "__len__") and np.ndim(x0) == 1 else None)
        n = len(low)
        evaluations = max(1000, 100 * n) if evaluations is None else count_in("evaluations", evaluations, 1)
        whole, logarithmic, around = (flags_in(name, flags, n) for name, flags in
                                      (("integrality", integrality), ("log", log), ("periodic", periodic)))
        start = np.empty(0) if x0 is None else _start(x0, low, high, whole)
        for i in range(n):
            if logarithmic[i] and low[i] <= 0:
                raise ValueError(f"log has positive numbers only; coordinate {i} begins at {low[i]}")
            if whole[i] and not (low[i].is_integer() and high[i].is_integer()):
                raise ValueError(f"integrality wants whole bounds, not ({low[i]}, {high[i]}) as of coordinate {i}")
            if around[i] and (whole[i] or logarithmic[i]):
                raise ValueError(f"periodic goes with neither integrality nor log, as of coordinate {i}")
        self._settings = {"low": low.copy(), "high": high.copy(), "whole": whole, "logarithmic": logarithmic, "periodic": around,
                          "evaluations": evaluations, "start": start, "start_value": float("nan"),
                          "restarts": flag_in("restarts", restarts), "noisy": flag_in("noisy", noisy), "seed": seed_in(seed),
                          "genes": genes_of(genome)}
        self._begin()

    def _begin(self):
        self._core = _core.Search(**self._settings)
        self._found = Found(self._core, self._settings["noisy"])
        self._lock = threading.Lock()
        self._told = []
        self._violated = []
        self._is_asked = False

    def ask(self, copy=True):
        """The next points to evaluate: an array (k, n), the same one until its values are told.

        Parameters
        ----------
        copy : bool
            False gives the search's own memory, read only, which the next `ask` after a `tell` writes over.

        Raises
        ------
        RuntimeError
            The search is done.
        """
        with self._lock:
            if self._core.done:
                raise RuntimeError("the search is done: there is nothing left to ask")
            points = self._core.ask() if copy else self._core.view()
            self._is_asked = True
            return points

    def tell(self, values, violations=None):
        """The values of the points that were asked for, in their order; lower is better, NaN and infinite is worst.

        Parameters
        ----------
        values : array_like of shape (k,)
        violations : array_like of shape (k,), optional
            By how much each point violates what it must satisfy, 0 where it does not. Give equalities room, such as
            `max(abs(h) - 1e-4, 0)`: a point that meets one to the last digit is better than all that are near.

        Raises
        ------
        RuntimeError
            Nothing was asked for since the last values.
        TypeError, ValueError
            These are no k numbers.
        """
        with self._lock:
            if not self._is_asked:
                raise RuntimeError("ask for points before telling their values")
            values = numbers_in("values", values, 1)
            if violations is not None:
                violations = numbers_in("violations", violations, 1)
            for name, given in (("values", values), ("violations", violations)):
                if given is not None and len(given) != self._core.asked:
                    raise ValueError(f"{name} must be {self._core.asked} numbers, one for each point that was asked "
                                     f"for, not {len(given)}")
            self._core.tell(values, violations)
            self._found.note(values, violations)
            self._told.append(values.copy())
            self._violated.append(None if violations is None else violations.copy())
            self._is_asked = False

    @property
    def best_x(self):
        """The best point so far, (n,); the start or the middle of the box before there is one."""
        return self._found()[0]

    @property
    def best_fun(self):
        """Its value, infinite before there is one."""
        return self._found()[1]

    @property
    def best_violation(self):
        """By how much it violates what it must satisfy; 0: not at all."""
        return self._found()[2]

    @property
    def nfev(self):
        """Evaluations so far."""
        return self._core.evaluations

    @property
    def nfail(self):
        """Values that were NaN or infinite."""
        return self._core.invalid

    @property
    def lives(self):
        """How often it began."""
        return self._core.lives

    @property
    def done(self):
        """Whether the evaluations are spent, or it has settled and may not restart."""
        return self._core.done

    @property
    def seed(self):
        """That of this search: where none was given, the one that was drawn."""
        return self._settings["seed"]

    @property
    def evaluations(self):
        """How many there will be."""
        return self._settings["evaluations"]

    def __repr__(self):
        return (f"<tdca.Search in {len(self._settings['low'])} dimensions: {self.nfev} of {self.evaluations} "
                f"evaluations, best {self.best_fun:g}>")

    def __getstate__(self):
        with self._lock:
            ends = np.cumsum([len(one) for one in self._told], dtype=np.int64)
            violated = [np.zeros(len(told)) if one is None else one for told, one in zip(self._told, self._violated)]
            return {"settings": self._settings, "ends": ends, "is_asked": self._is_asked,
                    "values": np.concatenate(self._told) if self._told else np.empty(0),
                    "violations": np.concatenate(violated) if any(one is not None for one in self._violated) else None,
                    "has_violations": [one is not None for one in self._violated],
                    "next": None if self._core.done else self._core.ask()}

    def __setstate__(self, state):
        self._settings = state["settings"]
        self._begin()
        begin = 0
        for end, has_violations in zip(state["ends"].tolist(), state["has_violations"]):
            self._core.ask()
            values = state["values"][begin:end]
            violations = state["violations"][begin:end] if has_violations else None
            self._core.tell(values, violations)
            self._found.note(values, violations)
            self._told.append(values)
            self._violated.append(violations)
            begin = end
        self._is_asked = state["is_asked"]
        if not self._core.done and not np.array_equal(self._core.ask(), state["next"]):
            warnings.warn("this search was begun on another kind of processor: it goes on from the same values, at "
                          "points that differ in their last digits", RuntimeWarning, stacklevel=2)


def _start(x0, low, high, whole):
    start = numbers_in("x0", x0, 1)
    if len(start) != len(low):
        raise ValueError(f"x0 must have {len(low)} coordinates as the bounds have, not {len(start)}")
    for i, x in enumerate(start.tolist()):
        if not low[i] <= x <= high[i]:
            raise ValueError(f"x0 must be within the bounds; coordinate {i} is {x}, outside of [{low[i]}, {high[i]}]")
        if whole[i] and not x.is_integer():
            raise ValueError(f"x0 must be whole where integrality says so; coordinate {i} is {x}")
    return start.copy()
