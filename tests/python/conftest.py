"""What tests of the Python module share."""

import numpy as np
import pytest


@pytest.fixture
def rows():
    """Two numbers, a class and a number that follow from them."""
    generator = np.random.default_rng(7)
    X = generator.normal(size=(200, 2))
    return X, (X[:, 0] + X[:, 1] > 0).astype(int), X @ np.array([2.0, -1.0]) + 3
