#!/usr/bin/env python3
"""Backpropagation by PyTorch on the networks of examples/spiking_digits and examples/attention_sequence, tuned.

Usage: pytorch_sequences.py DATA [--networks spiking spiking_frozen | attention uniform attention_frozen]
                            [--updates 1000] [--seeds 8] [--quick] [--json FILE]

DATA is what the example writes with --save-data: the same spikes, the same sequences. Minibatches of
64, one thread; the protocol of pytorch_architectures.py, with validation samples of the task. Spiking
neurons learn by backpropagation through time, with the surrogate slope of tdca's LifCell. In the
networks called frozen, the first layer stays as it was born.

Needs NumPy and PyTorch.
"""

import argparse
import json
import math
import struct
from pathlib import Path

import numpy as np
import torch
from torch import nn

from pytorch_architectures import live, tune

STEPS, PIXELS = 32, 64  # of examples/spiking_digits.cpp
TOKENS, FEATURES = 6, 69  # of examples/attention_sequence.cpp


def load(path):
    """Training, validation and test samples as (inputs, labels)."""
    contents = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", contents[:8])
    header = json.loads(contents[8:8 + length])

    def tensor(name, dtype):
        begin, end = header[name]["data_offsets"]
        data = contents[8 + length + begin:8 + length + end]
        return np.frombuffer(data, dtype).reshape(header[name]["shape"])
    return [(torch.from_numpy(tensor(f"{part}.inputs", "<f4").copy()),
             torch.from_numpy(tensor(f"{part}.labels", "<u2").astype(np.int64)))
            for part in ("train", "validation", "test")]


class Spike(torch.autograd.Function):
    """1 above a potential of 1; its slope is 0.3 max(0, 1 - |v - 1|)."""

    @staticmethod
    def forward(context, potential):
        context.save_for_backward(potential)
        return (potential > 1).float()

    @staticmethod
    def backward(context, gradient):
        (potential,) = context.saved_tensors
        return gradient * 0.3 * torch.clamp(1 - (potential - 1).abs(), min=0)


class Lif(nn.Module):
    """tdca's Lif<64>: potentials leak over 8 steps, rates of spikes over 16; they are what recurrent synapses see."""

    def __init__(self, frozen=False, units=64, memory=8, window=16):
        super().__init__()
        self.units, self.stays, self.counted = units, 1 - 1 / memory, 1 / window
        self.input = nn.Linear(PIXELS, units)
        self.recurrent = nn.Linear(units, units)
        reach = 1 / math.sqrt(units)
        for layer in (self.input, self.recurrent):
            nn.init.uniform_(layer.weight, -reach, reach)
            nn.init.zeros_(layer.bias)
            layer.requires_grad_(not frozen)
        self.out = nn.Linear(units, 10)

    def forward(self, x):
        sums = self.input(x.view(-1, STEPS, PIXELS))
        rate = potential = spike = torch.zeros(len(x), self.units)
        for t in range(STEPS):
            potential = self.stays * potential + sums[:, t] + self.recurrent(rate) - spike
            spike = Spike.apply(potential)
            rate = rate + self.counted * (spike - rate)
        return self.out(rate)


class Reader(nn.Module):
    """Attention over tokens, or their average, and two dense layers."""

    def __init__(self, uniform=False, frozen=False, width=32):
        super().__init__()
        self.uniform, self.scale = uniform, 1 / math.sqrt(width)
        make = lambda: nn.Linear(FEATURES, width, bias=False)
        self.query, self.key, self.value = make(), make(), make()
        for layer in (self.query, self.key, self.value):
            nn.init.normal_(layer.weight, std=1 / math.sqrt(FEATURES))
            layer.requires_grad_(not frozen)
        self.above = nn.Sequential(nn.Linear(TOKENS * width, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        x = x.view(-1, TOKENS, FEATURES)
        value = self.value(x)
        if self.uniform:
            told = value.mean(1, keepdim=True).expand_as(value)
        else:
            scores = self.query(x) @ self.key(x).transpose(1, 2) * self.scale
            told = torch.softmax(scores, 2) @ value
        return self.above(told.reshape(len(x), -1))


NETWORKS = {
    "spiking": Lif,
    "spiking_frozen": lambda: Lif(frozen=True),
    "attention": Reader,
    "attention_frozen": lambda: Reader(frozen=True),
    "uniform": lambda: Reader(uniform=True),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="what an example wrote with --save-data")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, required=True)
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    train, validation, test = load(options.data)
    if options.quick:
        options.updates, options.seeds = 20, 2
    report = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}
    for name in options.networks:
        make = NETWORKS[name]
        if options.quick:
            best, tried = ("adam", "cosine", 0.003), {}
        else:
            best, tried = tune(make, options.updates, train, validation)
        lives = [live(make, best, options.updates, 100 + seed, train, test) for seed in range(options.seeds)]
        accuracies = [accuracy for accuracy, _ in lives]
        seconds = float(np.median([s for _, s in lives]))
        report[name] = {
            "updates": options.updates, "optimizer": best[0], "schedule": best[1], "rate": best[2],
            "settings_tried": len(tried), "test_accuracy": accuracies, "mean": float(np.mean(accuracies)),
            "deviation": float(np.std(accuracies, ddof=1)), "n": len(accuracies), "seconds_per_update": seconds,
            "torch": torch.__version__, "threads": torch.get_num_threads(), "seeds": f"100 to {99 + options.seeds}",
            "validation": {"/".join(map(str, s)): a for s, a in tried.items()}}
        print(f"{name:16} {options.updates} updates: {np.mean(accuracies):.2f} ± {np.std(accuracies, ddof=1):.2f} %, "
              f"{best[0]} {best[1]} {best[2]:g} of {len(tried)}, {1e6 * seconds:.0f} µs an update", flush=True)
        if options.json:
            options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
