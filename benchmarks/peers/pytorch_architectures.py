#!/usr/bin/env python3
"""Backpropagation by PyTorch on the networks of benchmarks/support/architectures.hpp, tuned: what TDCA is held to.

Usage: pytorch_architectures.py [--networks conv gru ...] [--updates 1000] [--seeds 8] [--quick]
                                [--optimizers nesterov ...] [--schedules linear ...]
                                [--births pytorch he] [--json FILE]

Fashion-MNIST, minibatches of 64, one thread. Of each network the optimizers, schedules and births that
are named (by default those that led the sweep of dense networks) over rates a factor 3 apart are tried
on the last 10,000 training samples; where the best rate stands at an end, the grid grows. The three
best settings are tried on two more seeds, and the best then learns from all of the seeds, on the other
50,000 samples, and is tested once.
Recurrent networks learn by backpropagation through time. FILE keeps what it has of other networks.

Needs NumPy and PyTorch.
"""

import argparse
import gzip
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from tuning import BATCH, lines_of, tune

torch.set_num_threads(1)
VALIDATION = 10000
FIRST_RATES = {"sgd": [0.03, 0.1, 0.3], "momentum": [0.01, 0.03, 0.1], "nesterov": [0.01, 0.03, 0.1],
               "adam": [1e-3, 3e-3, 1e-2], "adamw": [1e-3, 3e-3, 1e-2], "nadam": [1e-3, 3e-3, 1e-2],
               "steady nadam": [1e-3, 3e-3, 1e-2]}
# What the rate is multiplied by when `done` of all updates are.
SCHEDULES = {"constant": lambda done: 1.0, "cosine": lambda done: 0.5 * (1 + math.cos(math.pi * done)),
             "linear": lambda done: 1 - done}
BIRTHS = ("pytorch", "he")


