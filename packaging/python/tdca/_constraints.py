"""What points must satisfy, in SciPy's forms, as one number: by how much a point violates it."""

import math

import numpy as np

from ._checks import array_in, numbers_in
from ._evaluation import values_in


# By how much what must equal a number may differ from it: of points that are drawn none meets it to the last digit, and
# one that did, by its rounding, would be the best for ever.
ROOM = 1e-4


class _Between:
    def __init__(self, fun, low, high, args=()):
        self.fun, self.low, self.high, self.args = fun, low, high, args
        self.ends = np.broadcast(low, high).shape
        self.room = np.where(np.equal(low, high), ROOM, 0.0)
        self.has_room = bool(self.room.any())  # there is an equality

    def __call__(self, x):
        """By how much a point violates it, in all, beyond the room of equalities."""
        beyond = self.beyond(x)
        if isinstance(beyond, float) and not self.has_room:
            return beyond
        with np.errstate(all="ignore"):
            return float(np.sum(np.maximum(beyond - self.room, 0)))

    def greatest(self, x):
        """By how much a point violates what it violates most."""
        return float(np.max(self.beyond(x), initial=0.0))

    def beyond(self, x):
        """By how much each number is beyond its ends."""
        try:
            answer = self.fun(x.copy(), *self.args)  # a copy: what fun is given is the search's
        except StopIteration as error:  # it would end a map, and not the run
            raise RuntimeError("constraints: fun raised StopIteration") from error
        if isinstance(answer, float) and self.ends == ():
            return _beyond(float(answer), float(self.low), float(self.high))
        values = values_in(array_in("constraints: fun's answer", answer), "constraints: fun", type(answer).__name__).ravel()
        if self.ends not in ((), (1,), values.shape):
            raise ValueError(f"constraints: lb and ub are of shape {self.ends}, and fun returned {len(values)} numbers")
        with np.errstate(all="ignore"):
            return np.where(values > self.high, values - self.high,
                            np.where(values < self.low, self.low - values, np.where(np.isnan(values), np.inf, 0)))


def _beyond(value, low, high):
    """The same of one number, which takes less time."""
    return value - high if value > high else low - value if value < low else 0.0 if value == value else math.inf


class Narrowing:
    """From wide to narrow: of the violations that a search is told, what is beyond a room that shrinks with the evaluations
    and is nothing for the last three in ten (the ε constrained method of Takahama and Sakai, CEC 2006). Else the first
    points on a surface hold a search where they are."""

    LAST = 0.7

    def __init__(self, evaluations):
        self.until = self.LAST * evaluations
        self.widest = self.now = None

    def narrowed(self, violations, evaluations):
        """What to tell of these, after so many evaluations; and whether less is overlooked than before."""
        if self.widest is None:
            if len(violations) == 1:  # a start
                return violations, False
            known = violations[np.isfinite(violations)]
            middle = float(np.sort(known)[len(known) // 2]) if len(known) else 0.0
            self.widest = max(middle, ROOM)
        age = evaluations / self.until
        before, self.now = self.now, self.widest * (ROOM / self.widest) ** age if age < 1 else 0.0
        return np.maximum(violations - self.now, 0), before is not None and self.now < before


class _Product:
    def __init__(self, matrix):
        self.matrix = matrix

    def __call__(self, x):
        with np.errstate(all="ignore"):
            return self.matrix @ x


def constraints_in(constraints, count):
    """Callables out of None, a constraint or several, of `count` coordinates: dicts, NonlinearConstraint,
    LinearConstraint."""
    if constraints is None:
        return []
    if isinstance(constraints, dict) or hasattr(constraints, "lb"):
        constraints = [constraints]
    if isinstance(constraints, (str, bytes)) or not hasattr(constraints, "__iter__"):
        raise TypeError(f"constraints must be a constraint or several, not {type(constraints).__name__}")
    return [_one(constraint, count) for constraint in constraints]


def _one(constraint, count):
    if isinstance(constraint, dict):
        kind, fun, args = constraint.get("type"), constraint.get("fun"), constraint.get("args", ())
        if not isinstance(kind, str) or kind.lower() not in ("ineq", "eq") or not callable(fun):
            raise ValueError("constraints: a dict has a 'type', 'ineq' or 'eq', and a callable 'fun'")
        return _Between(fun, 0.0, np.inf if kind.lower() == "ineq" else 0.0,
                        args if isinstance(args, tuple) else tuple(args) if isinstance(args, list) else (args,))
    is_linear = hasattr(constraint, "A")
    if hasattr(constraint, "lb") and hasattr(constraint, "ub") and (is_linear
                                                                    or callable(getattr(constraint, "fun", None))):
        low, high = (_ends(f"constraints: {name}", getattr(constraint, name)) for name in ("lb", "ub"))
        try:
            is_reversed = (low > high).any()
        except ValueError:
            raise ValueError(f"constraints: lb must suit ub; they are of shapes {low.shape} and {high.shape}") from None
        if is_reversed:
            raise ValueError("constraints: lb must be numbers no higher than those of ub")
        if not is_linear:
            return _Between(constraint.fun, low, high)
        matrix = constraint.A.toarray() if hasattr(constraint.A, "toarray") else np.atleast_2d(constraint.A)
        matrix = numbers_in("constraints: A", matrix, 2)
        if matrix.shape[1] != count:
            raise ValueError(f"constraints: A must have {count} columns, one for each coordinate, not {matrix.shape[1]}")
        if not np.isfinite(matrix).all():
            raise ValueError("constraints: A must hold finite numbers")
        rows, ends = matrix.shape[:1], np.broadcast(low, high).shape
        if ends not in ((), (1,), rows):
            raise ValueError(f"constraints: lb and ub must have {rows[0]} numbers, one for each row of A, not shape {ends}")
        return _Between(_Product(matrix), low, high)
    raise TypeError("constraints are dicts, NonlinearConstraint or LinearConstraint of SciPy, not "
                    + type(constraint).__name__)


def _ends(name, value):
    value = array_in(name, value)
    ends = numbers_in(name, value, value.ndim)
    if np.isnan(ends).any():
        raise ValueError(f"{name} must be numbers, not NaN")
    return ends if value.ndim else ends.reshape(())
