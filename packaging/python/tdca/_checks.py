"""What users hand over, checked: a wrong type is a TypeError, a wrong value a ValueError, and both name the argument."""

import decimal
import math
import numbers
import operator
import os

import numpy as np

MOST = 2**53  # up to here every whole number has a double of its own


def cores():
    """Those that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def array_in(name, value):
    """`value` as NumPy makes an array of it; one with a mask keeps it."""
    try:
        if isinstance(value, np.ma.MaskedArray):
            return value
        if isinstance(value, (list, tuple)) and any(isinstance(one, np.ma.MaskedArray) for one in value):
            return np.ma.asarray(value)
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be rows of one length: {error}") from None


def unicode_in(name, text):
    """A text that UTF-8 has: half of a surrogate pair is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} has characters that UTF-8 does not have: {text!a:.200}") from None
    return text


def unmasked(array):
    """An array of numbers without its mask: NaN where one was masked."""
    if not isinstance(array, np.ma.MaskedArray):
        return array
    return np.ma.filled(array.astype(np.float64), math.nan) if np.ma.is_masked(array) else array.data


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
        # A number too large for a double is infinite, whatever NumPy was told to do about that.
        with np.errstate(all="ignore"):
            array = np.ascontiguousarray(unmasked(array), dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must be real numbers: {error}") from None
    return array


def scalar_in(value):
    """What an array of no dimensions holds; anything else as it is."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


def count_in(name, value, least, most=MOST):
    """`value` as a whole number."""
    value = scalar_in(value)
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
    value = scalar_in(value)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (numbers.Real, decimal.Decimal)):
        raise TypeError(f"{name} must be a number, not {value!r}")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{name} is larger than a double can be") from None
    except ValueError:  # a signalling NaN
        number = math.nan
    if math.isnan(number):
        raise ValueError(f"{name} must be a number, not NaN")
    return number


def flag_in(name, value):
    """`value` as True or False."""
    value = scalar_in(value)
    if isinstance(value, (bool, np.bool_)) or isinstance(value, (int, np.integer)) and value in (0, 1):
        return bool(value)
    raise TypeError(f"{name} must be True or False, not {value!r}")


def flags_in(name, value, count):
    """A flag for each coordinate, out of None, one for all, or one each."""
    if value is None:
        return [False] * count
    is_one = np.ndim(value) == 0 and not isinstance(value, (dict, set))
    array = numbers_in(name, [value] if is_one else value, 1)
    if not is_one and len(array) != count:
        raise ValueError(f"{name} must have {count} flags, one for each coordinate, not {len(array)}")
    if not np.isin(array, (0, 1)).all():
        more = (": of SciPy's kinds, semi-continuous (2) and semi-integer (3) ones are not supported"
                if name == "integrality" and np.isin(array, (0, 1, 2, 3)).all() else "")
        raise ValueError(f"{name} must be flags, 0 or 1, False or True{more}")
    return [bool(one) for one in (np.repeat(array, count) if is_one else array)]


def seed_in(value, name="seed"):
    """A whole number below 2**64; a new one each time for None. NumPy's generators draw one."""
    if value is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
    if value is np.random:  # scikit-learn and SciPy take the module for its generator
        value = np.random.mtrand._rand
    if isinstance(value, np.random.Generator):
        return int(value.integers(2**63))
    if isinstance(value, np.random.RandomState):
        return int(value.randint(2**31 - 1))
    return count_in(name, value, 0, 2**64 - 1)


def bounds_in(bounds, count=None):
    """The lower and the upper ends of pairs, or of a scipy.optimize.Bounds; one end of that counts for all of `count`
    coordinates."""
    if bounds is None:
        raise ValueError("bounds are needed: a pair of finite numbers for each coordinate")
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        ends = [numbers_in(f"bounds.{name}", np.atleast_1d(array_in(f"bounds.{name}", getattr(bounds, name))), 1)
                for name in ("lb", "ub")]
        try:
            low, high = np.broadcast_arrays(*ends, np.empty(count if count and max(map(len, ends)) == 1 else 1))[:2]
        except ValueError:
            raise ValueError("bounds must have as many lower as upper ends, not {} and {}".format(*map(len, ends))) from None
        low, high = np.ascontiguousarray(low), np.ascontiguousarray(high)
    else:
        if hasattr(bounds, "__iter__") and not isinstance(bounds, (str, bytes, dict, set)):
            bounds = array_in("bounds", bounds) if hasattr(bounds, "__array__") else list(bounds)
            for i, pair in enumerate(bounds if isinstance(bounds, list) or bounds.ndim > 0 else ()):
                if pair is None or isinstance(pair, (tuple, list, np.ndarray)) and any(end is None for end in pair):
                    raise ValueError(f"bounds must be finite numbers, not None as of coordinate {i}")
        pairs = array_in("bounds", bounds)
        if pairs.ndim == 1 and len(pairs) > 0 and pairs.dtype.kind in "biuf":
            raise ValueError("bounds are needed: pairs (low, high), one for each coordinate, not single numbers; a start is "
                             "given as x0=")
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
