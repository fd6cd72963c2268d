"""What type checkers are told is what there is: names, methods and parameters of the stubs."""

import ast
import inspect
from pathlib import Path

import pytest

import tdca

STUBS = ast.parse((Path(__file__).resolve().parents[2] / "packaging" / "python" / "tdca" / "__init__.pyi").read_text())
FUNCTIONS = [node for node in STUBS.body if isinstance(node, ast.FunctionDef)]
CLASSES = {node.name: node for node in STUBS.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}


def parameters(node):
    """Names of a stub's parameters that are given by name, without self."""
    return {one.arg for one in [*node.args.args, *node.args.kwonlyargs]} - {"self"}


def test_all_names_are_told():
    told = {*CLASSES, *(node.name for node in FUNCTIONS), "HIDDEN_LAYER_SIZES", "Error"}
    assert told == {*tdca.__all__} <= {*dir(tdca)}
    for name in tdca.__all__:
        assert getattr(tdca, name).__doc__, f"{name} has no docstring"


@pytest.mark.parametrize("node", FUNCTIONS, ids=lambda node: node.name)
def test_functions(node):
    assert parameters(node) <= {*inspect.signature(getattr(tdca, node.name)).parameters}


@pytest.mark.parametrize("name", CLASSES)
def test_methods(name):
    for node in CLASSES[name].body:
        if not isinstance(node, ast.FunctionDef):
            continue
        found = getattr(getattr(tdca, name), node.name)
        if not isinstance(found, property):
            assert parameters(node) == {*inspect.signature(found).parameters} - {"self"}, node.name
        assert node.name.startswith("__") or found.__doc__, f"{name}.{node.name} has no docstring"
