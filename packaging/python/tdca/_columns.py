"""Rows that estimators learn from: arrays and frames as columns of numbers and of texts."""

import datetime
import decimal
import math
from numbers import Real

import numpy as np

from . import _core
from ._checks import array_in, unicode_in, unmasked


class Columns:
    """Columns of numbers (rows × columns, NaN where one is missing) and of texts ("" where one is missing)."""

    def __init__(self, names, has_names, numbers, texts, order, categories):
        self.names, self.has_names = names, has_names
        self.numbers, self.texts, self.order, self.categories = numbers, texts, order, categories

    def __len__(self):
        return len(self.numbers)

    @property
    def width(self):
        return len(self.order)

    def table(self, name, more=()):
        """As the library reads them; more: columns to be predicted, (name, numbers or texts)."""
        names, numbers, texts, order = list(self.names), [self.numbers], list(self.texts), list(self.order)
        for column, values in more:
            names.append(column)
            if isinstance(values, list):
                texts.append(values)
                order.append(-len(texts))
            else:
                order.append(sum(one.shape[1] for one in numbers))
                numbers.append(values.reshape(-1, 1))
        for column in names:
            unicode_in(f"{name}: a column's name", column)
        named = {-1 - at: column for column, at in zip(names, order) if at < 0}
        for at, column in enumerate(texts):
            try:
                "".join(column).encode()  # of all at once, which takes less time
            except UnicodeEncodeError:
                where = name if at < len(self.texts) else "y"
                for cell in column:
                    unicode_in(f"{where}: a text of the column {named[at]!r}", cell)
        matrix = numbers[0] if len(numbers) == 1 else np.concatenate(numbers, axis=1)
        return _core.Table(name, names, np.ascontiguousarray(matrix), texts, order)

    def beside(self, other):
        """These rows, and those of the other behind them."""
        numbers, texts, order = [], [], []
        for mine, theirs in zip(self.order, other.order):
            if mine >= 0 and theirs >= 0:
                order.append(len(numbers))
                numbers.append(np.concatenate([self.numbers[:, mine], other.numbers[:, theirs]]))
            else:
                texts.append(self._as_texts(mine) + other._as_texts(theirs))
                order.append(-len(texts))
        matrix = np.column_stack(numbers) if numbers else np.empty((len(self) + len(other), 0))
        return Columns(self.names, self.has_names, matrix, texts, order, self.categories | other.categories)

    def take(self, rows):
        """Some rows, by their numbers."""
        texts = [[column[row] for row in rows.tolist()] for column in self.texts]
        return Columns(self.names, self.has_names, self.numbers[rows], texts, self.order, self.categories)

    def vary(self):
        """Whether there is a column with two different values, of which missing is one."""
        first = self.numbers[:1]
        differ = (self.numbers != first) & ~(np.isnan(self.numbers) & np.isnan(first))
        return bool(differ.any()) or any(one != column[0] for column in self.texts for one in column)

    def _as_texts(self, at):
        return self.texts[-1 - at] if at < 0 else [text_of(one) for one in self.numbers[:, at].tolist()]


def is_missing(cell):
    """Whether a cell holds nothing: None, NaN of any kind, pandas.NA and NaT, what is masked."""
    if isinstance(cell, str):
        return False
    if cell is None or cell is np.ma.masked or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(cell, decimal.Decimal):
        return cell.is_nan()
    if isinstance(cell, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(cell))
    return isinstance(cell, (float, np.floating)) and math.isnan(cell)


def text_of(cell):
    """A cell as the library has it in a table: "" where it is missing."""
    if isinstance(cell, str):
        return cell
    if is_missing(cell):
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return "1" if cell else "0"
    if _is_number(cell):
        try:
            number = float(cell)
        except OverflowError:
            number = math.inf
        if isinstance(cell, (int, np.integer)) and number != int(cell):
            return str(int(cell))  # more digits than a double has
        if math.isinf(number):
            raise ValueError("Input X contains infinity or a value too large for dtype('float64').")
        return _core.text_of(number)  # the same as where a column of numbers is asked for as categories
    if type(cell).__name__ == "Interval" or _is_moment(cell) or _is_duration(cell):
        return str(cell)
    raise TypeError(f"X: argument must be a string or a number, not {type(cell).__name__!r}")


def _is_number(cell):
    """Whether a cell is a real number, Decimal and Fraction too."""
    return isinstance(cell, (Real, np.bool_, decimal.Decimal)) and not isinstance(cell, np.timedelta64)


def _is_moment(cell):
    return isinstance(cell, (datetime.date, np.datetime64)) or type(cell).__name__ == "Period"


def _is_duration(cell):
    return isinstance(cell, (datetime.timedelta, np.timedelta64, datetime.time))


def _seconds_of(cell):
    """Of a moment since 1970, where it says no other zone in UTC; of a duration."""
    if is_missing(cell):
        return math.nan
    if isinstance(cell, np.datetime64):
        return float(cell.astype("datetime64[ns]").astype(np.int64)) / 1e9
    if isinstance(cell, np.timedelta64):
        return float(cell.astype("timedelta64[ns]").astype(np.int64)) / 1e9
    if isinstance(cell, datetime.timedelta):
        return cell.total_seconds()
    if isinstance(cell, datetime.time):  # of the day
        return 3600.0 * cell.hour + 60 * cell.minute + cell.second + cell.microsecond / 1e6
    if type(cell).__name__ == "Period":
        cell = cell.to_timestamp()
    if not isinstance(cell, datetime.datetime):
        cell = datetime.datetime(cell.year, cell.month, cell.day)
    return (cell if cell.tzinfo else cell.replace(tzinfo=datetime.timezone.utc)).timestamp()


