#!/usr/bin/env python3
"""One training step of PyTorch on a network of benchmarks/support/architectures.hpp: forward, backward, Adam."""

import argparse

from protocol import detail, fastest, import_torch, serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--network", required=True)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch = import_torch(options.threads)

from pytorch_architectures import NETWORKS  # noqa: E402  (it needs PyTorch)

torch.set_num_threads(options.threads)
inputs = torch.randn(options.batch, 784)
labels = torch.randint(0, 10, (options.batch,))


def make(foreach):
    network = NETWORKS[options.network]()
    # Steps so small that no number leaves the range it was born in.
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-7, foreach=foreach)

    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(network(inputs), labels).backward()
        optimizer.step()

    return step


ways = {"foreach": make(True), "one tensor at a time": make(False)}
best = fastest(ways, 5)
serve(ways[best], detail(torch, options.threads, best))
