"""How a batch of points is evaluated: one by one, by processes, by a map of the user's, or all at once."""

import concurrent.futures
import multiprocessing
import os
import pickle
import signal

import numpy as np

from ._checks import count_in

_REAL = (float, int, np.floating, np.integer, np.bool_)


def value_in(value):
    """What a function returned, as a float."""
    if isinstance(value, _REAL):
        return float(value)
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"fun must return a real number, not {type(value).__name__}")
    if array.size != 1:
        raise ValueError(f"fun must return one number, not an array of shape {array.shape}")
    return float(array.reshape(()))


def said(error):
    return f"{type(error).__name__}: {error}"


class Evaluation:
    """From a point to its value and violation; pickled with the function."""

    def __init__(self, fun, args, constraints, skips):
        self.fun, self.args, self.constraints, self.skips = fun, args, constraints, skips

    def __call__(self, x):
        violation = self.violation(x)
        value, error = self.call(x)
        return float("nan") if error else value_in(value), violation, error

    def violation(self, x):
        return sum(constraint(x) for constraint in self.constraints)

    def call(self, x):
        """What fun returns for a point or a batch; or, where exceptions are skipped, None and what one said."""
        try:
            return self.fun(x, *self.args), None
        except Exception as error:
            if self.skips:
                return None, said(error)
            if isinstance(error, StopIteration):  # it would end a map, and not the run
                raise RuntimeError("fun raised StopIteration") from error
            raise


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


class Processes:
    """Worker processes, that evaluate the points of a batch side by side."""

    def __init__(self, evaluation, workers):
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
        self._workers = workers
        self._pool = concurrent.futures.ProcessPoolExecutor(workers, multiprocessing.get_context(method), _inherit,
                                                            (evaluation,))

    def __call__(self, points):
        return self._pool.map(_evaluate_inherited, points, chunksize=max(1, len(points) // (4 * self._workers)))

    def close(self, at_once):
        # Who is stopped does not wait for what runs.
        running = list((getattr(self._pool, "_processes", None) or {}).values()) if at_once else []
        self._pool.shutdown(wait=not at_once, cancel_futures=True)
        for process in running:
            process.terminate()


class OneByOne:
    """Here, in order; or by a map-like callable."""

    def __init__(self, evaluation, mapping=map):
        self._evaluation, self._map = evaluation, mapping

    def __call__(self, points):
        return self._map(self._evaluation, points)

    def close(self, at_once):
        pass


class AllAtOnce:
    """A function of a whole batch."""

    def __init__(self, evaluation):
        self._evaluation = evaluation

    def __call__(self, points):
        count = len(points)
        violations = [self._evaluation.violation(x) for x in points]
        values, error = self._evaluation.call(points)
        if error:
            return [(float("nan"), violation, error) for violation in violations]
        values = np.asarray(values)
        if values.dtype.kind not in "biuf":
            raise TypeError(f"fun must return real numbers, not {values.dtype.name}")
        if values.size != count or values.ndim > 2:
            raise ValueError(f"fun must return {count} values, one for each row, not an array of shape {values.shape}")
        return zip(values.ravel().tolist(), violations, [None] * count)

    def close(self, at_once):
        pass


def evaluator(evaluation, workers, vectorized):
    """What evaluates batches."""
    if vectorized:
        if workers != 1:
            raise ValueError("workers must be 1 where vectorized is True: a batch is evaluated in one call")
        return AllAtOnce(evaluation)
    if callable(workers):
        return OneByOne(evaluation, workers)
    workers = count_in("workers", workers, -1, 4096)
    if workers == 0:
        raise ValueError("workers must be a number of processes, -1 for one on each core, or a map-like callable")
    if workers == -1:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return OneByOne(evaluation) if workers == 1 else Processes(evaluation, workers)
