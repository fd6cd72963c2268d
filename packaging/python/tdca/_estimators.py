"""Classifier and Regressor, after scikit-learn's conventions; they do without it."""

import json
import os
import tempfile
import warnings

import numpy as np

from . import _core
from ._checks import array_in, count_in, cores
from ._columns import columns_of, is_missing
from ._tensors import existing, load_tensors, place_for, require_finite, save_tensors, singles_in

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.exceptions import DataConversionWarning, NotFittedError
except ImportError:
    from ._without_sklearn import BaseEstimator, ClassifierMixin, DataConversionWarning, NotFittedError, RegressorMixin

HIDDEN = [tuple(layers) for layers in _core.hidden_choices()]
# Numbers of updates that are tried, splits that judge each, and networks whose mean is what is told.
EFFORTS = {"quick": ([1000], 0, 1), "normal": ([100, 300, 1000, 3000, 10000], 3, 4),
           "thorough": ([100, 300, 1000, 3000, 10000, 30000], 5, 10)}
MOST_KEPT = 100_000


# Threads of a pool do not survive a fork, and who waits for them waits forever: a forked process trains on one. Bits do not
# depend on it.
_is_forked = False


def _note_fork():
    global _is_forked
    _is_forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)


class _Model:
    """Networks that were trained, pickled as their file."""

    def __init__(self, core, facts):
        self.core, self.facts = core, facts

    def save(self, path):
        self.core.save(place_for(path), self.facts)

    def __getstate__(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            self.save(path)
            with open(path, "rb") as file:
                return {"file": file.read(), "facts": self.facts}

    def __setstate__(self, state):
        self.facts = state["facts"]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            with open(path, "wb") as file:
                file.write(state["file"])
            self.core = _core.load_model(os.fsencode(path))


class _TableEstimator(BaseEstimator):
    def __init__(self, hidden_layer_sizes=HIDDEN[0], effort="normal", random_state=None, n_jobs=None):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.effort = effort
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _more_tags(self):
        return {"allow_nan": True, "requires_y": True}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()  # which scikit-learn has from 1.6 on
        tags.input_tags.allow_nan = True
        tags.target_tags.required = True
        return tags

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model_")

    def _settings(self):
        try:
            hidden = tuple(int(one) for one in self.hidden_layer_sizes if int(one) == one)
            hidden = hidden if len(hidden) == len(self.hidden_layer_sizes) else (self.hidden_layer_sizes,)
        except (TypeError, ValueError, OverflowError):
            hidden = (self.hidden_layer_sizes,)
        if hidden not in HIDDEN:
            raise ValueError(f"hidden_layer_sizes must be one of {', '.join(map(str, HIDDEN))}, which were compiled, not "
                             f"{self.hidden_layer_sizes!r}")
        if not isinstance(self.effort, str) or self.effort not in EFFORTS:
            raise ValueError(f"effort must be one of {', '.join(map(repr, EFFORTS))}, not {self.effort!r}")
        threads = 1 if self.n_jobs is None else count_in("n_jobs", self.n_jobs, -1024, 1024)
        if threads == 0:
            raise ValueError("n_jobs must be a number of threads, or -1 for all cores, -2 for all but one")
        if _is_forked:
            threads = 1
        elif threads < 0:
            threads = max(1, cores() + 1 + threads)
        state = self.random_state
        if state is None or state is np.random:
            state = np.random.mtrand._rand
        if isinstance(state, np.random.RandomState):
            state = state.randint(2**31 - 1)
        elif isinstance(state, np.random.Generator):
            state = int(state.integers(2**31 - 1))
        # Far apart, since a model takes several seeds in a row.
        seed = int(np.random.SeedSequence(count_in("random_state", state, 0)).generate_state(1, np.uint64)[0])
        return list(hidden), EFFORTS[self.effort], threads, seed

    def _train(self, columns, target, values, texts, learned, said):
        """Networks for these rows; `values`: (name, numbers or texts) of each column to be predicted. Attributes in
        `learned`, of which the file says `said`, change with the networks or, where something fails, not at all."""
        if len(columns) < 2:
            raise ValueError(f"Found array with {len(columns)} sample(s) (shape={(len(columns), columns.width)}) while a "
                             "minimum of 2 is required.")
        hidden, (updates, judgements, networks), threads, seed = self._settings()
        core = _core.train(columns.table("X", values), target, [name for name, _ in values], texts,
                           sorted(columns.categories), hidden, updates, judgements, networks, threads, seed)
        lost = [f"{name!r} ({remark})" for name, remark, loses in core.inputs if loses]
        if lost:
            warnings.warn(f"columns of X lose what they tell: {', '.join(lost[:5])}{', ...' if len(lost) > 5 else ''}",
                          UserWarning, stacklevel=4)
        self._note(columns, learned)
        facts = {"estimator": self._kind, "has_names": str(int(columns.has_names))}
        plain = {name: _plain(value) for name, value in self.get_params(deep=False).items()}
        self.model_ = _Model(core, {**facts, "parameters": json.dumps(plain), **said})
        return self

    def _note(self, columns, learned):
        """What follows from the columns, and the attributes in `learned`."""
        self.__dict__.update(learned)
        for name in ("_is_loaded", "_finds_columns"):
            self.__dict__.pop(name, None)
        self.n_features_in_ = columns.width
        self.__dict__.pop("feature_names_in_", None)
        if columns.has_names:
            self.feature_names_in_ = np.array(columns.names, dtype=object)

    def _learn_more(self, columns, y, *more):
        """Trains on these rows and those of earlier calls, once there are two that differ."""
        total, columns, y = rows = self._kept(columns, y)
        if hasattr(self, "model_") or columns.vary():
            self._learn(columns, y, *more)
        else:
            self._settings()
            self._note(columns, self._learned(y, *more))
        self._rows = rows
        return self

    def _require_own_rows(self):
        """Networks whose rows are not kept cannot be gone on with. That is told after fit, since scikit-learn asks that
        partial_fit can be called then, and refused where there is nothing but a file."""
        if not hasattr(self, "model_") or self.__dict__.get("_rows") is not None:
            return
        if self.__dict__.get("_is_loaded"):
            raise ValueError(f"this {type(self).__name__} was loaded, and a file has no rows, without which its networks would "
                             "forget: partial_fit cannot go on from them. Begin with a clone of it, or fit all rows at once")
        warnings.warn("partial_fit begins anew, on its own rows alone: of the rows that fit was given none are kept, and the "
                      "networks that it trained are replaced", UserWarning, stacklevel=3)

    def _answers(self, X):
        if self.__dict__.get("_rows") is not None and not hasattr(self, "model_"):
            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet: the rows that partial_fit was given "
                                 "are all alike. Call it with others.")
        if not hasattr(self, "model_"):
            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with appropriate "
                                 "arguments before using this estimator.")
        columns = columns_of(X)
        self._require_same(columns)
        known = getattr(self, "feature_names_in_", None)
        if known is None:
            columns.names = [str(c + 1) for c in range(columns.width)]
        elif not columns.has_names:
            columns.names = list(known)
        return self.model_.core.predict(columns.table("X"))

    def _require_same(self, columns):
        """Scikit-learn's rules for numbers and names of features, in its words."""
        if getattr(self, "_finds_columns", False) and columns.has_names:
            return
        known = list(getattr(self, "feature_names_in_", ()))
        given = columns.names if columns.has_names else []
        if known and given and known != given:
            message = "The feature names should match those that were passed during fit.\n"
            unseen, missing = sorted({*given} - {*known}), sorted({*known} - {*given})

            def listed(title, names):
                return title + "".join(f"- {name}\n" for name in names[:5]) + ("- ...\n" if len(names) > 5 else "")

            if unseen:
                message += listed("Feature names unseen at fit time:\n", unseen)
            if missing:
                message += listed("Feature names seen at fit time, yet now missing:\n", missing)
            if not unseen and not missing:
                message += "Feature names must be in the same order as they were in fit.\n"
            raise ValueError(message)
        if bool(known) != bool(given):
            warnings.warn(f"X {'does not have valid' if known else 'has'} feature names, but {type(self).__name__} was "
                          f"fitted with{'' if known else 'out'} feature names", UserWarning, stacklevel=4)
        if columns.width != self.n_features_in_:
            raise ValueError(f"X has {columns.width} features, but {type(self).__name__} is expecting "
                             f"{self.n_features_in_} features as input")

    def _kept(self, columns, y):
        """Rows of this call and of those before; of more than can be kept a sample, each row as likely."""
        before = self.__dict__.get("_rows")
        if before is None:
            # The caller may fill his arrays anew.
            seen, columns, y = 0, columns.take(np.arange(len(columns))), y.copy()
        else:
            self._require_same(columns)
            seen, old, old_y = before
            columns, y = old.beside(columns), np.concatenate([old_y, y])
        held = min(seen, MOST_KEPT)
        total = seen + len(columns) - held
        if len(columns) > MOST_KEPT:
            slots = np.arange(MOST_KEPT)
            coming = np.arange(MOST_KEPT, len(columns))
            draws = np.random.default_rng([total]).integers(0, seen - held + coming + 1)
            for row, slot in zip(coming.tolist(), draws.tolist()):
                if slot < MOST_KEPT:
                    slots[slot] = row
            columns, y = columns.take(slots), y[slots]
        return total, columns, y

    def save(self, path):
        """Writes the model as the library's own file, whole or not at all: `tdca.load` reads it, and train_table. A random
        state that is no number is None afterwards, and rows of `partial_fit` are not written."""
        if not hasattr(self, "model_"):
            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet: there is nothing to save.")
        self.model_.save(path)

    def get_weights(self):
        """The networks' weights: arrays by name, such as "network 0 layer 0.weights", (inputs, units)."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            self.save(path)
            return load_tensors(path)

    def set_weights(self, weights):
        """Puts arrays of the same names and shapes in place of the networks' weights.

        Raises
        ------
        ValueError
            A name, a shape or a number that the networks cannot have.
        """
        own = self.get_weights()
        if not hasattr(weights, "keys") or {*weights} != {*own}:
            raise ValueError("weights must be a dict with the names that get_weights has")
        arrays = {name: singles_in(f"weights: {name}", weights[name]) for name in own}
        for name, array in arrays.items():
            require_finite(f"weights: {name}", array)
            if array.shape != own[name].shape:
                raise ValueError(f"weights: {name} must have the shape {own[name].shape}, not {array.shape}")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            save_tensors(path, arrays, own.facts)
            facts = {name: fact for name, fact in self.model_.facts.items() if name != "constants"}
            self.model_ = _Model(_core.load_model(os.fsencode(path)), facts)
        self.__dict__.pop("_constants", None)  # from now on weights answer
        return self


class Classifier(ClassifierMixin, _TableEstimator):
    """Networks that learn classes by credits, with no backward pass and nothing to tune.

    Parameters
    ----------
    hidden_layer_sizes : tuple
        One of the sizes that were compiled: `tdca.HIDDEN_LAYER_SIZES`.
    effort : {"quick", "normal", "thorough"}
        One network; four, whose number of updates is chosen on rows held out; ten, chosen more carefully.
    random_state : int, RandomState, Generator or None
        The same one gives the same bits on one kind of processor.
    n_jobs : int or None
        Threads, -1 for one on each core, -2 for one less; bits do not depend on it. A forked process, such as a worker of
        `minimize`, takes one.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,), of frames whose columns have names.

    X is an array (n_samples, n_features) or a frame. NaN and None are missing values; columns of texts, and those of
    pandas' category, are categories (but texts that all read as numbers are numbers); moments are numbers. Of a column's
    categories the 256 most frequent are an input each, and of more than 32 those that are in one row alone are none; what
    is lost so is told by a warning. Up to 1,024 inputs and 100 classes.
    """

    _kind = "Classifier"  # of subclasses too: a file knows nothing of those

    def fit(self, X, y):
        """Trains new networks.

        Parameters
        ----------
        X : array or frame of shape (n_samples, n_features)
        y : array_like of shape (n_samples,)

        Raises
        ------
        TypeError, ValueError
            With a sentence that names the argument.
        """
        columns = columns_of(X)
        y = _labels(y, len(columns))
        self._learn(columns, y, np.unique(y))
        self.__dict__.pop("_rows", None)
        return self

    def partial_fit(self, X, y, classes=None):
        """Trains on these rows and on those of earlier calls, up to 100,000 rows (of more a sample): networks that see
        classes one after the other would forget. Each call costs what `fit` does; `fit` starts anew. While all rows are
        alike, as one is, they are kept, and nothing is trained.

        Parameters
        ----------
        classes : array_like of shape (n_classes,)
            All that there will be; needed in the first call.

        Raises
        ------
        ValueError
            Also after `load`: a file has no rows, without which networks would forget. `fit` keeps none either: after it
            the first call begins anew, with a warning.
        """
        self._require_own_rows()
        columns = columns_of(X)
        y = _labels(y, len(columns))
        if classes is None:
            if not hasattr(self, "classes_"):
                raise ValueError("classes must be passed on the first call to partial_fit.")
            classes = self.classes_
        if not hasattr(classes, "__len__") or np.ndim(classes) == 0:
            raise ValueError(f"classes must be labels, one for each class, not {classes!r:.100}")
        classes = np.unique(_labels(classes, len(classes)))
        if self.__dict__.get("_rows") is not None and not np.array_equal(classes, self.classes_):
            raise ValueError(f"classes={classes} is not the same as on last call to partial_fit, was {self.classes_}")
        if not {*np.unique(y).tolist()} <= {*classes.tolist()}:
            raise ValueError("y has labels that are not among classes")
        return self._learn_more(columns, y, classes)

    @staticmethod
    def _learned(y, classes):
        if len(classes) < 2:
            raise ValueError(f"y has {len(classes)} class; a classifier needs at least 2 classes")
        return {"classes_": classes}

    def _learn(self, columns, y, classes):
        learned = self._learned(y, classes)
        texts = _texts(classes)
        return self._train(columns, _core.TargetKind.classes,
                           [(_free("y", columns.names), [texts[i] for i in np.searchsorted(classes, y).tolist()])],
                           [texts], learned, {"classes": classes.dtype.kind})

    def predict_proba(self, X):
        """Probabilities, (n_samples, n_classes), in the order of `classes_`."""
        answers = self._answers(X)
        return answers[:, [self.model_.core.texts[0].index(text) for text in _texts(self.classes_)]]

    def predict_log_proba(self, X):
        """Logarithms of probabilities, (n_samples, n_classes)."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X):
        """The most probable class of each row, (n_samples,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)] if hasattr(self, "model_") else self._answers(X)


class Regressor(RegressorMixin, _TableEstimator):
    """Networks that learn numbers by credits, with no backward pass and nothing to tune.

    Parameters and attributes are those of `Classifier`, but for classes. Targets are one column, or up to 100.
    """

    _kind = "Regressor"

    def _more_tags(self):
        return {**super()._more_tags(), "multioutput": True}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X, y):
        """Trains new networks.

        Parameters
        ----------
        X : array or frame of shape (n_samples, n_features)
        y : array_like of shape (n_samples,) or (n_samples, n_outputs)

        Raises
        ------
        TypeError, ValueError
            With a sentence that names the argument.
        """
        columns = columns_of(X)
        y = _numbers(y, len(columns))
        self._learn(columns, y)
        self.__dict__.pop("_rows", None)
        return self

    def partial_fit(self, X, y):
        """Trains on these rows and on those of earlier calls, up to 100,000 rows (of more a sample). Each call costs what
        `fit` does; `fit` starts anew. While all rows are alike, as one is, they are kept, and nothing is trained.

        Raises
        ------
        ValueError
            Also after `load`: a file has no rows, without which networks would forget. `fit` keeps none either: after it
            the first call begins anew, with a warning.
        """
        self._require_own_rows()
        columns = columns_of(X)
        y = _numbers(y, len(columns))
        before = self.__dict__.get("_rows")
        if before is not None and y.shape[1:] != before[2].shape[1:]:
            raise ValueError(f"y must have the shape that it had before: (n, ...) of {before[2].shape[1:]}")
        return self._learn_more(columns, y)

    @staticmethod
    def _learned(y):
        # Networks would come near to a target that is the same in all rows; it is told as it is.
        constants = [float(column[0]) if (column == column[0]).all() else None for column in y.reshape(len(y), -1).T]
        return {"_is_flat": y.ndim == 1, "_constants": constants if any(one is not None for one in constants) else []}

    def _learn(self, columns, y):
        is_flat = y.ndim == 1
        values, names = [], list(columns.names)
        for column in y.reshape(len(y), -1).T:
            names.append(_free("y" if is_flat else f"y{len(values) + 1}", names))
            values.append((names[-1], np.ascontiguousarray(column)))
        learned = self._learned(y)
        said = {"constants": json.dumps(learned["_constants"])} if learned["_constants"] else {}
        return self._train(columns, _core.TargetKind.numbers, values, [], learned, {"is_flat": str(int(is_flat)), **said})

    def predict(self, X):
        """Predictions, (n_samples,), or (n_samples, n_outputs) where y had two dimensions."""
        answers = self._answers(X)
        for c, number in enumerate(self.__dict__.get("_constants", [])):
            if number is not None:
                answers[:, c] = number
        return answers[:, 0] if self._is_flat else answers


def load(path):
    """The estimator that a file holds: what `save` wrote, or the program train_table.

    Raises
    ------
    FileNotFoundError
    ValueError
        The file is broken, no table model, or one of networks that were not compiled.
    """
    path = existing(path)
    core = _core.load_model(path)
    facts = _core.read_tensors(path)[1]
    model = json.loads(facts["model"])
    names = [column["name"] for column in model["inputs"]]
    is_ours = facts.get("estimator") in ("Classifier", "Regressor")
    parameters = {}
    if is_ours:
        try:
            given = json.loads(facts["parameters"])
            parameters = {name: given[name] for name in Classifier().get_params(deep=False) if name in given}
        except (KeyError, TypeError, ValueError):
            raise ValueError(f"{os.fsdecode(path)}: its parameters are no settings of an estimator") from None
    parameters["hidden_layer_sizes"] = tuple(core.hidden)
    is_classifier = len(core.texts) > 0
    estimator = (Classifier if is_classifier else Regressor)(**parameters)
    estimator.n_features_in_ = len(names)
    estimator._is_loaded = True
    estimator._finds_columns = not is_ours  # of a table's file, in which more may stand
    if not is_ours or facts.get("has_names") == "1":
        estimator.feature_names_in_ = np.array(names, dtype=object)
    if is_classifier:
        estimator.classes_ = _classes(core.texts[0], facts.get("classes"))
    else:
        estimator._is_flat = facts.get("is_flat", str(int(len(core.columns) == 1))) == "1"
        estimator._constants = _constants(facts.get("constants", "[]"), len(core.columns), os.fsdecode(path))
    kept = ("estimator", "has_names", "parameters", "classes", "is_flat", "constants")
    estimator.model_ = _Model(core, {name: facts[name] for name in kept if name in facts})
    return estimator


def _plain(value):
    """A parameter as JSON has it; None for what it has not."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, float)) else None


