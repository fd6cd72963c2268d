#!/usr/bin/python3
"""Writes pytorch.safetensors beside it, the file that tests/unit/io/safetensors_numpy.cpp reads.

The elements are PyTorch's own bytes (Debian: python3-torch 1.13.1). Debian has no package of the safetensors
library, so that this script lays the file out as that library's serialize() does: tensors in falling order of
element type, then by name, a compact header in UTF-8, padded with spaces to a multiple of 8 bytes.
"""

import ctypes
import json
import pathlib
import struct

import torch

# In the library's order of element types.
DTYPES = {
    torch.bool: "BOOL", torch.uint8: "U8", torch.int8: "I8", torch.int16: "I16", torch.float16: "F16",
    torch.bfloat16: "BF16", torch.int32: "I32", torch.float32: "F32", torch.float64: "F64", torch.int64: "I64",
}


def elements(tensor):
    tensor = tensor.detach().contiguous()
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size()) if tensor.numel() else b""


def serialize(tensors, metadata):
    rank = {dtype: place for place, dtype in enumerate(DTYPES)}
    header = {"__metadata__": metadata}
    data = b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-rank[item[1].dtype], item[0])):
        begin = len(data)
        data += elements(tensor)
        header[name] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [begin, len(data)],
        }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def main():
    layer = torch.nn.Linear(3, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.arange(6).reshape(2, 3) / 3)
        layer.bias.copy_(torch.tensor([-0.0, float("inf")]))
    tensors = {"layer." + name: tensor for name, tensor in layer.state_dict().items()}
    tensors |= {
        "layer.weight.t": layer.weight.t(),
        "running_var": torch.tensor([1.0, -1.5, 3.140625], dtype=torch.bfloat16),
        "half": torch.tensor([[1.5], [-65504.0]], dtype=torch.float16),
        "loss": torch.tensor(0.1, dtype=torch.float64),
        "num_batches_tracked": torch.tensor(2**40),
        "index": torch.tensor([-1, 2**62]),
        "steps": torch.tensor([[-(2**31), 7]], dtype=torch.int32),
        "short": torch.tensor([-2, 300], dtype=torch.int16),
        "signed": torch.tensor([-128, 127, 0], dtype=torch.int8),
        "pixels": torch.tensor([[0, 255]], dtype=torch.uint8),
        "mask": torch.tensor([True, False, True]),
        "größe": torch.zeros(0, 4),
        "none": torch.zeros(3, 0, dtype=torch.bool),
    }
    path = pathlib.Path(__file__).with_name("pytorch.safetensors")
    path.write_bytes(serialize(tensors, {"format": "pt"}))


if __name__ == "__main__":
    main()
