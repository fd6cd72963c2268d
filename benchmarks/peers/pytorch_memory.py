#!/usr/bin/env python3
"""Backpropagation through time by PyTorch on the networks of memory_problems and character_text, tuned.

Usage: pytorch_memory.py FILE.safetensors... [--cell gru lstm rnn] [--local] [--patient] [--width 32] [--updates 1000]
                         [--seeds 8] [--alignment] [--quick] [--json FILE]

Each FILE holds what the examples see: memory_problems or character_text --save-data FOLDER. Minibatches of
64, one thread. SGD, momentum and Adam, constant and cosine, over rates a factor 3 apart are tried on the
validation part; where the best rate of a line stands at an end, the line grows. The three best settings are
tried on two more seeds, and the best then learns from all of the seeds and is tested once. All lives of a
stage run side by side, on an axis of their own, which is several times as fast as one after the other. What is
tried on a text is its loss, elsewhere the accuracy.

--patient bears a GRU's updating gate with a bias of log(steps), as memory_problems does. --local cuts what eligibility traces do not follow: a neuron's own memory is differentiated through, the
activities that it is sent by others are not. All else is backpropagation's, so this tells what locality in
time costs from what credits cost. --alignment prints, at birth, the cosine between that gradient and the
whole one, for the synapses from inputs that speak before the delay alone.

Needs NumPy and PyTorch.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from tuning import BATCH, Steps, lines_of, load_samples, minibatches, tune

torch.set_num_threads(1)
FIRST_RATES = {"sgd": [0.1, 0.3, 1.0], "momentum": [0.03, 0.1, 0.3], "adam": [3e-3, 1e-2, 3e-2]}
SCHEDULES = ("constant", "cosine")
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
LEAK = 1 / 32  # of Rnn<32, 32>
EMBEDDING = 16  # numbers a character


class Lives:
    """Networks of one shape side by side, one a seed: PyTorch's births for GRU, LSTM, Linear, Embedding."""

    def __init__(self, kind, seeds):
        self.kind = kind
        births = []
        for seed in seeds:
            torch.manual_seed(seed)
            reach = 1 / math.sqrt(kind.width)
            sums = GATES[kind.cell] * kind.width

            def uniform(*shape):
                return (2 * torch.rand(shape) - 1) * reach

            births.append({"input": uniform(kind.features, sums), "input_bias": uniform(1, sums),
                           "recurrent": uniform(kind.width, sums), "recurrent_bias": uniform(1, sums),
                           "out": uniform(kind.width, kind.classes), "out_bias": uniform(1, kind.classes)})
            if kind.patient:
                births[-1]["input_bias"][:, kind.width:2 * kind.width] = math.log(kind.steps)
                births[-1]["recurrent_bias"][:, kind.width:2 * kind.width] = 0
            if kind.vocabulary:
                births[-1]["embedding"] = torch.randn(kind.vocabulary, kind.features)
        self.params = {name: torch.stack([b[name] for b in births]).requires_grad_() for name in births[0]}

    def logits(self, inputs, local):
        """Of lives x samples x features: lives x samples x classes."""
        p, kind = self.params, self.kind
        lives, samples, _ = inputs.shape
        if kind.vocabulary:
            which = torch.arange(lives).view(-1, 1, 1)
            x = p["embedding"][which, inputs.long()]
        else:
            x = inputs.view(lives, samples, kind.steps, kind.features)
        x = x.permute(2, 0, 1, 3)
        told = torch.matmul(x, p["input"]) + p["input_bias"]
        h = torch.zeros(lives, samples, kind.width)
        c = torch.zeros_like(h)
        w = kind.width
        for of_input in told.unbind(0):
            of_state = torch.baddbmm(p["recurrent_bias"], h.detach() if local else h, p["recurrent"])
            if kind.cell == "gru":
                gates_in, new_in = of_input.split([2 * w, w], 2)
                gates_state, new_state = of_state.split([2 * w, w], 2)
                reset, update = torch.sigmoid(gates_in + gates_state).chunk(2, 2)
                h = torch.lerp(torch.tanh(torch.addcmul(new_in, reset, new_state)), h, update)
            elif kind.cell == "lstm":
                gates, new = (of_input + of_state).split([3 * w, w], 2)
                take, keep, show = torch.sigmoid(gates).chunk(3, 2)
                c = torch.addcmul(keep * c, take, torch.tanh(new))
                h = show * torch.tanh(c)
            else:
                h = torch.lerp(h, torch.tanh(of_input + of_state), LEAK)
        return torch.baddbmm(p["out_bias"], h, p["out"])


class Kind:
    def __init__(self, cell, width, inputs, classes, patient):
        self.cell, self.width, self.classes, self.patient = cell, width, classes, patient
        self.steps, self.features, self.vocabulary = inputs


