"""minimize: the minimum of any Python function over a box."""

import contextlib
import inspect
import math
import warnings

import numpy as np

from . import _evaluation
from ._checks import count_in, flag_in, number_in
from ._constraints import Narrowing, constraints_in
from ._search import Search


class OptimizeResult(dict):
    """What was found: a dict whose keys are attributes, with SciPy's names."""

    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self):
        return [*super().__dir__(), *self]

    def __repr__(self):
        width = max(map(len, self), default=0)
        return "\n".join(f"{key:>{width}}: {value!r}" for key, value in self.items())

    def copy(self):
        """Another result with the same values."""
        return OptimizeResult(self)


STATUS = {"budget": 0, "target": 1, "patience": 2, "collapse": 3, "nothing": 4, "missed": 5, "exception": 6,
          "interrupted": 7, "infeasible": 8, "stopped": 99}
# Violations up to this much, of the room that equalities are given and beyond it, count as none at the end.
TOLERATED = 1e-4
SENTENCE = {"budget": "the evaluations are spent", "target": "the target is reached",
            "patience": "no better value for too long", "collapse": "the search has settled",
            "missed": "the target is not reached", "exception": "an exception was raised",
            "infeasible": "no point satisfies the constraints",
            "interrupted": "interrupted by the user (KeyboardInterrupt)", "nothing": "no value was finite",
            "stopped": "stopped by the callback"}
SUCCESS = {"budget", "target", "patience", "collapse"}


