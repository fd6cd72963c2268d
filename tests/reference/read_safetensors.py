#!/usr/bin/python3
"""An independent reader and writer of the safetensors format, with NumPy alone.

read_safetensors.py show FILE    checks FILE and prints its contents as one JSON object
read_safetensors.py write FILE   writes the file that tests/unit/io/safetensors_numpy.cpp expects
read_safetensors.py samples FILE writes the samples that tests/unit/io/tensor_dataset.cpp expects

Exit status: 0 if all is well, 1 for a file that breaks the format, 77 without NumPy.
"""

import json
import struct
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(77)

DTYPES = {
    "BOOL": "?", "U8": "<u1", "I8": "<i1", "U16": "<u2", "I16": "<i2", "F16": "<f2", "U32": "<u4",
    "I32": "<i4", "F32": "<f4", "U64": "<u8", "I64": "<i8", "F64": "<f8",
}


def require(condition, problem):
    if not condition:
        sys.exit(f"{sys.argv[2]}: {problem}")


def read(path):
    """The metadata, and name -> (dtype's name, array); stops at whatever breaks the format."""
    with open(path, "rb") as file:
        contents = file.read()
    require(len(contents) >= 8, "shorter than a header length")
    (length,) = struct.unpack("<Q", contents[:8])
    require(8 + length <= len(contents), "the header is longer than the file")
    require(contents[8:9] == b"{", "the header does not start with a brace")
    header = json.loads(contents[8 : 8 + length].decode("utf-8"))
    require(length % 8 == 0, "the data do not start at a multiple of 8 bytes")
    data = contents[8 + length :]
    metadata = header.pop("__metadata__", {})
    require(all(isinstance(text, str) for text in metadata.values()), "metadata that is no text")
    tensors = {}
    covered = 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        require(begin == covered, f"{name}: a hole or an overlap")
        dtype = np.dtype(DTYPES[entry["dtype"]])
        require((8 + length + begin) % dtype.itemsize == 0, f"{name}: not aligned")
        array = np.frombuffer(data[begin:end], dtype=dtype).reshape(entry["shape"])
        tensors[name] = (entry["dtype"], array)
        covered = end
    require(covered == len(data), "bytes that belong to no tensor")
    return metadata, tensors


def show(path):
    metadata, tensors = read(path)
    contents = {
        name: {"dtype": dtype, "shape": list(array.shape), "values": array.ravel().tolist()}
        for name, (dtype, array) in tensors.items()
    }
    print(json.dumps({"metadata": metadata, "tensors": contents}))


def write(path):
    """Unlike our own writer: header not padded, spaces in it, tensors in another order, some behind an odd byte."""
    tensors = {
        "layer.weights": np.arange(6, dtype="<f4").reshape(2, 3) / np.float32(3),
        "pi": np.array(np.pi, dtype="<f8"),
        "counter": np.array([0, 2**64 - 1], dtype="<u8"),
        "größe": np.array([[-(2**31)], [7]], dtype="<i4"),
        "mask": np.array([True, False, True]),
        "half": np.array([1.5, -65504], dtype="<f2"),
        "count": np.array(-(2**63), dtype="<i8"),
        "level": np.array([[-128]], dtype="<i1"),
        "label": np.array([65535, 0], dtype="<u2"),
        "nothing": np.zeros((0, 4), dtype="<f4"),
    }
    write_tensors(path, tensors, {"made by": "NumPy", "note": 'a "quoted" line\n'})


def samples(path):
    """Arrays of most kinds as samples and targets."""
    write_tensors(path, {
        "images": np.arange(24, dtype="<f8").reshape(4, 2, 3) / 4,
        "pixels": np.arange(24, dtype="<u1").reshape(4, 6),
        "halves": (np.arange(8, dtype="<f2") / 8 - 0.5).reshape(4, 2),
        "labels": np.array([2, 0, 1, 0], dtype="<i8"),
        "truths": np.array([True, False, True, True]),
        "several": np.array([[True, False], [True, True], [False, False], [False, True]]),
        "prices": np.array([1.5, np.nan, 3.25, -7], dtype="<f4"),
        "step_labels": np.array([[0, 1, -1], [1, 1, 0], [-1, -1, 1], [0, 0, 0]], dtype="<i4"),
        "step_prices": np.arange(24, dtype="<f4").reshape(4, 3, 2),
        "wrong": np.array([0, 1, -3, 0], dtype="<i2"),
        "waves": np.array([1 + 2j, 0, 1, 1], dtype="<c8"),
    }, {})


def write_tensors(path, tensors, metadata):
    names = {np.dtype(code): name for name, code in {**DTYPES, "C64": "<c8"}.items()}
    header = {"__metadata__": metadata}
    data = b""
    for name, array in tensors.items():
        begin = len(data)
        data += array.tobytes()
        header[name] = {
            "data_offsets": [begin, len(data)],
            "shape": list(array.shape),
            "dtype": names[array.dtype],
        }
    text = json.dumps(header, indent=1).encode("utf-8")
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("show", "write", "samples"):
        sys.exit(__doc__)
    {"show": show, "write": write, "samples": samples}[sys.argv[1]](sys.argv[2])
