"""What points must satisfy, in SciPy's forms, as one number: by how much a point violates it."""

import numpy as np

from ._checks import numbers_in


class _Between:
    def __init__(self, fun, low, high, args=()):
        self.fun, self.low, self.high, self.args = fun, low, high, args

    def __call__(self, x):
        # A copy: what fun is given is the search's.
        values = np.asarray(self.fun(x.copy(), *self.args))
        if values.dtype.kind not in "biuf":
            raise TypeError(f"constraints: fun must return real numbers, not {values.dtype.name}")
        values = values.astype(np.float64)
        with np.errstate(invalid="ignore"):
            beyond = np.where(values > self.high, values - self.high,
                              np.where(values < self.low, self.low - values, np.where(np.isnan(values), np.inf, 0)))
        return float(np.sum(beyond))


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
        return _Between(fun, 0.0, np.inf if kind == "ineq" else 0.0,
                        args if isinstance(args, tuple) else tuple(args) if isinstance(args, list) else (args,))
    if hasattr(constraint, "lb") and hasattr(constraint, "ub"):
        low, high = np.asarray(constraint.lb, dtype=float), np.asarray(constraint.ub, dtype=float)
        if np.isnan(low).any() or np.isnan(high).any() or (low > high).any():
            raise ValueError("constraints: lb must be numbers no higher than those of ub")
        if hasattr(constraint, "A"):
            matrix = constraint.A.toarray() if hasattr(constraint.A, "toarray") else np.atleast_2d(constraint.A)
            return _Between(_Product(numbers_in("constraints: A", matrix, 2)), low, high)
        if callable(getattr(constraint, "fun", None)):
            return _Between(constraint.fun, low, high)
    raise TypeError("constraints are dicts, NonlinearConstraint or LinearConstraint of SciPy, not "
                    + type(constraint).__name__)
