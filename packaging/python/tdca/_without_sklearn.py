"""What estimators take of scikit-learn, where it is not installed."""

import inspect

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

    def score(self, X, y):
        """Share of rows whose class is right."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


class RegressorMixin:
    _estimator_type = "regressor"

    def score(self, X, y):
        """R²: 1 less the mean squared error over the variance."""
        y = np.asarray(y, dtype=float)
        return float(1 - np.mean((self.predict(X) - y) ** 2) / np.mean((y - y.mean(axis=0)) ** 2))
