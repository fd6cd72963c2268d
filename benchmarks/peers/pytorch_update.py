#!/usr/bin/env python3
"""One training step of PyTorch: forward, backward, optimiser."""

import argparse

from protocol import detail, fastest, import_torch, serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--layers", default="784,64,10")
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch = import_torch(options.threads)

sizes = [int(size) for size in options.layers.split(",")]
inputs = torch.randn(options.batch, sizes[0])
labels = torch.randint(0, sizes[-1], (options.batch,))
loss_of = torch.nn.functional.cross_entropy


def make(foreach):
    layers = []
    for below, above in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(below, above), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    # Steps so small that no number leaves the range it was born in.
    kind = torch.optim.SGD if options.optimizer == "sgd" else torch.optim.Adam
    optimizer = kind(network.parameters(), lr=1e-7, foreach=foreach)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(network(inputs), labels).backward()
        optimizer.step()

    return step


ways = {"foreach": make(True), "one tensor at a time": make(False)}
best = fastest(ways, 100)
serve(ways[best], detail(torch, options.threads, best))
