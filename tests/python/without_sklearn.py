#!/usr/bin/env python3
"""The module, where neither scikit-learn nor SciPy nor pandas is installed: it is imported, and estimators work."""

import sys

for absent in ("sklearn", "scipy", "pandas"):
    sys.modules[absent] = None  # importing it is an ImportError

import pickle

import numpy as np

import tdca

assert not {"tdca._estimators"} & {*sys.modules}, "estimators are imported before they are asked for"
X = np.random.default_rng(1).normal(size=(100, 2))
model = tdca.Classifier(effort="quick", random_state=1).fit(X, X[:, 0] > 0)
assert model.score(X, X[:, 0] > 0) > 0.9 and "effort='quick'" in repr(model)
assert pickle.loads(pickle.dumps(model)).predict(X).tobytes() == model.predict(X).tobytes()
numbers = tdca.Regressor().set_params(effort="quick", random_state=1).fit(X, X[:, 0])
assert numbers.score(X, X[:, 0]) > 0.9
try:
    tdca.Regressor().predict(X)
    sys.exit("an estimator that is not fitted answers")
except ValueError as error:
    assert "not fitted" in str(error)
assert tdca.minimize(lambda x: x[0] ** 2, [(-1, 1)], evaluations=200, seed=1).fun < 1e-6
print("without scikit-learn, SciPy and pandas")
