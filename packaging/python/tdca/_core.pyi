# The compiled part: what the package's own files use.
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__version__: str
instructions: str

class Error(ValueError): ...

class Search:
    best_point: NDArray[np.float64]
    centre: NDArray[np.float64]
    best_value: float
    best_violation: float
    evaluations: int
    invalid: int
    lives: int
    asked: int
    done: bool
    def __init__(self, low: NDArray[np.float64], high: NDArray[np.float64], whole: Sequence[bool],
                 logarithmic: Sequence[bool], periodic: Sequence[bool], evaluations: int, start: NDArray[np.float64],
                 start_value: float, restarts: bool, noisy: bool, seed: int, genes: NDArray[np.float32]) -> None: ...
    def forget_best(self) -> None: ...
    def ask(self) -> NDArray[np.float64]: ...
    def view(self) -> NDArray[np.float64]: ...
    def tell(self, values: NDArray[np.float64], violations: NDArray[np.float64] | None = ...) -> None: ...

class Table:
    def __init__(self, name: str, names: Sequence[str], numbers: NDArray[np.float64], texts: Sequence[Sequence[str]],
                 order: Sequence[int]) -> None: ...

class TargetKind:
    numbers: TargetKind
    classes: TargetKind

class TableModel:
    description: str
    hidden: list[int]
    texts: list[list[str]]
    columns: list[str]
    inputs: list[tuple[str, str, bool]]
    def predict(self, table: Table) -> NDArray[np.float64]: ...
    def save(self, path: str, facts: dict[str, str]) -> None: ...

def train(table: Table, kind: TargetKind, columns: Sequence[str], texts: Sequence[Sequence[str]],
          as_category: Sequence[str], hidden: Sequence[int], updates: Sequence[int], judgements: int, networks: int,
          threads: int, seed: int) -> TableModel: ...
def text_of(number: float) -> str: ...
def load_model(path: str) -> TableModel: ...
def hidden_choices() -> list[list[int]]: ...
def read_tensors(path: str) -> tuple[dict[str, NDArray[Any]], dict[str, str]]: ...
def write_tensors(path: str, tensors: Sequence[tuple[str, NDArray[Any]]], facts: dict[str, str]) -> None: ...
def universal_genome() -> dict[str, NDArray[np.float32]]: ...
def optimizer_genome() -> dict[str, NDArray[np.float32]]: ...
