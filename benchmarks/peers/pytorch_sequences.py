#!/usr/bin/env python3
"""Backpropagation by PyTorch on the networks of benchmarks/studies/spiking_digits and benchmarks/studies/attention_sequence, tuned.

Usage: pytorch_sequences.py DATA --networks spiking spiking_frozen | attention uniform attention_frozen
                            [--updates 1000] [--seeds 8] [--quick] [--json FILE]

DATA is what the example writes with --save-data: the same spikes, the same sequences. Minibatches of
64, one thread. Of each network SGD, momentum and Adam, constant and cosine, over rates a factor 3
apart are tried on the validation samples; where the best rate of a line stands at an end, the line
grows. The three best settings are tried on two more seeds, and the best then learns from all of the
other seeds and is tested once. Spiking neurons learn by backpropagation through time, with the
surrogate slope of tdca's LifCell. In the networks called frozen, the layers below the output stay as
they were born.

Operations on networks this small are mostly overhead, so all lives of a round run side by side, along
a leading axis of every tensor; each has its own births, minibatches and optimizer. Needs NumPy and
PyTorch.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch

from tuning import BATCH, Steps, lines_of, load_samples, minibatches, tune

torch.set_num_threads(1)
CLASSES = 10
FIRST_RATES = {"sgd": [0.03, 0.1, 0.3], "momentum": [0.01, 0.03, 0.1], "adam": [1e-3, 3e-3, 1e-2]}
SCHEDULES = ("constant", "cosine")

STEPS, PIXELS = 32, 64  # of benchmarks/studies/spiking_digits.cpp
TOKENS, FEATURES = 6, 69  # of benchmarks/studies/attention_sequence.cpp


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


def uniform(fan_in, *shape):
    """PyTorch's birth of a linear layer."""
    return (2 * torch.rand(*shape) - 1) / math.sqrt(fan_in)


def dense(inputs, outputs):
    return uniform(inputs, inputs, outputs), uniform(inputs, 1, outputs)


class Spiking:
    """tdca's Lif<64> below a dense layer: potentials leak over 8 steps, rates of spikes over 16 are the output."""

    units, stays, counted = 64, 1 - 1 / 8, 1 / 16

    @classmethod
    def birth(cls):
        return [uniform(cls.units, PIXELS, cls.units), torch.zeros(1, cls.units),
                uniform(cls.units, cls.units, cls.units), *dense(cls.units, CLASSES)]

    @classmethod
    def outputs(cls, parameters, x):
        into, bias, recurrent, weights, out_bias = parameters
        lives = len(x)
        samples = x.shape[1]
        by_step = x.view(lives, samples, STEPS, PIXELS).transpose(1, 2).reshape(lives, -1, PIXELS)
        sums = torch.baddbmm(bias, by_step, into).view(lives, STEPS, samples, cls.units)
        rate = potential = spike = torch.zeros(lives, samples, cls.units)
        for sum_now in sums.unbind(1):
            potential = torch.baddbmm(sum_now - spike, rate, recurrent) + cls.stays * potential
            spike = Spike.apply(potential)
            rate = torch.lerp(rate, spike, cls.counted)
        return torch.baddbmm(out_bias, rate, weights)


class Attention:
    """Attention over tokens, and two dense layers."""

    width, hidden = 32, 64

    @classmethod
    def projection(cls):
        return torch.randn(FEATURES, cls.width) / math.sqrt(FEATURES)

    @classmethod
    def birth(cls):
        return [cls.projection(), cls.projection(), cls.projection(), *dense(TOKENS * cls.width, cls.hidden),
                *dense(cls.hidden, CLASSES)]

    @classmethod
    def outputs(cls, parameters, x):
        lives, samples = x.shape[:2]
        query, key, value = [torch.bmm(x.view(lives, -1, FEATURES), p).view(-1, TOKENS, cls.width)
                             for p in parameters[:3]]
        attention = torch.softmax(torch.bmm(query, key.transpose(1, 2)) / math.sqrt(cls.width), 2)
        return cls.above(parameters[3:], torch.bmm(attention, value).view(lives, samples, -1))

    @staticmethod
    def above(parameters, told):
        weights, bias, out_weights, out_bias = parameters
        return torch.baddbmm(out_bias, torch.relu(torch.baddbmm(bias, told, weights)), out_weights)


class Uniform(Attention):
    """Every token attends to all alike."""

    @classmethod
    def birth(cls):
        return super().birth()[2:]

    @classmethod
    def outputs(cls, parameters, x):
        lives, samples = x.shape[:2]
        mean = torch.bmm(x.view(lives, samples, TOKENS, FEATURES).mean(2), parameters[0])
        return cls.above(parameters[1:], mean.repeat(1, 1, TOKENS))


NETWORKS = {
    "spiking": (Spiking, False),
    "spiking_frozen": (Spiking, True),
    "attention": (Attention, False),
    "attention_frozen": (Attention, True),
    "uniform": (Uniform, False),
}


def live(name, settings, seeds, updates, train, test):
    """Test accuracy in % of each life."""
    network, frozen = NETWORKS[name]
    births = []
    for seed in seeds:
        torch.manual_seed(seed)
        births.append(network.birth())
    parameters = [torch.stack(same) for same in zip(*births)]
    learning = parameters[-2:] if frozen else parameters
    for p in learning:
        p.requires_grad_(True)
    steps = Steps(settings, updates, learning)
    inputs, labels = train
    orders = minibatches(seeds, len(inputs), updates)
    for update in range(updates):
        chosen = orders[:, update * BATCH:(update + 1) * BATCH]
        logits = network.outputs(parameters, inputs[chosen])
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels[chosen].flatten(), reduction="sum")
        steps.step(torch.autograd.grad(loss / BATCH, learning))
    hits = torch.zeros(len(seeds))
    with torch.no_grad():
        for x, y in zip(test[0].split(200), test[1].split(200)):
            logits = network.outputs(parameters, x.expand(len(seeds), *x.shape).contiguous())
            hits += (logits.argmax(2) == y).sum(1)
    return (100 * hits / len(test[0])).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="what an example wrote with --save-data")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, required=True)
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    train, validation, test = load_samples(options.data).values()
    if options.quick:
        options.updates, options.seeds = 20, 2
    report = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}
    for name in options.networks:
        if options.quick:
            best, tried = ("adam", "cosine", 0.003), {}
        else:
            def score(settings, seeds):
                return live(name, settings, seeds, options.updates, train, validation)
            best, tried = tune(score, lines_of(FIRST_RATES, SCHEDULES))
        seeds = list(range(100, 100 + options.seeds))
        accuracies = live(name, [best] * len(seeds), seeds, options.updates, train, test)
        report[name] = {
            "updates": options.updates, "optimizer": best[0], "schedule": best[1], "rate": best[2],
            "settings_tried": len(tried), "test_accuracy": accuracies, "mean": float(np.mean(accuracies)),
            "deviation": float(np.std(accuracies, ddof=1)), "n": len(accuracies),
            "torch": torch.__version__, "threads": torch.get_num_threads(), "seeds": f"100 to {99 + options.seeds}",
            "validation": {"/".join(map(str, s)): a for s, a in tried.items()}}
        print(f"{name:16} {options.updates} updates: {np.mean(accuracies):.2f} ± {np.std(accuracies, ddof=1):.2f} %, "
              f"{best[0]} {best[1]} {best[2]:g} of {len(tried)}", flush=True)
        if options.json:
            options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
