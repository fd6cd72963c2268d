"""What users hand over, checked: a wrong type is a TypeError, a wrong value a ValueError, and both name the argument."""

import math
import numbers
import operator

import numpy as np

MOST = 2**53  # up to here every whole number has a double of its own


def array_in(name, value):
    """`value` as NumPy makes an array of it."""
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be rows of one length: {error}") from None


def numbers_in(name, value, dimensions):
    """`value` as a contiguous array of doubles of so many dimensions; not copied where it is one."""
    if isinstance(value, (str, bytes, dict, set)) or value is None:
        raise TypeError(f"{name} must be numbers, not {type(value).__name__}")
    array = array_in(name, value)
    if array.dtype.kind not in "biuf":
        if array.dtype.kind != "O":
            raise TypeError(f"{name} must be real numbers, not {array.dtype.name}")
        if any(one is None or isinstance(one, (str, bytes)) for one in array.flat):
            raise TypeError(f"{name} must be real numbers, not texts or None")
    if array.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimension{'s' * (dimensions != 1)}, not shape {array.shape}")
    try:
        array = np.ascontiguousarray(array, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must be real numbers: {error}") from None
    return array


def count_in(name, value, least, most=MOST):
    """`value` as a whole number."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    try:
        count = operator.index(value)
    except TypeError:
        if not (isinstance(value, numbers.Real) and float(value).is_integer()):
            raise TypeError(f"{name} must be a whole number, not {value!r}") from None
        count = int(value)
    if not least <= count <= most:
        raise ValueError(f"{name} must be from {least} to {most}, not {count}")
    return count


def number_in(name, value):
    """`value` as a number that is no NaN."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, not {value!r}")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{name} is larger than a double can be") from None
    if math.isnan(number):
        raise ValueError(f"{name} must be a number, not NaN")
    return number


def flag_in(name, value):
    """`value` as True or False."""
    if isinstance(value, (bool, np.bool_)) or isinstance(value, (int, np.integer)) and value in (0, 1):
        return bool(value)
    raise TypeError(f"{name} must be True or False, not {value!r}")


def flags_in(name, value, count):
    """A flag for each coordinate, out of None, one for all, or one each."""
    if value is None or np.ndim(value) == 0:
        if value is not None and not isinstance(value, (bool, np.bool_, int, np.integer)):
            raise TypeError(f"{name} must be flags, not {value!r}")
        return [bool(value)] * count
    array = numbers_in(name, value, 1)
    if len(array) != count:
        raise ValueError(f"{name} must have {count} flags, one for each coordinate, not {len(array)}")
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must be flags: 0 or 1, False or True")
    return [bool(one) for one in array]


def seed_in(value, name="seed"):
    """A whole number below 2**64; a new one each time for None. NumPy's generators draw one."""
    if value is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
    if isinstance(value, np.random.Generator):
        return int(value.integers(2**63))
    if isinstance(value, np.random.RandomState):
        return int(value.randint(2**31 - 1))
    return count_in(name, value, 0, 2**64 - 1)


def bounds_in(bounds):
    """The lower and the upper ends of pairs, or of a scipy.optimize.Bounds."""
    if bounds is None:
        raise ValueError("bounds are needed: a pair of finite numbers for each coordinate")
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        low, high = np.broadcast_arrays(np.atleast_1d(bounds.lb), np.atleast_1d(bounds.ub))
        low, high = numbers_in("bounds.lb", low, 1), numbers_in("bounds.ub", high, 1)
    else:
        if not isinstance(bounds, np.ndarray) and hasattr(bounds, "__iter__") and not isinstance(bounds, (str, bytes)):
            bounds = list(bounds)
            if any(isinstance(pair, (tuple, list)) and None in pair for pair in bounds):
                raise ValueError("bounds must be finite: there is None among them")
        pairs = numbers_in("bounds", bounds, 2)
        if pairs.shape[1] != 2:
            raise ValueError(f"bounds must be pairs (low, high), not of shape {pairs.shape}")
        low, high = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    if len(low) == 0:
        raise ValueError("bounds are needed: a pair of finite numbers for each coordinate")
    for i, (least, most) in enumerate(zip(low.tolist(), high.tolist())):
        if not (math.isfinite(least) and math.isfinite(most)):
            raise ValueError(f"bounds must be finite, not ({least}, {most}) as of coordinate {i}")
        if least > most:
            raise ValueError(f"bounds must be (low, high), not ({least}, {most}) as of coordinate {i}")
    return low, high