def columns_of(X):
    """Columns of a frame, or of what becomes an array of two dimensions."""
    if hasattr(X, "tocsr") or hasattr(X, "toarray"):
        raise TypeError("X is sparse, and sparse data is not supported: use X.toarray()")
    if X is None or isinstance(X, (str, bytes, dict, set)):
        raise ValueError(f"Expected 2D array, got {type(X).__name__} instead")
    if hasattr(X, "iloc") and hasattr(X, "columns"):
        _require_size(X.shape)
        kinds = sorted({"str" if isinstance(name, str) else type(name).__name__ for name in X.columns})
        has_names = kinds == ["str"]
        if "str" in kinds and not has_names:
            raise TypeError("Feature names are only supported if all input features have string names, but your input has "
                            f"{kinds} as feature name / column name types. Convert them all to strings, by using "
                            "X.columns = X.columns.astype(str) for example")
        given = list(X.columns) if has_names else _numbered(X.shape[1])
        return _built(given, has_names, (_of_series(X.iloc[:, c]) for c in range(X.shape[1])), X.shape[0])
    array = array_in("X", X)
    if array.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    if array.ndim != 2:
        scalar = "scalar array" if array.dtype.kind != "O" else type(X).__name__
        shape = scalar if array.ndim == 0 else f"{array.ndim}D array"
        hint = "" if array.ndim > 2 else (". Reshape your data either using array.reshape(-1, 1) if your data has a single "
                                          "feature or array.reshape(1, -1) if it contains a single sample.")
        raise ValueError(f"Expected 2D array, got {shape} instead{hint}")
    _require_size(array.shape)
    names = _numbered(array.shape[1])
    if array.dtype.kind in "biuf":
        return Columns(names, False, _doubles(unmasked(array)), [], list(range(array.shape[1])), set())
    if array.dtype.kind in "mM":
        columns = ((False, _seconds(array[:, c])) for c in range(array.shape[1]))
        return _built(names, False, columns, array.shape[0])
    if array.dtype.kind not in "OUS":
        raise TypeError(f"X must be of numbers or texts, not {array.dtype.name}")
    if array.dtype.kind == "S":
        array = array.astype(str)
    return _built(names, False, (_of_cells(array[:, c].tolist()) for c in range(array.shape[1])), array.shape[0])


def _numbered(count):
    """Names of columns that have none, as the library gives them."""
    return [str(c + 1) for c in range(count)]


def _require_size(shape):
    for axis, what in ((0, "sample"), (1, "feature")):
        if shape[axis] == 0:
            raise ValueError(f"Found array with 0 {what}(s) (shape={tuple(shape)}) while a minimum of 1 is required.")


def _doubles(array):
    """Contiguous and finite; a number too large for a double is infinite, whatever NumPy was told to do about that."""
    with np.errstate(all="ignore"):
        array = np.ascontiguousarray(array, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError("Input X contains infinity or a value too large for dtype('float64').")
    return array


def _built(names, has_names, columns, rows):
    """Of (is a category, numbers or texts) for each column."""
    numbers, texts, order, categories = [], [], [], set()
    for name, (is_category, values) in zip(names, columns):
        if isinstance(values, list):
            texts.append(values)
            order.append(-len(texts))
        else:
            order.append(len(numbers))
            numbers.append(values)
        if is_category:
            categories.add(name)
    matrix = np.column_stack(numbers) if numbers else np.empty((rows, 0))
    return Columns(names, has_names, _doubles(matrix), texts, order, categories)


def _of_cells(cells):
    """Numbers where all are, seconds where all are moments, or all durations; else texts. Any can be missing."""
    known = [one for one in cells if not is_missing(one)]
    try:
        if all(map(_is_number, known)):
            return False, np.array([math.nan if is_missing(one) else float(one) for one in cells], dtype=np.float64)
        if all(map(_is_moment, known)) or all(map(_is_duration, known)):
            return False, np.array([_seconds_of(one) for one in cells], dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"X: {error}") from None
    return False, [text_of(one) for one in cells]


def _of_series(series):
    kind = getattr(series.dtype, "kind", "O")
    if hasattr(series, "cat"):
        # Whatever can be a category has a text.
        return True, [text_of(one) if _is_number(one) or is_missing(one) else str(one) for one in series.tolist()]
    if kind in "biuf":
        return False, series.to_numpy(dtype=np.float64, na_value=math.nan)
    if kind == "c":
        raise ValueError("Complex data not supported")
    if kind in "mM":  # seconds
        if getattr(series.dtype, "tz", None) is not None:
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        return False, _seconds(series.to_numpy())
    return _of_cells(series.tolist())


def _seconds(moments):
    """Of datetime64 since 1970, or of timedelta64; NaN where one is missing."""
    unit = f"{'timedelta64' if moments.dtype.kind == 'm' else 'datetime64'}[ns]"
    return np.where(np.isnat(moments), math.nan, moments.astype(unit).astype(np.int64) / 1e9)