def _constants(text, count, path):
    """Of each target its number, if that is the same in all rows, else None; none at all where no target is so."""
    try:
        constants = json.loads(text)
        if constants == [] or len(constants) == count and all(one is None or np.isfinite(one) for one in constants):
            return constants
    except (TypeError, ValueError):
        pass
    raise ValueError(f"{path}: its constants are no numbers of targets")


def _free(name, taken):
    while name in taken:
        name += "_"
    return name


def _texts(classes):
    """Of classes, as they stand in the library's file."""
    if classes.dtype.kind == "b":
        return [str(int(one)) for one in classes.tolist()]
    return [str(int(one)) if isinstance(one, float) and one.is_integer() else str(one) for one in classes.tolist()]


def _classes(texts, kind):
    """The way back."""
    if kind is None:  # a file of train_table, which knows texts alone
        kind = "i" if all(text.lstrip("-").isdigit() for text in texts) else "U"
    if kind == "b":
        return np.array([text == "1" for text in texts])
    numbers = {"i": int, "u": int, "f": float}.get(kind)
    return np.unique(np.array([numbers(text) for text in texts] if numbers else texts, dtype=object if kind == "O" else None))


def _target(y, samples):
    if y is None:
        raise ValueError("this estimator requires y to be passed, but the target y is None")
    if hasattr(y, "tocsr"):
        raise TypeError("y is sparse, and sparse data is not supported")
    given, y = y, array_in("y", y)
    if y.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    if y.ndim == 0:
        raise ValueError(f"y should be a 1d array, got {'a scalar' if y.dtype.kind != 'O' else type(given).__name__} instead.")
    if len(y) != samples:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: [{samples}, {len(y)}]")
    is_nothing = np.isnan(y).any() if y.dtype.kind == "f" else y.dtype.kind == "O" and any(map(is_missing, y.flat))
    if np.ma.is_masked(y) or is_nothing:
        raise ValueError("Input y contains NaN.")
    y = np.asarray(y)
    if y.dtype.kind == "f" and np.isinf(y).any():
        raise ValueError("Input y contains infinity or a value too large for dtype('float64').")
    return y


