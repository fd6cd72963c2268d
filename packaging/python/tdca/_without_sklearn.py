"""What estimators take of scikit-learn, where it is not installed."""

import inspect
import warnings

import numpy as np


class NotFittedError(ValueError, AttributeError):
    """An estimator was asked before it was fitted."""


class DataConversionWarning(UserWarning):
    """Data were taken in another form than they came in."""


class BaseEstimator:
    """Parameters by the names of the constructor's."""

    def get_params(self, deep=True):
        return {name: getattr(self, name) for name in list(inspect.signature(type(self).__init__).parameters)[1:]}

    def set_params(self, **params):
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"Invalid parameter {name!r} for estimator {self!r}.")
            setattr(self, name, value)
        return self

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.get_params().items())})"


class ClassifierMixin:
    _estimator_type = "classifier"

    def score(self, X, y, sample_weight=None):
        """Share of rows whose class is right, (n_samples,) of them."""
        y, said = _compared(y, self.predict(X))
        if y.shape[1] != 1:
            raise ValueError("Classification metrics can't handle a mix of multilabel-indicator and binary targets")
        return float(np.average((said == y)[:, 0], weights=_weights(sample_weight, len(y))))


class RegressorMixin:
    _estimator_type = "regressor"

    def score(self, X, y, sample_weight=None):
        """R²: 1 less the mean squared error over the variance; the mean of several targets'. Where a target is the same in
        all rows it is 1 if all are right, else 0."""
        y, said = (np.asarray(one, dtype=np.float64) for one in _compared(y, self.predict(X)))
        if y.shape != said.shape:
            raise ValueError(f"y_true and y_pred have different number of output ({y.shape[1]}!={said.shape[1]})")
        if not np.isfinite(y).all():
            raise ValueError("Input contains NaN, infinity or a value too large for dtype('float64').")
        if len(y) < 2:
            warnings.warn("R^2 score is not well-defined with less than two samples.", UserWarning, stacklevel=2)
            return float("nan")
        weights = _weights(sample_weight, len(y))[:, np.newaxis]
        missed = (weights * (y - said) ** 2).sum(axis=0)
        spread = (weights * (y - np.average(y, axis=0, weights=weights[:, 0])) ** 2).sum(axis=0)
        score = np.where(missed == 0, 1.0, 0.0)
        np.divide(missed, spread, out=missed, where=spread != 0)
        return float(np.mean(np.where(spread != 0, 1 - missed, score)))


def _compared(y, said):
    """Both as columns, of as many rows."""
    y = np.asarray(y)
    if y.ndim == 0 or y.ndim > 2:
        raise ValueError(f"y should be a 1d or 2d array, got an array of shape {y.shape} instead.")
    if len(y) != len(said):
        raise ValueError(f"Found input variables with inconsistent numbers of samples: [{len(y)}, {len(said)}]")
    return y.reshape(len(y), -1), said.reshape(len(said), -1)


def _weights(sample_weight, count):
    weights = np.ones(count) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    if weights.shape != (count,):
        raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(count,)}!")
    return weights
