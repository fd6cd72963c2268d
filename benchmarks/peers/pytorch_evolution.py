#!/usr/bin/env python3
"""One generation of the outer loop in PyTorch: batched matrix products over members, no autograd.

The same work as benchmarks/evolution.cpp: every member's 784-32-10 network is born, lives its updates
under its own TDCA-network (8 hidden units, 32 sources, plastic feedback, plain plasticity), and is
judged on one minibatch. `--batches shared` lets all members learn from the same minibatches, `own`
draws one for each.
"""

import argparse
import math

from protocol import detail, fastest, import_torch, serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--members", type=int, default=64)
parser.add_argument("--updates", type=int, default=100)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--batches", choices=["own", "shared"], default="own")
parser.add_argument("--samples", type=int, default=20000)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch = import_torch(options.threads)

B, D, N, C, S, H = options.batch, 784, 32, 10, 32, 8
shared = options.batches == "shared"
data = torch.randn(options.samples, D)
labels = torch.randint(0, C, (options.samples,))
one_hot = torch.eye(C)
eta = 1e-6


def build(M, wide):
    """A function that does the work for a chunk of M members."""
    # Genomes: per member, gains 1 and small weights.
    hidden_weights = torch.randn(M, H, 7) * 0.1
    readout = torch.randn(M, 2, H) * 0.01
    linear = torch.randn(M, 2, 7) * 0.01
    place = lambda count: (torch.arange(count) + 0.5) / count
    kernel = torch.exp(-0.5 * ((place(S)[:, None] - place(N)[None, :]) * S) ** 2)
    kernel /= kernel.norm(dim=0, keepdim=True)
    kernel_transposed = kernel.t().contiguous()

    x_own = torch.empty(M * B, D)
    # Feature-major, so that every feature is written in one stretch; the last is the constant.
    features = torch.ones(M, 7, B, C)
    features[:, 4] = 0.5  # progress
    flat_features = features.view(M, 7, B * C)
    active = torch.empty(M, H, B * C)
    gains = torch.empty(M, 2, B * C)


    def top_down(p, target):
        """Credit and modulated error of each sample and output unit, by the unit network."""
        e = torch.sub(target, p, out=features[:, 0])
        features[:, 1] = p
        features[:, 2] = torch.linalg.vector_norm(e, dim=2, keepdim=True)
        features[:, 3] = e.mean(dim=1, keepdim=True)
        torch.bmm(hidden_weights, flat_features, out=active).tanh_()
        torch.bmm(linear, flat_features, out=gains)
        gains.baddbmm_(readout, active).add_(1)
        return e * gains[:, 0].view(M, B, C), e * gains[:, 1].view(M, B, C)


    def generation(wide):
        """`wide`: first layers of all members side by side in one matrix, for shared minibatches."""
        w1 = torch.randn(D, M * N) * math.sqrt(2 / D) if wide else torch.randn(M, D, N) * math.sqrt(2 / D)
        b1 = torch.zeros(M, 1, N)
        w2 = torch.randn(M, N, C) * 0.1
        b2 = torch.zeros(M, 1, C)
        feedback = torch.randn(M, C, S)
        hidden = torch.empty(B, M * N)

        def forward(x):
            if wide:
                torch.mm(x, w1, out=hidden)
                h = hidden.view(B, M, N).transpose(0, 1).add(b1).relu_()
            else:
                h = torch.baddbmm(b1, x, w1).relu_()
            return h, torch.softmax(torch.baddbmm(b2, h, w2), dim=2)

        def draw():
            if shared:
                index = torch.randint(0, options.samples, (B,))
                x = data[index]
                return (x if wide else x.expand(M, B, D)), one_hot[labels[index]].expand(M, B, C)
            index = torch.randint(0, options.samples, (M * B,))
            torch.index_select(data, 0, index, out=x_own)
            return x_own.view(M, B, D), one_hot[labels[index]].view(M, B, C)

        for _ in range(options.updates):
            x, target = draw()
            h, p = forward(x)
            credit, modulated = top_down(p, target)
            credit1 = torch.bmm(modulated, torch.matmul(feedback, kernel)).mul_(h > 0)
            feedback.baddbmm_(torch.bmm(modulated.transpose(1, 2), h), kernel_transposed.expand(M, N, S),
                              alpha=eta / B)
            w2.baddbmm_(h.transpose(1, 2), credit, alpha=eta / B)
            b2.add_(credit.mean(dim=1, keepdim=True), alpha=eta)
            b1.add_(credit1.mean(dim=1, keepdim=True), alpha=eta)
            if wide:
                w1.addmm_(x.t(), credit1.transpose(0, 1).reshape(B, M * N), alpha=eta / B)
            else:
                w1.baddbmm_(x.transpose(1, 2), credit1, alpha=eta / B)
        x, target = draw()
        _, p = forward(x)
        return -(p.clamp_min(1e-30).log() * target).sum(dim=2).mean(dim=1)

    return lambda: generation(wide)


def in_chunks(size, wide):
    chunk = build(size, wide)

    def work():
        for _ in range(options.members // size):
            chunk()

    return work


with torch.inference_mode():
    # Members are independent: chunks whose minibatches stay in the cache may be faster than all at once.
    sizes = [size for size in (8, 16, 32, 64) if options.members % size == 0] or [options.members]
    ways = {f"bmm over {size} members at a time": in_chunks(size, False) for size in sizes}
    if shared:
        ways["one wide product"] = in_chunks(options.members, True)
    best = fastest(ways, 1)
    text = detail(torch, options.threads, f"{best}, {options.batches} minibatches")
    serve(ways[best], text)