def _labels(y, samples):
    y = _target(y, samples)
    if y.ndim == 2 and y.shape[1] == 1:
        warnings.warn("A column-vector y was passed when a 1d array was expected. Please change the shape of y to "
                      "(n_samples, ), for example using ravel().", DataConversionWarning, stacklevel=3)
        y = y.ravel()
    if y.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {y.shape} instead.")
    if y.dtype.kind == "O":
        kinds = {type(one) for one in y.tolist()}
        if not (all(issubclass(kind, str) for kind in kinds) or all(issubclass(kind, (int, np.integer)) for kind in kinds)
                or all(issubclass(kind, (float, int, np.number)) for kind in kinds)):
            raise _unknown(", ".join(sorted(kind.__name__ for kind in kinds)))
        if not issubclass(next(iter(kinds), str), str):
            y = np.array(y.tolist())
            if y.dtype.kind == "O":
                raise _unknown("whole numbers beyond 64 bits")
    if y.dtype.kind not in "biufUO":
        raise _unknown(y.dtype.name)
    if y.dtype.kind == "f" and (y != np.floor(y)).any():
        raise ValueError("Unknown label type: continuous")
    if y.dtype.kind in "UO" and (y == "").any():
        raise ValueError("y has an empty text for a label")
    return y


def _unknown(kinds):
    return ValueError(f"Unknown label type: {kinds}. y must be whole numbers, flags or texts; y.astype(str) makes texts of a "
                      "column of other things")


def _numbers(y, samples):
    y = _target(y, samples)
    if y.ndim > 2:
        raise ValueError(f"y should be a 1d or 2d array, got an array of shape {y.shape} instead.")
    if y.ndim == 2 and y.shape[1] == 0:
        raise ValueError("y has no column")
    if y.dtype.kind not in "biuf":
        if y.dtype.kind != "O" or any(isinstance(one, (str, bytes)) for one in y.flat):
            raise ValueError(f"y must be numbers, not {'texts' if y.dtype.kind in 'OUS' else y.dtype.name}")
        kinds = sorted({type(one).__name__ for one in y.flat if not hasattr(one, "__float__")})
        if kinds:
            raise ValueError(f"y must be numbers, not {', '.join(kinds)}")
    try:
        with np.errstate(all="ignore"):
            doubles = y.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"y must be numbers: {error}") from None
    return doubles if y.dtype == doubles.dtype else _target(doubles, samples)
