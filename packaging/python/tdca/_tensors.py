"""Genomes, and other files of named arrays."""

import os

import numpy as np

from . import _core
from ._checks import array_in, unicode_in


class Tensors(dict):
    """NumPy arrays by name, with the `facts` that stand in their file."""

    def __init__(self, arrays=(), facts=None):
        super().__init__(arrays)
        self.facts = dict(facts or {})


def path_in(path, name="path"):
    """A path as bytes, which need not be UTF-8."""
    try:
        place = os.fsencode(os.fspath(path))
    except TypeError:
        raise TypeError(f"{name} must be a path, not {type(path).__name__}") from None
    except UnicodeEncodeError:
        place = None
    if place is None or b"\0" in place:  # for C a name ends there
        raise ValueError(f"{name} has characters that no file's name can have: {path!r}")
    return place


def existing(path):
    """The path of a file that is there, as bytes."""
    place = path_in(path)
    if not os.path.exists(place):
        raise FileNotFoundError(2, "No such file", path)
    return place


def place_for(path):
    """The path of a file that can be written as far as its folder goes, as bytes."""
    place = path_in(path)
    folder = os.path.dirname(place) or b"."
    if not os.path.isdir(folder):
        raise FileNotFoundError(2, "No such folder", os.fsdecode(folder))
    if os.path.isdir(place):
        raise IsADirectoryError(21, "Is a directory", path)
    if not os.access(folder, os.W_OK):
        raise PermissionError(13, "Permission denied", os.fsdecode(folder))
    return place


def load_tensors(path):
    """Reads a safetensors file: a genome, a network, a checkpoint, a table model.

    Returns
    -------
    dict of arrays by name, with the attribute `facts`, a dict of texts.

    Raises
    ------
    FileNotFoundError
    ValueError
        The file is broken: which tensor, what was expected, what was found.
    """
    return Tensors(*_core.read_tensors(existing(path)))


def save_tensors(path, tensors, facts=None):
    """Writes a safetensors file, whole or not at all: arrays by name, and facts, texts by name."""
    arrays = []
    for name, array in _mapping("tensors", tensors).items():
        array = array_in(f"tensors: {_text('a tensor', name)}", array)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"tensors must be of numbers; {name} is of {array.dtype.name}")
        if array.dtype.itemsize > 8:
            raise TypeError(f"tensors must be of numbers of up to 8 bytes; {name} is of {array.dtype.name}")
        # The file is little-endian, and C++ takes numbers as this machine has them.
        arrays.append((name, np.asarray(unmasked_only(f"tensors: {name}", array), array.dtype.newbyteorder("="), order="C")))
    facts = {_text("a fact", key): _text("a fact", value) for key, value in _mapping("facts", facts or {}).items()}
    _core.write_tensors(place_for(path), arrays, facts)


def load_genome(path):
    """Reads a genome: arrays by name, with the `facts` of how it came about. What the names mean is told by
    `universal_genome` and `optimizer_genome`, and with shapes by docs/guide/howto/python.md.

    Raises
    ------
    FileNotFoundError
    ValueError
        The file is broken or no genome, or holds a number that is not finite.
    """
    genome = load_tensors(path)
    if genome.facts.get("format") != "tdca-genome-1":
        raise ValueError(f"{path}: no genome file (format {genome.facts.get('format')!r})")
    for name, array in genome.items():
        require_finite(f"{os.fsdecode(path)}: the tensor {name}", array)
    return genome


def save_genome(path, genome, facts=None):
    """Writes a genome, whole or not at all, as `load_genome` and the C++ library read it.

    Raises
    ------
    TypeError, ValueError
        Naming the tensor that is not of finite numbers.
    """
    arrays = {name: require_finite(f"genome: the tensor {name}", singles_in(f"genome: {name}", array))
              for name, array in _mapping("genome", genome).items()}
    save_tensors(path, arrays, {**getattr(genome, "facts", {}), **(facts or {}), "format": "tdca-genome-1"})


def universal_genome():
    """The genome that trains networks: arrays by name.

    `top_down.unit.*` turn errors to gains, `top_down.diffusion.*` and `top_down.wiring.*` spread credits,
    `top_down.prediction.*` say how far a layer trusts its own guess; `schedule.*` are step sizes, `plasticity.*` constants of
    the plasticity rule, `centring.logit` and `birth.*` what a credit loses of its mean, and how large weights are born.
    """
    return Tensors(_core.universal_genome(), {"format": "tdca-genome-1"})


def optimizer_genome():
    """The genome that guides searches: arrays by name, of 522 numbers; what `genome=` takes.

    `top_down.clock.*` are the recurrent clock, from 17 numbers of mood to 9 commands by a memory of 8; `top_down.point.*` the
    point network, from what is known of a point to two gains; `birth.*` points of a batch, lives, how wide they begin and
    when they end.
    """
    return Tensors(_core.optimizer_genome(), {"format": "tdca-genome-1"})


def genes_of(genome):
    """The genes of a search's genome, flat, in the library's order; none for the one that comes with it."""
    if genome is None:
        return np.empty(0, np.float32)
    if not hasattr(genome, "keys"):
        if not isinstance(genome, (str, bytes, os.PathLike)):
            raise TypeError(f"genome must be a path or a dict of arrays, not {type(genome).__name__}")
        genome = load_genome(genome)
    own = _core.optimizer_genome()
    if {*genome} != {*own}:
        raise ValueError(f"genome must be one of a search, with the tensors {', '.join(own)}")
    genes = []
    for name, array in own.items():
        given = singles_in(f"genome: {name}", genome[name])
        if given.shape != array.shape:
            raise ValueError(f"genome: the tensor {name} must have the shape {array.shape}, not {given.shape}")
        genes.append(require_finite(f"genome: the tensor {name}", given).ravel())
    return np.concatenate(genes)


def singles_in(name, value):
    """An array of single precision; a number too large for that is infinite there."""
    array = unmasked_only(name, array_in(name, value))
    if array.dtype.kind == "c" or array.dtype.kind == "O" and any(one is None for one in array.flat):
        raise TypeError(f"{name} must be real numbers, not {'None' if array.dtype.kind == 'O' else array.dtype.name}")
    try:
        with np.errstate(all="ignore"):
            return np.asarray(array, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} must be numbers: {error}") from None


def unmasked_only(name, array):
    """A file has no mask: an array without one."""
    if np.ma.is_masked(array):
        raise ValueError(f"{name} has masked numbers, which a file cannot have: fill them")
    return np.asarray(array)


def require_finite(name, array):
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that is not finite")
    return array


def _mapping(name, value):
    if not hasattr(value, "items"):
        raise TypeError(f"{name} must be a dict, not {type(value).__name__}")
    return value


def _text(what, value):
    if not isinstance(value, str):
        raise TypeError(f"{what} must be a str, not {type(value).__name__}")
    return unicode_in(what, value)
