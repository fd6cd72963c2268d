#!/usr/bin/python3
"""Makes backprop_pytorch.hpp: one network trained by PyTorch, for the test of our baseline.

Run with Debian's python3-torch: /usr/bin/python3 tests/reference/backprop_pytorch.py
Inputs and initial weights come from a formula that the test evaluates too, so only results are
stored. PyTorch computes in double precision.
"""
import math
import pathlib

import torch

SAMPLES, INPUTS, HIDDEN_A, HIDDEN_B, CLASSES, UPDATES = 8, 6, 7, 5, 4, 5


def wave(index, phase):
    """The formula shared with the test: a deterministic, irregular sequence in (-1, 1)."""
    return math.sin(12.9898 * (index + 1) + 78.233 * phase)


def tensor(rows, columns, phase, scale):
    values = [scale * wave(i, phase) for i in range(rows * columns)]
    return torch.tensor(values, dtype=torch.float64).reshape(rows, columns)


def train(optimizer_of):
    shapes = [(INPUTS, HIDDEN_A), (HIDDEN_A, HIDDEN_B), (HIDDEN_B, CLASSES)]
    weights = [tensor(r, c, 2 + i, 0.5).requires_grad_() for i, (r, c) in enumerate(shapes)]
    biases = [torch.zeros(c, dtype=torch.float64, requires_grad=True) for _, c in shapes]
    optimizer = optimizer_of(weights + biases)
    x = tensor(SAMPLES, INPUTS, 1, 1.0)
    labels = torch.tensor([(3 * s + 1) % CLASSES for s in range(SAMPLES)])
    for _ in range(UPDATES):
        hidden = torch.relu(x @ weights[0] + biases[0])
        hidden = torch.tanh(hidden @ weights[1] + biases[1])
        loss = torch.nn.functional.cross_entropy(hidden @ weights[2] + biases[2], labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [p.detach().flatten().tolist() for pair in zip(weights, biases) for p in pair]


def main():
    runs = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    }
    lines = [
        f"// Made by tests/reference/backprop_pytorch.py with PyTorch {torch.__version__}.",
        "// Parameters after five updates: W0, b0, W1, b1, W2, b2, row-major.",
        "#pragma once",
        "",
        "#include <vector>",
        "",
        "namespace reference {",
    ]
    for name, optimizer in runs.items():
        lines.append(f"\ninline const std::vector<std::vector<double>> {name}{{")
        for tensor_values in train(optimizer):
            lines.append("    {" + ", ".join(f"{v:.12g}" for v in tensor_values) + "},")
        lines.append("};")
    lines.append("\n}  // namespace reference")
    path = pathlib.Path(__file__).with_name("backprop_pytorch.hpp")
    path.write_text("\n".join(lines) + "\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
