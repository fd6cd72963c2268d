"""How a batch of points is evaluated: one by one, by processes, by a map of the user's, or all at once."""

import concurrent.futures
import decimal
import math
import multiprocessing
import numbers
import pickle
import signal
import warnings

import numpy as np

from ._checks import array_in, cores, count_in, unmasked

_REAL = (float, int, np.floating, np.integer, np.bool_)


def value_in(value, what="fun"):
    """What a function returned, as a float; NaN where it is masked."""
    if type(value) is float:
        return value
    if isinstance(value, _REAL) and not isinstance(value, np.timedelta64):
        return _float(value)
    array = array_in(f"{what}'s answer", value)
    if array.size != 1:
        raise ValueError(f"{what} must return one number, not an array of shape {array.shape}")
    return values_in(array, what, type(value).__name__).item()


def values_in(array, what, kind=None):
    """An array of what a function returned, as one of doubles; Decimal, Fraction and their like are numbers, what is masked
    is NaN."""
    array = unmasked(array) if array.dtype.kind in "biuf" else array
    if array.dtype.kind == "O":
        cells = np.ma.getdata(array).ravel().tolist()
        masks = np.ma.getmaskarray(array).ravel().tolist()
        if all(is_masked or _is_number(cell) for cell, is_masked in zip(cells, masks)):
            return np.array([math.nan if is_masked else _float(cell) for cell, is_masked in zip(cells, masks)],
                            dtype=np.float64).reshape(array.shape)
    elif array.dtype == np.float64:
        return np.asarray(array)
    elif array.dtype.kind in "biuf":
        with np.errstate(all="ignore"):
            return array.astype(np.float64)
    several = array.size != 1
    raise TypeError(f"{what} must return {'real numbers' if several else 'a real number'}, not {kind or array.dtype.name}")


def _is_number(cell):
    if isinstance(cell, (np.generic, np.ndarray)):
        return isinstance(cell, (np.floating, np.integer, np.bool_)) and not isinstance(cell, np.timedelta64)
    return isinstance(cell, (numbers.Real, decimal.Decimal)) or hasattr(cell, "__float__")


def _float(cell):
    try:
        return float(cell)
    except OverflowError:  # a whole number, or a Fraction, that is larger than a double can be
        return math.inf if cell > 0 else -math.inf
    except ValueError:  # a signalling NaN
        return math.nan


def said(error):
    return f"{type(error).__name__}: {error}"


class Evaluation:
    """From a point to its value and violation; pickled with the function."""

    def __init__(self, fun, args, constraints, skips):
        self.fun, self.args, self.constraints, self.skips = fun, args, constraints, skips

    def __call__(self, x):
        try:
            violation = self.violation(x) if self.constraints else 0
            return value_in(self.fun(x, *self.args)), violation, None
        except Exception as error:
            return math.nan, self.unknown, self.told(error)

    @property
    def unknown(self):
        """The violation of a point of which nothing is known."""
        return math.inf if self.constraints else 0

    def violation(self, x):
        return sum(constraint(x) for constraint in self.constraints)

    def violation_or_worst(self, x):
        violation, error = self.call(lambda: self.violation(x))
        return math.inf if error else violation

    def greatest_violation(self, x, otherwise):
        """By how much a point violates the constraint that it violates most; otherwise where that can't be asked."""
        try:
            return max(constraint.greatest(x) for constraint in self.constraints)
        except Exception:
            return otherwise

    def call(self, function):
        """What it returns, and None; or, where exceptions are skipped, None and what one said."""
        try:
            return function(), None
        except Exception as error:
            return None, self.told(error)

    def told(self, error):
        """What an exception says that is skipped; others are raised."""
        if self.skips:
            return said(error)
        if isinstance(error, StopIteration):  # it would end a map, and not the run
            raise RuntimeError("fun raised StopIteration") from error
        raise error


# The evaluation of a worker process, which inherits it: a lambda need not be pickled.
_inherited = None


