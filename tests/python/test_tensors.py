"""Genomes and other files of arrays."""

import pickle
import types
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
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tdca.save_genome(tmp_path / "nowhere" / "genome", tdca.universal_genome())


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(ValueError, match="path has characters"):
        tdca.save_tensors(f"{tmp_path}/a\0b", {"a": np.zeros(3)})
    assert not list(tmp_path.iterdir())


def test_arrays_of_any_order_and_type(tmp_path):
    plain = np.arange(6.0).reshape(2, 3)
    arrays = {"pickled": pickle.loads(pickle.dumps(plain)), "pickled type": plain.astype(pickle.loads(pickle.dumps(np.dtype("f4")))),
              "big-endian": plain.astype(">f8"), "big whole": np.arange(3, dtype=">i2"), "turned": plain[:, ::-1],
              "strided": plain[::2, ::2], "columns first": np.asfortranarray(plain), "number": np.float64(3),
              "big number": np.array(3, dtype=">i4"), "empty": np.empty(0), "empty too": np.empty((3, 0, 2), "i2"),
              "long long": np.arange(3, dtype=np.longlong), "unsigned": np.array([2**64 - 1, 0], dtype=np.uint64),
              "field": np.zeros(3, [("a", "<i4"), ("b", "f8")])["b"], "mask of nothing": np.ma.array([1.0, 2.0]), "list": [1, 2]}
    tdca.save_tensors(tmp_path / "file", arrays)
    again = tdca.load_tensors(tmp_path / "file")
    assert {*again} == {*arrays}
    for name, array in arrays.items():
        given = np.asarray(array)
        assert again[name].shape == given.shape and again[name].dtype == given.dtype.newbyteorder("="), name
        assert np.array_equal(again[name], given), name


@pytest.mark.parametrize("array, error, words", [
    (np.ma.array([1.0, 2.0], mask=[0, 1]), ValueError, "masked"), ([np.ma.array([1.0, 2.0], mask=[0, 1])], ValueError, "masked"),
    (np.zeros(2, np.longdouble), TypeError, "8 bytes"), (np.zeros(2, "M8[s]"), TypeError, "datetime64"),
    (np.zeros(2, [("a", int)]), TypeError, "void"), ([[1], [1, 2]], ValueError, "one length")])
def test_tensors_that_no_file_has(array, error, words, tmp_path):
    with pytest.raises(error, match=f"tensors.*{words}"):
        tdca.save_tensors(tmp_path / "file", {"a": array})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e300])
def test_a_genome_is_finite(number, tmp_path):
    genome = tdca.optimizer_genome()
    name = "birth.log_lives"
    genome[name] = np.full(genome[name].shape, number)
    for use in (lambda: tdca.save_genome(tmp_path / "genome", genome), lambda: tdca.Search([(0, 1)], genome=genome)):
        with np.errstate(all="raise"), pytest.raises(ValueError, match="genome: the tensor birth.log_lives holds a number that"):
            use()
    assert not list(tmp_path.iterdir())
    with np.errstate(all="ignore"):
        tdca.save_tensors(tmp_path / "genome", {name: genome[name].astype(np.float32)}, {"format": "tdca-genome-1"})
    with pytest.raises(ValueError, match="the tensor birth.log_lives holds a number that is not finite"):
        tdca.load_genome(str(tmp_path / "genome").encode())


def test_what_is_no_genome():
    for genome in (3, [1], object(), 1.5, np.zeros(3)):
        with pytest.raises(TypeError, match=f"genome must be a path or a dict of arrays, not {type(genome).__name__}"):
            tdca.Search([(0, 1)], genome=genome)
    with pytest.raises(FileNotFoundError):
        tdca.Search([(0, 1)], genome=b"nowhere")
    own = tdca.optimizer_genome()
    for array, error in ((None, TypeError), ("a", ValueError), (np.ones((1, 1)), ValueError), (1j, TypeError)):
        with pytest.raises(error, match="birth.homing"):
            tdca.Search([(0, 1)], genome={**own, "birth.homing": array})
    tdca.Search([(0, 1)], genome=types.MappingProxyType(own))


def test_the_page_names_every_tensor():
    page = (Path(__file__).resolve().parents[2] / "docs" / "guide" / "howto" / "python.md").read_text()
    trains, searches = page.split("Of one that guides searches")
    for name in tdca.universal_genome():
        assert any(f"`{name[:end]}.*`" in trains for end in range(len(name))) or f"`{name}`" in trains, name
    own = tdca.optimizer_genome()
    assert f"{sum(array.size for array in own.values())} numbers" in searches
    for name, array in own.items():
        part, last = name.rsplit(".", 1)
        lines = [line for line in searches.splitlines() if f"`{part}." in line and (f"`{name}`" in line or f"`{last}`" in line)]
        assert len(lines) == 1 and str(array.shape) in lines[0], name
