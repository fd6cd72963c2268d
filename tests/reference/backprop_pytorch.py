#!/usr/bin/python3
"""Makes backprop_pytorch.hpp: one network trained by PyTorch, for the test of our baseline.

Run with Debian's python3-torch: /usr/bin/python3 tests/reference/backprop_pytorch.py
Inputs and initial weights come from a formula that the test evaluates too, so only results are
stored. PyTorch computes in double precision.
"""
import math
import pathlib

import torch
from torch.optim import lr_scheduler

SAMPLES, INPUTS, HIDDEN_A, HIDDEN_B, CLASSES, UPDATES = 8, 6, 7, 5, 4, 5


def wave(index, phase):
    """The formula shared with the test: a deterministic, irregular sequence in (-1, 1)."""
    return math.sin(12.9898 * (index + 1) + 78.233 * phase)


def tensor(rows, columns, phase, scale):
    values = [scale * wave(i, phase) for i in range(rows * columns)]
    return torch.tensor(values, dtype=torch.float64).reshape(rows, columns)


def train(optimizer_of, smoothing=0.0):
    shapes = [(INPUTS, HIDDEN_A), (HIDDEN_A, HIDDEN_B), (HIDDEN_B, CLASSES)]
    weights = [tensor(r, c, 2 + i, 0.5).requires_grad_() for i, (r, c) in enumerate(shapes)]
    biases = [torch.zeros(c, dtype=torch.float64, requires_grad=True) for _, c in shapes]
    optimizer = optimizer_of(weights + biases)
    x = tensor(SAMPLES, INPUTS, 1, 1.0)
    labels = torch.tensor([(3 * s + 1) % CLASSES for s in range(SAMPLES)])
    for _ in range(UPDATES):
        hidden = torch.relu(x @ weights[0] + biases[0])
        hidden = torch.tanh(hidden @ weights[1] + biases[1])
        loss = torch.nn.functional.cross_entropy(hidden @ weights[2] + biases[2], labels,
                                                 label_smoothing=smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [p.detach().flatten().tolist() for pair in zip(weights, biases) for p in pair]


def rates(schedule_of, updates):
    """What a schedule of PyTorch makes of a rate of 1, update by update."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = schedule_of(optimizer, updates)
    values = [optimizer.param_groups[0]["lr"]]
    while len(values) < updates:
        optimizer.step()
        schedule.step()
        values.append(optimizer.param_groups[0]["lr"])
    return values


def warm_up(optimizer, updates):
    """LinearLR over the first tenth, from its first step's share, then CosineAnnealingLR."""
    warming = updates // 10
    up = lr_scheduler.LinearLR(optimizer, start_factor=1 / warming, total_iters=warming - 1)
    fall = lr_scheduler.CosineAnnealingLR(optimizer, updates - warming)
    return lr_scheduler.SequentialLR(optimizer, [up, fall], [warming])


SCHEDULES = {
    "constant": lambda o, n: lr_scheduler.ConstantLR(o, factor=1),
    "cosine": lr_scheduler.CosineAnnealingLR,
    "linear": lambda o, n: lr_scheduler.LinearLR(o, start_factor=1, end_factor=0, total_iters=n),
    "warm_up": warm_up,
    "one_cycle": lambda o, n: lr_scheduler.OneCycleLR(o, max_lr=1.0, total_steps=n, cycle_momentum=False),
}


def main():
    # PyTorch 1.13 takes one factor too many into NAdam's product, but not in its foreach form; version 2 has the
    # same in both (pull request 92699).
    runs = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.25),
        "nadam": lambda p: torch.optim.NAdam(p, lr=0.01, foreach=True),
        "steady_nadam": lambda p: torch.optim.NAdam(p, lr=0.01, momentum_decay=1e6, foreach=True),
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

    def write(name, rows):
        lines.append(f"\ninline const std::vector<std::vector<double>> {name}{{")
        for row in rows:
            lines.append("    {" + ", ".join(f"{v:.12g}" for v in row) + "},")
        lines.append("};")

    for name, optimizer in runs.items():
        write(name, train(optimizer))
    write("smoothed_sgd", train(runs["sgd"], smoothing=0.1))
    lines.append("\n// Rates of courses of 20 and 100 updates.")
    for name, schedule in SCHEDULES.items():
        write(f"rates_{name}", [rates(schedule, updates) for updates in (20, 100)])
    lines.append("\n}  // namespace reference")
    path = pathlib.Path(__file__).with_name("backprop_pytorch.hpp")
    path.write_text("\n".join(lines) + "\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