def minimize(fun, where=None, *, bounds=None, x0=None, args=(), evaluations=None, target=None, integrality=None,
             log=None, periodic=None, seed=None, workers=1, callback=None, constraints=(), noisy=False, restarts=True,
             vectorized=False, on_error="raise", patience=None, history=False, genome=None, jac=None, hess=None,
             hessp=None, tol=None):
    """The minimum of a function over a box, by the order of its values alone: no gradient, nothing to tune.

    >>> tdca.minimize(lambda x: ((x - 1) ** 2).sum(), [(-5, 5)] * 10, evaluations=800)
    >>> scipy.optimize.minimize(fun, x0, bounds=bounds, method=tdca.minimize, options={"evaluations": 800})

    Parameters
    ----------
    fun : callable
        `fun(x, *args)`, x an array of shape (n,), returns a number, or an array of one. NaN, infinite and masked values
        count as worst.
    bounds : sequence of n pairs (low, high), or scipy.optimize.Bounds
        Finite; the second argument, or by name. Equal ends fix a coordinate. Where it is given by name, the second
        argument is x0, as SciPy calls a method. Beside x0, `Bounds(low, high)` of two numbers is for all coordinates.
    x0 : array_like of shape (n,), optional
        Within the bounds: evaluated first, and begun at.
    args : tuple
        Handed on to `fun`.
    evaluations : int, default max(1000, 100 n)
        How many to spend. Not a limit alone: the search plans by it.
    target : float, optional
        Ends at a value this low, with `noisy` at a mean this low; `success` is then whether it was reached.
    integrality, log, periodic : flag or n flags, optional
        Coordinates of whole numbers (both ends count); of sizes, whose ratios matter; whose ends are one point.
    seed : int, numpy Generator or RandomState, optional
        The same seed gives the same bits, with any number of workers.
    workers : int or map-like callable
        Processes that evaluate the points of a batch side by side, -1 for one on each core; or a callable that is
        called as `map(f, points)`. Processes inherit `fun`, which need not be pickled where they are forked.
    callback : callable, optional
        Called after each batch with the best x so far, or, where its only parameter is called
        `intermediate_result`, with an OptimizeResult. Ends the run by StopIteration, or by returning what counts as true
        (True, 1, an array of one of them), as with SciPy's differential_evolution; an array of several does not end it.
    constraints : dict, NonlinearConstraint, LinearConstraint, or several
        As SciPy's. Less violation is better, whatever the value. What must equal a number may differ from it by 1e-4, since
        no point of a search meets an equality to the last digit: scale it so that this is little. With such constraints
        violations are overlooked at first, ever less until seven in ten evaluations are spent.
    noisy : bool
        One point can have several values: `x` is then the centre of the search, `fun` the mean of its last values there.
        Of a run that is broken off it is the mean of the last batch, whose points lie around the centre: too high by what
        they are spread.
    restarts : bool
        Whether to begin again elsewhere once it has settled.
    vectorized : bool
        `fun` gets a whole batch, (k, n), and returns k values.
    on_error : {"raise", "skip"}
        Whether an exception of `fun` or of a constraint, or an answer that is no number, ends the run, or counts as worst.
    patience : int, optional
        Evaluations without a better value that end the run.
    history : bool
        Whether the result has `history`: after each batch the evaluations and the best value (with `noisy` the mean),
        (nit, 2).
    genome : path or dict of arrays, optional
        What guides the search, in place of the genome that comes with the library.
    jac, hess, hessp, tol
        Taken because SciPy hands them over, and not used.

    Returns
    -------
    OptimizeResult
        `x` (n,), `fun`, `nfev`, `nit` (batches), `success` (false where a target is missed or constraints are violated by
        more than 1e-4 in all, beyond what equalities may differ), `status`, `message`, `nfail` (values that were not finite,
        or failed), `lives`, `seed`; with constraints `maxcv`, by how much `x` violates the one that it violates most;
        `history` if asked for.

    Raises
    ------
    TypeError, ValueError
        Naming the argument at fault.
    Exception
        What `fun` raised; its attribute `tdca_result` has the best point so far. A KeyboardInterrupt ends the run with
        the best point in place of that, `success` being False. A worker process that dies is a BrokenProcessPool.
    """
    if bounds is None:
        bounds = where
    elif where is not None:
        if x0 is not None:
            raise TypeError("x0 is given twice: as the second argument beside bounds, and by its name")
        x0 = where
    if not callable(fun):
        raise TypeError(f"fun must be callable, not {type(fun).__name__}")
    if callback is not None and not callable(callback):
        raise TypeError(f"callback must be callable, not {type(callback).__name__}")
    if not isinstance(on_error, str) or on_error not in ("raise", "skip"):
        raise ValueError(f"on_error must be 'raise' or 'skip', not {on_error!r}")
    for name, given in (("jac", jac), ("hess", hess), ("hessp", hessp), ("tol", tol)):
        if given is not None and given is not False:
            warnings.warn(f"tdca.minimize does not use {name}", RuntimeWarning, stacklevel=2)
    target = -math.inf if target is None else number_in("target", target)
    patience = None if patience is None else count_in("patience", patience, 1)
    search = Search(bounds, evaluations=evaluations, x0=x0, integrality=integrality, log=log, periodic=periodic,
                    noisy=noisy, restarts=restarts, seed=seed, genome=genome)
    args = args if isinstance(args, tuple) else (args,)
    evaluation = _evaluation.Evaluation(fun, args, constraints_in(constraints, len(search.best_x)),
                                        on_error == "skip")
    run = _Run(search, target, evaluation, flag_in("history", history))
    pool = _evaluation.evaluator(evaluation, workers, flag_in("vectorized", vectorized))
    try:
        return run.to_the_end(pool, patience, _told(callback))
    except KeyboardInterrupt:
        return run.result("interrupted")
    except Exception as error:
        result = run.result("exception")
        with contextlib.suppress(Exception):  # of one that takes no attributes, as a frozen dataclass
            error.tdca_result = result
            error.add_note(f"tdca.minimize: after {run.nfev} evaluations the best value was {run.fun:g}; the exception's "
                           "attribute tdca_result has it")
        raise
    finally:
        pool.close(run.is_broken)