def load(folder, half):
    def read(kind, skip):
        with gzip.open(Path(folder) / f"{half}-{kind}.gz") as file:
            return np.frombuffer(file.read(), np.uint8, offset=skip)
    images = read("images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
    return images, read("labels-idx1-ubyte", 8).astype(np.int64)


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(width, width)

    def forward(self, x):
        return x + torch.relu(self.layer(x))


class Rows(nn.Module):
    """A recurrent layer that reads an image row by row, and a dense one on its last state."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer(28, 64, batch_first=True)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.layer(x.view(-1, 28, 28))[0][:, -1])


class Attention(nn.Module):
    """One head over an image's rows, then dense layers on all of what came out."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(28, 32, bias=False) for _ in range(3))
        self.out = nn.Sequential(nn.Flatten(), nn.Linear(28 * 32, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        x = x.view(-1, 28, 28)
        scores = self.query(x) @ self.key(x).transpose(1, 2) / math.sqrt(32)
        return self.out(torch.softmax(scores, dim=2) @ self.value(x))


def deep(middle):
    return nn.Sequential(nn.Linear(784, 64), nn.ReLU(), *[layer for _ in range(8) for layer in middle()],
                         nn.Linear(64, 10))


NETWORKS = {
    "conv": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(784, 10)),
    "gru": lambda: Rows(nn.GRU),
    "lstm": lambda: Rows(nn.LSTM),
    "rnn": lambda: Rows(nn.RNN),
    "attention": Attention,
    "residual": lambda: deep(lambda: [Residual(64)]),
    "plain": lambda: deep(lambda: [nn.Linear(64, 64), nn.ReLU()]),
}


def optimizer(name, parameters, rate):
    # NAdam's foreach form: the other one of PyTorch 1.13 has one factor too many in its product.
    return {"sgd": lambda: torch.optim.SGD(parameters, lr=rate),
            "momentum": lambda: torch.optim.SGD(parameters, lr=rate, momentum=0.9),
            "nesterov": lambda: torch.optim.SGD(parameters, lr=rate, momentum=0.9, nesterov=True),
            "adam": lambda: torch.optim.Adam(parameters, lr=rate),
            "adamw": lambda: torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0625),
            "nadam": lambda: torch.optim.NAdam(parameters, lr=rate, foreach=True),
            "steady nadam": lambda: torch.optim.NAdam(parameters, lr=rate, momentum_decay=1e6, foreach=True)}[name]()


@torch.no_grad()
def born(network, births):
    """As PyTorch bears it; or dense layers and convolutions by He et al., biases and the output layer zero."""
    if births == "he":
        layers = [m for m in network.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
        for layer in layers:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                layer.bias.zero_()
        layers[-1].weight.zero_()
    return network


def accuracy_of(network, samples):
    network.eval()
    with torch.no_grad():
        hits = sum((network(x).argmax(1) == y).sum().item()
                   for x, y in zip(samples[0].split(1000), samples[1].split(1000)))
    network.train()
    return 100 * hits / len(samples[0])


def live(make, setting, updates, seed, train, test, curve=None):
    """Test accuracy in % after so many updates, and seconds an update. A curve, {update: []}, is filled in."""
    name, schedule, births, rate = setting
    torch.manual_seed(seed)
    network = born(make(), births)
    steps = optimizer(name, network.parameters(), rate)
    loss = nn.CrossEntropyLoss()
    inputs, labels = train
    order, place = torch.randperm(len(inputs)), 0
    start = time.perf_counter()
    for update in range(updates):
        if place + BATCH > len(inputs):
            order, place = torch.randperm(len(inputs)), 0
        chosen = order[place:place + BATCH]
        place += BATCH
        for group in steps.param_groups:
            group["lr"] = rate * SCHEDULES[schedule](update / updates)
        steps.zero_grad()
        value = loss(network(inputs[chosen]), labels[chosen])
        if not torch.isfinite(value):
            return 10.0, float("nan")
        value.backward()
        steps.step()
        if curve is not None and update + 1 in curve:
            curve[update + 1].append(accuracy_of(network, test))
    seconds = (time.perf_counter() - start) / updates
    return accuracy_of(network, test), seconds


def curve_of(make, setting, updates, train, validation):
    """Accuracy on 2,000 validation samples along four lives, at the marks of benchmarks/support/comparison.hpp."""
    marks, mark = [], 2
    while mark < updates:
        marks.append(mark)
        mark = mark * 5 // 4 + 1
    curve = {mark: [] for mark in marks + [updates]}
    judged = validation[0][:2000], validation[1][:2000]
    for seed in range(4):
        live(make, setting, updates, 200 + seed, train, judged, curve)
    return {"updates": list(curve), "mean": [float(np.mean(a)) for a in curve.values()],
            "deviation": [float(np.std(a, ddof=1)) for a in curve.values()]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=["conv", "gru", "residual", "plain"])
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--optimizers", nargs="+", choices=FIRST_RATES,
                        default=["nesterov", "adam", "nadam", "steady nadam"])
    parser.add_argument("--schedules", nargs="+", choices=SCHEDULES, default=["linear"])
    parser.add_argument("--births", nargs="+", choices=BIRTHS, default=list(BIRTHS))
    parser.add_argument("--setting", nargs=4, metavar=("OPTIMIZER", "SCHEDULE", "BIRTHS", "RATE"), help="no tuning")
    parser.add_argument("--curves", action="store_true", help="also record accuracy along the lives")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = os.environ.get("TDCA_FASHION_MNIST", "/usr/share/datasets/fashion-mnist")
    inputs, labels = load(folder, "train")
    mean, deviation = inputs.mean(), inputs.std()  # as Standardization::fit
    test_inputs, test_labels = load(folder, "t10k")
    scaled = torch.from_numpy((inputs - mean) / deviation)
    labels = torch.from_numpy(labels)
    train = scaled[:-VALIDATION], labels[:-VALIDATION]
    validation = scaled[-VALIDATION:], labels[-VALIDATION:]
    test = torch.from_numpy((test_inputs - mean) / deviation), torch.from_numpy(test_labels)
    if options.quick:
        options.updates, options.seeds = 20, 2
        options.setting = options.setting or ("adam", "cosine", "pytorch", "0.003")
    report = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}
    lines = lines_of({name: FIRST_RATES[name] for name in options.optimizers}, options.schedules, options.births)
    for name in options.networks:
        make = NETWORKS[name]
        if options.setting:
            best, tried = (*options.setting[:3], float(options.setting[3])), {}
        else:
            def score(settings, seeds):
                return [live(make, setting, options.updates, seed, train, validation)[0]
                        for setting, seed in zip(settings, seeds)]
            best, tried = tune(score, lines)
        lives = [live(make, best, options.updates, 100 + seed, train, test) for seed in range(options.seeds)]
        accuracies = [accuracy for accuracy, _ in lives]
        seconds = float(np.median([s for _, s in lives]))
        report[name] = {
            "updates": options.updates, "optimizer": best[0], "schedule": best[1], "births": best[2], "rate": best[3],
            "settings_tried": len(tried), "test_accuracy": accuracies, "mean": float(np.mean(accuracies)),
            "deviation": float(np.std(accuracies, ddof=1)), "seconds_per_update": seconds,
            "validation": {"/".join(map(str, s)): a for s, a in tried.items()}}
        if options.curves:
            report[name]["curve"] = curve_of(make, best, options.updates, train, validation)
        print(f"{name:10} {options.updates} updates: {np.mean(accuracies):.2f} ± {np.std(accuracies, ddof=1):.2f} %, "
              f"{best[0]} {best[1]} {best[3]:g}, births {best[2]}, of {len(tried)}, {1e6 * seconds:.0f} µs an update",
              flush=True)
        if options.json:
            options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
