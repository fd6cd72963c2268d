"""Genomes and other files of arrays."""

from pathlib import Path

import numpy as np
import pytest

import tdca

GENOMES = Path(__file__).resolve().parents[2] / "examples" / "genomes"


@pytest.mark.parametrize("name, shipped", [("universal", tdca.universal_genome), ("optimizer", tdca.optimizer_genome)])
def test_shipped_genomes_are_those_of_files(name, shipped):
    genome = tdca.load_genome(GENOMES / f"{name}.safetensors")
    assert {*genome} == {*shipped()} and genome.facts["format"] == "tdca-genome-1"
    for tensor, array in genome.items():
        assert array.dtype == np.float32 and np.array_equal(array, shipped()[tensor])


def test_round_trip(tmp_path):
    genome = tdca.load_genome(GENOMES / "universal.safetensors")
    genome["schedule.linear"] *= 2
    tdca.save_genome(tmp_path / "twice", genome, {"note": "doubled"})
    again = tdca.load_genome(tmp_path / "twice")
    assert np.array_equal(again["schedule.linear"], genome["schedule.linear"]) and again.facts["note"] == "doubled"
    arrays = {name: np.arange(6).reshape(2, 3).astype(name) for name in
              ("bool", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "float16", "float32", "float64")}
    tdca.save_tensors(tmp_path / "all", {**arrays, "turned": arrays["int64"].T, "scalar": np.float32(3)})
    again = tdca.load_tensors(tmp_path / "all")
    assert np.array_equal(again["turned"], arrays["int64"].T) and again["scalar"] == 3
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype and np.array_equal(again[name], array)


def test_misuse(tmp_path):
    with pytest.raises(FileNotFoundError):
        tdca.load_genome(tmp_path / "absent")
    with pytest.raises(TypeError, match="path"):
        tdca.load_genome(None)
    tdca.save_tensors(tmp_path / "tensors", {"a": np.zeros(3)})
    with pytest.raises(ValueError, match="no genome"):
        tdca.load_genome(tmp_path / "tensors")
    (tmp_path / "broken").write_bytes(bytes(7))
    with pytest.raises(ValueError, match="truncated"):
        tdca.load_tensors(tmp_path / "broken")
    for tensors, facts in (({"a": "text"}, {}), ({3: np.zeros(3)}, {}), ({"a": np.zeros(3)}, {"a": 3}),
                           ({"a": np.zeros(3, complex)}, {}), ({"a": [None]}, {})):
        with pytest.raises(TypeError):
            tdca.save_tensors(tmp_path / "refused", tensors, facts)
    with pytest.raises(ValueError):
        tdca.save_genome(tmp_path / "nowhere" / "genome", tdca.universal_genome())


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(ValueError, match="path has characters"):
        tdca.save_tensors(f"{tmp_path}/a\0b", {"a": np.zeros(3)})
    assert not list(tmp_path.iterdir())