class _Run:
    def __init__(self, search, target, evaluation, keeps_history):
        self.core, self.found, self.search = search._core, search._found, search
        self.target, self.is_constrained = target, bool(evaluation.constraints)
        has_equalities = any(constraint.has_room for constraint in evaluation.constraints)
        self.narrowing = Narrowing(search.evaluations) if has_equalities and not self.found.is_noisy else None
        self.narrow_best = None  # of what was evaluated, by all that is violated: point, value, violation
        self.evaluation, self.violation_of = evaluation, evaluation.violation_or_worst
        self.history = [] if keeps_history else None
        self.nit = 0
        self.is_broken = True  # until it has ended
        self.error = None
        # Of a batch that is not whole: what is known of its points.
        self.is_asked, self.known = False, []

    def to_the_end(self, pool, patience, callback):
        core, better_at, best = self.core, 0, None
        ending = None
        while ending is None and not core.done:
            points = core.ask()
            self.is_asked, self.known = True, []
            for one in pool(points):
                self.known.append(one)
            if len(self.known) != len(points):
                raise ValueError(f"workers must give a value for each of {len(points)} points, not {len(self.known)}")
            values = np.array([value for value, _, _ in self.known])
            violations = np.array([violation for _, violation, _ in self.known]) if self.is_constrained else None
            self.note_errors()
            told = violations
            if self.narrowing:
                self.note_narrow(core.view(), values, violations)
                told, is_narrower = self.narrowing.narrowed(violations, core.evaluations)
                if is_narrower:
                    core.forget_best()
            core.tell(values, told)
            self.is_asked, self.known = False, []
            self.nit += 1
            self.found.note(values, violations, self.violation_of)
            _, value, violation = self.so_far()
            if self.history is not None:
                self.history.append((core.evaluations, value))
            # An estimate is another after each batch, and better where it is lower.
            is_better = (violation, value) < best if best and self.found.estimate else (violation, value) != best
            if is_better:
                best, better_at = (violation, value), core.evaluations
            if value <= self.target and violation == 0:
                ending = "target"
            elif patience is not None and core.evaluations - better_at >= patience:
                ending = "patience"
            if callback is not None and callback(self) and ending is None:
                ending = "stopped"
        self.is_broken = False
        if ending is None:
            ending = "budget" if core.evaluations >= self.search.evaluations else "collapse"
        if ending in SUCCESS and self.is_constrained and self.best()[2] > TOLERATED:
            ending = "infeasible"
        elif ending in SUCCESS and not math.isfinite(self.fun):
            ending = "nothing"
        elif ending in ("budget", "collapse", "patience") and self.target > -math.inf:
            ending = "missed"
        return self.result(ending)

    def so_far(self):
        """The best point of all whole batches, its value and violation."""
        return self.narrow_best or self.found()

    def note_narrow(self, points, values, violations):
        for point, value, violation in zip(points, values.tolist(), violations.tolist()):
            if self.narrow_best is None or _key(value, violation) < _key(*self.narrow_best[1:]):
                self.narrow_best = point.copy(), value, violation

    def note_errors(self):
        for _, _, error in self.known:
            self.error = error or self.error

    def best(self):
        """The best point, its value, violation, and how many values there are, with those of a batch that broke off."""
        x, value, violation = self.so_far()
        if self.is_constrained and not math.isfinite(value) and violation == 0:
            violation = math.inf  # no point was better than none
        single = self.is_asked and self.found.estimate is None
        # Asked for again: fun may have changed those that it was given.
        for point, (one, violated, _) in zip(self.core.ask() if single else (), self.known):
            if _key(one, violated) < (violation, value):
                x, value, violation = point, one, violated
        return x, value, violation, self.core.evaluations + len(self.known)

    @property
    def fun(self):
        return self.best()[1]

    @property
    def nfev(self):
        return self.best()[3]

    def result(self, ending):
        self.note_errors()
        x, value, violation, nfev = self.best()
        nfail = self.core.invalid + sum(not math.isfinite(one) for one, _, _ in self.known)
        message = f"ended after {nfev} of {self.search.evaluations} evaluations: {SENTENCE[ending]}"
        if nfail:
            message += f"; {nfail} values were not finite"
        if self.error:
            message += f"; the last exception was {self.error}"
        result = OptimizeResult(x=x, fun=value, nfev=nfev, nit=self.nit, success=ending in SUCCESS,
                                status=STATUS[ending], message=message, nfail=nfail, lives=self.core.lives,
                                seed=self.search.seed)
        if self.is_constrained:
            is_known = math.isfinite(violation)
            result["maxcv"] = self.evaluation.greatest_violation(x.copy(), violation) if is_known else violation
        if self.history is not None:
            result["history"] = np.array(self.history, dtype=float).reshape(-1, 2)
        return result


def _key(value, violation):
    """What points are sorted by: NaN is worst, and so are values that are not finite."""
    return violation if violation == violation else math.inf, value if math.isfinite(value) else math.inf


def _told(callback):
    """The callback as SciPy calls it, after either of its signatures; what it returns is whether to stop."""
    if callback is None:
        return None
    try:
        names = list(inspect.signature(callback).parameters)
    except (TypeError, ValueError):
        names = []

    def tell(run):
        x, value, _ = run.so_far()
        try:
            if names == ["intermediate_result"]:
                answer = callback(intermediate_result=OptimizeResult(x=x, fun=value, nfev=run.core.evaluations,
                                                                     nit=run.nit))
            else:
                answer = callback(x)
        except StopIteration:
            return True
        return _is_true(answer)

    return tell


def _is_true(answer):
    """Whether it counts as true, where it does count: arrays of several, and pandas.NA, are neither true nor false."""
    if isinstance(answer, np.ndarray) and answer.size != 1:
        return False
    try:
        return bool(answer)
    except Exception:
        return False