def live(kind, settings, seeds, updates, train, judged, local):
    """Accuracy in % and loss in nats of each life after so many updates; seconds an update of one."""
    lives = Lives(kind, seeds)
    parameters = list(lives.params.values())
    steps = Steps(settings, updates, parameters)
    orders = minibatches(seeds, len(train[0]), updates)
    start = time.perf_counter()
    for update in range(updates):
        chosen = orders[:, update * BATCH:(update + 1) * BATCH]
        logits = lives.logits(train[0][chosen], local)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), train[1][chosen].flatten(),
                                                 reduction="sum") / BATCH
        steps.step(torch.autograd.grad(loss, parameters))
    seconds = (time.perf_counter() - start) / updates / len(seeds)
    hits, losses = torch.zeros(len(seeds)), torch.zeros(len(seeds))
    with torch.no_grad():
        for x, y in zip(judged[0].split(500), judged[1].split(500)):
            logits = lives.logits(x.expand(len(seeds), *x.shape), local)
            hits += (logits.argmax(2) == y).sum(1)
            losses += torch.nn.functional.cross_entropy(
                logits.permute(0, 2, 1), y.expand(len(seeds), -1), reduction="none").sum(1)
    # Of a life that broke, every output is NaN.
    losses = (losses / len(judged[0])).nan_to_num(nan=float("inf"))
    hits = torch.where(torch.isfinite(losses), 100 * hits / len(judged[0]), torch.zeros(1))
    return hits.tolist(), losses.tolist(), seconds


def alignment(kind, early, train, seeds):
    """Cosine between the local gradient and the whole one of newborn networks, for the synapses from those inputs that
    speak before the delay alone."""
    def gradients(local):
        lives = Lives(kind, seeds)
        chosen = torch.arange(BATCH).expand(len(seeds), -1)
        loss = torch.nn.functional.cross_entropy(lives.logits(train[0][chosen], local).flatten(0, 1),
                                                 train[1][chosen].flatten(), reduction="sum")
        loss.backward()
        # In units that a float's square can hold, however far the gradient has vanished.
        gradient = lives.params["input"].grad[:, early].flatten(1).double()
        return gradient / gradient.abs().amax(1, keepdim=True).clamp(min=1e-300)
    return torch.nn.functional.cosine_similarity(gradients(False), gradients(True)).tolist()


def summary(values):
    return {"mean": float(np.mean(values)), "standard_deviation": float(np.std(values, ddof=1)), "n": len(values),
            "values": values}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--cell", nargs="+", choices=GATES, default=["gru"])
    parser.add_argument("--local", action="store_true")
    parser.add_argument("--patient", action="store_true")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--optimizers", nargs="+", choices=FIRST_RATES, default=list(FIRST_RATES))
    parser.add_argument("--setting", nargs=3, metavar=("OPTIMIZER", "SCHEDULE", "RATE"), help="no tuning")
    parser.add_argument("--alignment", action="store_true", help="print cosines, and learn nothing")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.quick:
        options.updates, options.seeds = 20, 2
        options.setting = options.setting or ("adam", "cosine", "0.01")
    report = {"program": "pytorch_memory.py", "torch": torch.__version__, "updates": options.updates, "cells": {}}
    for path in options.files:
        data = load_samples(path)
        is_text = path.stem.startswith("character_text")
        classes = int(max(labels.max() for _, labels in data.values())) + 1
        features = data["train"][0].shape[1]
        if is_text:
            classes = 64
            inputs = (features, EMBEDDING, classes)
        else:
            # The marks, or the symbols: see benchmarks/support/memory_problems.hpp.
            per_step, early = (2, slice(1, 2)) if path.stem.startswith("adding") else (12, slice(0, 8))
            inputs = (features // per_step, per_step, 0)

        for cell in options.cell:
            kind = Kind(cell, options.width, inputs, classes, options.patient and cell == "gru")
            name = f"{path.stem} {cell}" + " patient" * kind.patient + " local" * options.local
            if options.alignment:
                cosines = alignment(kind, early, data["train"], list(range(options.seeds)))
                report["cells"][name] = {"cosine": summary(cosines)}
                print(f"{name:24} cosine of local and whole gradient {np.mean(cosines):.3f} ± "
                      f"{np.std(cosines, ddof=1):.3f}", flush=True)
                continue
            if options.setting:
                best, tried = (*options.setting[:2], float(options.setting[2])), {}
            else:
                def score(settings, seeds):
                    hits, losses, _ = live(kind, settings, seeds, options.updates, data["train"], data["validation"],
                                           options.local)
                    return [-loss for loss in losses] if is_text else hits
                first_rates = {name: FIRST_RATES[name] for name in options.optimizers}
                best, tried = tune(score, lines_of(first_rates, SCHEDULES), longest=7)
            seeds = list(range(100, 100 + options.seeds))
            hits, losses, seconds = live(kind, [best] * len(seeds), seeds, options.updates, data["train"],
                                         data["test"], options.local)
            report["cells"][name] = {
                "optimizer": best[0], "schedule": best[1], "rate": best[2], "settings_tried": len(tried),
                "test_accuracy": summary(hits), "test_bits": summary([loss / math.log(2) for loss in losses]),
                "seconds_per_update": seconds, "validation": {"/".join(map(str, s)): v for s, v in tried.items()}}
            print(f"{name:24} {np.mean(hits):6.2f} ± {np.std(hits, ddof=1):.2f} %, "
                  f"{np.mean(losses) / math.log(2):.3f} bits, {best[0]} {best[1]} {best[2]:g} of {len(tried)}, "
                  f"{1e6 * seconds:.0f} µs an update", flush=True)
            if options.json:
                options.json.write_text(json.dumps(report, indent=1) + "\n")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
