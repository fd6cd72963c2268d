#!/usr/bin/python3
"""Makes layers_pytorch.hpp: what PyTorch's layers make of the same inputs and parameters, for the test of ours.

Run with Debian's python3-torch: /usr/bin/python3 tests/reference/layers_pytorch.py
Inputs and parameters come from a formula that the test evaluates too, so only outputs are stored:
two samples, row-major. PyTorch computes in double precision.
"""
import math
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

SAMPLES = 2


def wave(*shape, phase, scale=1.0):
    """The formula shared with the test: a deterministic, irregular sequence in (-1, 1)."""
    count = math.prod(shape)
    values = [scale * math.sin(12.9898 * (i + 1) + 78.233 * phase) for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def images(channels, rows, columns):
    return wave(SAMPLES, channels, rows, columns, phase=1)


def convolution(channels, rows, columns, filters, extent, stride, padding, groups):
    weights = wave(filters, channels // groups, extent, extent, phase=2, scale=0.5)
    bias = wave(filters, phase=3, scale=0.5)
    return torch.relu(F.conv2d(images(channels, rows, columns), weights, bias, stride, padding, groups=groups))


def recurrent(module, gates):
    """Our weights are features x sums; PyTorch's are turned. The sums stand in the same order."""
    features, units, steps = 3, 5, 11
    layer = module(features, units, batch_first=True).double()
    parts = [("weight_ih_l0", (features, gates * units), 2), ("bias_ih_l0", (gates * units,), 3),
             ("weight_hh_l0", (units, gates * units), 4), ("bias_hh_l0", (gates * units,), 5)]
    with torch.no_grad():
        for name, shape, phase in parts:
            ours = wave(*shape, phase=phase, scale=0.5)
            getattr(layer, name).copy_(ours.T if ours.ndim == 2 else ours)
        return layer(wave(SAMPLES, steps, features, phase=1))[0][:, -1]


def attention():
    tokens, features, width = 6, 4, 5
    x = wave(SAMPLES, tokens, features, phase=1)
    q, k, v = (x @ wave(features, width, phase=phase) for phase in (2, 3, 4))
    return torch.softmax(q @ k.transpose(1, 2) / math.sqrt(width), dim=2) @ v


def residual():
    x = wave(SAMPLES, 6, phase=1)
    return x + torch.tanh(F.linear(x, wave(6, 6, phase=2, scale=0.5).T, wave(6, phase=3, scale=0.5)))


def main():
    with torch.no_grad():
        outputs = {
            "conv_padded": convolution(2, 7, 6, 3, 3, 1, 1, 1),
            "conv_strided": convolution(4, 9, 8, 6, 3, 2, 1, 2),
            "conv_depthwise": convolution(3, 6, 6, 3, 5, 1, 2, 3),
            "max_pool": F.max_pool2d(images(2, 7, 6), 2),
            "max_pool_overlapping": F.max_pool2d(images(2, 7, 6), 3, 2),
            "avg_pool": F.avg_pool2d(images(2, 7, 6), 2),
            "layer_norm_maps": F.layer_norm(images(2, 7, 6), (2, 7, 6)),
            "layer_norm_tokens": F.layer_norm(wave(SAMPLES, 6, 4, phase=1), (4,)),
            "rnn": recurrent(nn.RNN, 1),
            "gru": recurrent(nn.GRU, 3),
            "lstm": recurrent(nn.LSTM, 4),
            "self_attention": attention(),
            "residual": residual(),
        }
    lines = [
        f"// Made by tests/reference/layers_pytorch.py with PyTorch {torch.__version__}.",
        "// Outputs of two samples, row-major.",
        "#pragma once",
        "",
        "#include <vector>",
        "",
        "namespace reference {",
        "",
    ]
    for name, values in outputs.items():
        numbers = ", ".join(f"{v:.9g}" for v in values.flatten().tolist())
        lines.append(f"inline const std::vector<double> {name}{{{numbers}}};")
    lines += ["", "}  // namespace reference"]
    path = pathlib.Path(__file__).with_name("layers_pytorch.hpp")
    path.write_text("\n".join(lines) + "\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
