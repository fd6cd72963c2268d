"""How the peers' settings are tuned, and what their programs share: the files that examples write for them,
minibatches, and textbook optimizers for lives that run side by side."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import torch

BATCH = 64


def load_samples(path):
    """What an example wrote with --save-data: {"train": (inputs, labels), "validation": ..., "test": ...}."""
    contents = Path(path).read_bytes()
    length = int.from_bytes(contents[:8], "little")
    header = json.loads(contents[8:8 + length])

    def tensor(name, dtype):
        begin, end = header[name]["data_offsets"]
        data = contents[8 + length + begin:8 + length + end]
        return np.frombuffer(data, dtype).reshape(header[name]["shape"])

    return {part: (torch.from_numpy(tensor(f"{part}.inputs", "<f4").copy()),
                   torch.from_numpy(tensor(f"{part}.labels", "<u2").astype(np.int64)))
            for part in ("train", "validation", "test")}


def minibatches(seeds, samples, updates):
    """Which samples each life sees: lives x (updates * BATCH), shuffled anew for each pass."""
    whole = samples // BATCH * BATCH
    passes = -(-updates * BATCH // whole)
    return torch.from_numpy(np.stack([np.concatenate([order.permutation(samples)[:whole] for _ in range(passes)])
                                      for order in map(np.random.default_rng, seeds)]))


class Steps:
    """torch.optim's SGD, momentum (0.9) or Adam, constant or cosine, for each of some lives: the first axis of
    every parameter. `settings` are (optimizer, schedule, rate)."""

    def __init__(self, settings, updates, parameters):
        names, schedules, rates = zip(*settings)
        self.is_adam = torch.tensor([name == "adam" for name in names])
        self.stays = torch.tensor([{"sgd": 0.0, "momentum": 0.9, "adam": 0.9}[name] for name in names])
        self.adds = torch.tensor([0.1 if name == "adam" else 1.0 for name in names])
        self.is_cosine = torch.tensor([schedule == "cosine" for schedule in schedules])
        self.rates = torch.tensor(rates)
        self.updates = updates
        self.done = 0
        self.parameters = parameters
        self.first, self.second = [[torch.zeros_like(p) for p in parameters] for _ in range(2)]

    @torch.no_grad()
    def step(self, gradients):
        fall = 0.5 * (1 + math.cos(math.pi * self.done / self.updates))
        rates = self.rates * torch.where(self.is_cosine, fall, 1.0)
        self.done += 1
        for p, g, m, v in zip(self.parameters, gradients, self.first, self.second):
            def per_life(values):
                return values.view(-1, *[1] * (p.dim() - 1))
            m.mul_(per_life(self.stays)).add_(per_life(self.adds) * g)
            v.mul_(0.999).addcmul_(g, g, value=0.001)
            root = (v / (1 - 0.999 ** self.done)).sqrt_().add_(1e-8)
            p -= per_life(rates) * torch.where(per_life(self.is_adam), m / (1 - 0.9 ** self.done) / root, m)


def lines_of(first_rates, *choices):
    """The lines of a grid: each optimizer with each combination of choices, and the rates to begin with."""
    return {(name, *line): list(rates) for name, rates in first_rates.items() for line in itertools.product(*choices)}


def tune(score, lines, longest=8):
    """The best setting, and the score of every one that was tried.

    `score(settings, seeds)` says how well each does, higher is better; a setting is a line and a rate. On each line
    rates a factor 3 apart are tried; where the best of a line stands at an end, the line grows, to `longest` at
    most. The three best live on two more seeds.
    """
    lines = {line: list(rates) for line, rates in lines.items()}
    tried = {}
    while True:
        wanted = [(*line, rate) for line, rates in lines.items() for rate in rates if (*line, rate) not in tried]
        if not wanted:
            break
        tried.update(zip(wanted, score(wanted, [0] * len(wanted))))
        for line, rates in lines.items():
            best = int(np.argmax([tried[(*line, rate)] for rate in rates]))
            if len(rates) >= longest:
                continue
            if best == 0:
                rates.insert(0, rates[0] / 3)
            elif best == len(rates) - 1:
                rates.append(rates[-1] * 3)
    finalists = sorted(tried, key=tried.get, reverse=True)[:3]
    again = score(finalists * 2, [1] * 3 + [2] * 3)
    means = {f: (tried[f] + again[i] + again[i + 3]) / 3 for i, f in enumerate(finalists)}
    return max(means, key=means.get), tried
