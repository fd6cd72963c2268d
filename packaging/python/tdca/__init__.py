"""tdca: the minimum of any function, and networks for tables, with no backward pass and nothing to tune.

`minimize` and `Search` seek minima; `Classifier` and `Regressor` are estimators after scikit-learn's conventions, which
need not be installed; `load` reads what they save. `load_genome` reads what guides both.
"""

from . import _core
from ._core import Error
from ._minimize import OptimizeResult, minimize
from ._search import Search
from ._tensors import (Tensors, load_genome, load_tensors, optimizer_genome, save_genome, save_tensors,
                       universal_genome)

__version__ = _core.__version__
HIDDEN_LAYER_SIZES = tuple(tuple(layers) for layers in _core.hidden_choices())

_ESTIMATORS = ("Classifier", "Regressor", "load")
__all__ = ["Classifier", "Error", "HIDDEN_LAYER_SIZES", "OptimizeResult", "Regressor", "Search", "Tensors", "load",
           "load_genome", "load_tensors", "minimize", "optimizer_genome", "save_genome", "save_tensors",
           "universal_genome"]


def __getattr__(name):
    # Importing scikit-learn takes a second, which who minimises need not wait for.
    if name in _ESTIMATORS:
        from . import _estimators
        value = globals()[name] = getattr(_estimators, name)
        return value
    raise AttributeError(f"module 'tdca' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
