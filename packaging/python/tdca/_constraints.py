"""What points must satisfy, in SciPy's forms, as one number: by how much a point violates it."""

import numpy as np

from ._checks import numbers_in


class _Between:
    def __init__(self, fun, low, high, args=()):
        self.fun, self.low, self.high, self.args = fun, low, high, args

    def __call__(self, x):
        values = np.asarray(self.fun(x, *self.args), dtype=np.float64)
        beyond = np.maximum(np.maximum(self.low - values, values - self.high), 0)
        total = float(np.sum(beyond))
        return float("inf") if np.isnan(total) else total


class _Product:
    def __init__(self, matrix):
        self.matrix = matrix

    def __call__(self, x):
        return self.matrix @ x


def constraints_in(constraints):
    """Callables out of None, a constraint or several: dicts, NonlinearConstraint, LinearConstraint."""
    if constraints is None:
        return []
    if isinstance(constraints, dict) or hasattr(constraints, "lb"):
        constraints = [constraints]
    try:
        return [_one(constraint) for constraint in constraints]
    except TypeError as error:
        if "constraints" in str(error):
            raise
        raise TypeError(f"constraints must be a constraint or several, not {type(constraints).__name__}") from None


def _one(constraint):
    if isinstance(constraint, dict):
        kind, fun, args = constraint.get("type"), constraint.get("fun"), constraint.get("args", ())
        if kind not in ("ineq", "eq") or not callable(fun):
            raise ValueError("constraints: a dict has a 'type', 'ineq' or 'eq', and a callable 'fun'")
        return _Between(fun, 0.0, np.inf if kind == "ineq" else 0.0, tuple(args))
    if hasattr(constraint, "lb") and hasattr(constraint, "ub"):
        low, high = np.asarray(constraint.lb, dtype=float), np.asarray(constraint.ub, dtype=float)
        if hasattr(constraint, "A"):
            matrix = constraint.A.toarray() if hasattr(constraint.A, "toarray") else np.atleast_2d(constraint.A)
            return _Between(_Product(numbers_in("constraints: A", matrix, 2)), low, high)
        if callable(getattr(constraint, "fun", None)):
            return _Between(constraint.fun, low, high)
    raise TypeError("constraints are dicts, NonlinearConstraint or LinearConstraint of SciPy, not "
                    + type(constraint).__name__)