def _inherit(evaluation):
    global _inherited
    _inherited = evaluation
    # Control-C ends a worker in silence; its parent is told as well, and says what it found.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _evaluate_inherited(x):
    try:
        return _inherited(x)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:  # it would break the pool on its way
            raise RuntimeError(said(error)) from None
        raise


def _evaluate_some(points):
    return [_evaluate_inherited(x) for x in points]


class Processes:
    """Worker processes, that evaluate the points of a batch side by side."""

    def __init__(self, evaluation, workers):
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
        self._workers = workers
        self._pool = concurrent.futures.ProcessPoolExecutor(workers, multiprocessing.get_context(method), _inherit,
                                                            (evaluation,))

    def __call__(self, points):
        size = max(1, len(points) // (4 * self._workers))
        # Not by the pool's own map, which cancels what is left of it: of those whose process dies then, the pool's thread
        # complains on the terminal.
        some = [self._pool.submit(_evaluate_some, points[at:at + size]) for at in range(0, len(points), size)]
        for future in some:
            yield from future.result()

    def close(self, at_once):
        # Who is stopped does not wait for what runs.
        running = list((getattr(self._pool, "_processes", None) or {}).values()) if at_once else []
        self._pool.shutdown(wait=not at_once)
        for process in running:
            process.terminate()


class OneByOne:
    """Here, in order; or by a map-like callable."""

    def __init__(self, evaluation, mapping=map):
        self._evaluation, self._map = evaluation, mapping

    def __call__(self, points):
        answers = self._map(self._evaluation, points)
        return answers if self._map is map else _of_a_map(answers)

    def close(self, at_once):
        pass


def _of_a_map(answers):
    """What a map of the user's gives, one by one, where it is what it should be."""
    if not hasattr(answers, "__iter__"):
        raise TypeError(f"workers must give values, not {type(answers).__name__}")
    for one in answers:
        if not (isinstance(one, tuple) and len(one) == 3):
            raise TypeError("workers must give what the function that they are called with returns, not "
                            + type(one).__name__)
        yield one


class AllAtOnce:
    """A function of a whole batch."""

    def __init__(self, evaluation):
        self._evaluation = evaluation

    def __call__(self, points):
        evaluation = self._evaluation
        judged = ([evaluation.call(lambda: evaluation.violation(x)) for x in points] if evaluation.constraints
                  else [(0, None)] * len(points))
        values, error = evaluation.call(lambda: self._values(points))
        if error:
            values = [(math.nan, error)] * len(points)
        # Of a point whose value or constraint failed nothing is known, as where points are evaluated one by one.
        return [(math.nan, evaluation.unknown, failed or missed) if failed or missed else (value, violation, None)
                for (value, missed), (violation, failed) in zip(values, judged)]

    def _values(self, points):
        values = array_in("fun's answer", self._evaluation.fun(points, *self._evaluation.args))
        if values.size != len(points) or values.ndim > 2:
            raise ValueError(f"fun must return {len(points)} values, one for each row, not an array of shape "
                             f"{values.shape}")
        if values.dtype.kind == "O":
            cells = np.where(np.ma.getmaskarray(values), math.nan, np.ma.getdata(values)).ravel().tolist()
            return [self._evaluation.call(lambda: value_in(cell)) for cell in cells]
        return [(value, None) for value in values_in(values, "fun").ravel().tolist()]

    def close(self, at_once):
        pass


def evaluator(evaluation, workers, vectorized):
    """What evaluates batches."""
    count = None if callable(workers) else count_in("workers", workers, -1, 4096)
    if vectorized:
        if count != 1:
            raise ValueError("workers must be 1 where vectorized is True: a batch is evaluated in one call")
        return AllAtOnce(evaluation)
    if count is None:
        return OneByOne(evaluation, workers)
    workers = count
    if workers == 0:
        raise ValueError("workers must be a number of processes, -1 for one on each core, or a map-like callable")
    if workers == -1:
        workers = cores()
    if workers > 1 and multiprocessing.current_process().daemon:
        warnings.warn("workers of a pool can have none of their own: points are evaluated one by one", RuntimeWarning,
                      stacklevel=3)
        workers = 1
    return OneByOne(evaluation) if workers == 1 else Processes(evaluation, workers)
