#!/usr/bin/env python3
"""REINFORCE on CartPole in PyTorch: an independent check of benchmarks/baseline/policy_gradient.hpp.

Prints the mean return over lives of 40 episodes for some rates, with observations as they are and
with the angle eight times as large, and steps a second. Needs NumPy and PyTorch.
"""

import math
import time

import numpy as np
import torch

torch.set_num_threads(1)
DISCOUNT = 0.98


def step(state, action):
    x, x_dot, theta, theta_dot = state
    force = 10.0 if action else -10.0
    cosine, sine = math.cos(theta), math.sin(theta)
    push = (force + 0.05 * theta_dot * theta_dot * sine) / 1.1
    turn = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - 0.1 * cosine * cosine / 1.1))
    acceleration = push - 0.05 * turn * cosine / 1.1
    state = (x + 0.02 * x_dot, x_dot + 0.02 * acceleration, theta + 0.02 * theta_dot,
             theta_dot + 0.02 * turn)
    return state, abs(state[0]) > 2.4 or abs(state[2]) > 0.2095


def live(rate, seed, scale, episodes=40):
    """Returns of one life: an update with Adam after each episode, returns-to-go standardised."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    weights = [(torch.randn(4, 32) / 2).requires_grad_(), torch.zeros(32, requires_grad=True),
               (torch.randn(32, 2) / math.sqrt(32)).requires_grad_(),
               torch.zeros(2, requires_grad=True)]
    optimizer = torch.optim.Adam(weights, lr=rate)
    returns = []
    for _ in range(episodes):
        state, failed = tuple(rng.uniform(-0.05, 0.05, 4)), False
        seen, actions = [], []
        w1, b1, w2, b2 = (w.detach().numpy() for w in weights)
        while not failed and len(seen) < 500:
            observation = np.array(state) * scale
            z = np.tanh(observation @ w1 + b1) @ w2 + b2
            action = int(rng.random() < 1 / (1 + math.exp(z[0] - z[1])))
            seen.append(observation)
            actions.append(action)
            state, failed = step(state, action)
        count = len(seen)
        returns.append(count)
        to_go = np.zeros(count)
        ahead = 0.0 if failed else 1 / (1 - DISCOUNT)
        for i in range(count - 1, -1, -1):
            ahead = 1 + DISCOUNT * ahead
            to_go[i] = ahead
        advantage = torch.tensor((to_go - to_go.mean()) / (to_go.std() + 1e-8)).float()
        batch = torch.tensor(np.array(seen)).float()
        hidden = torch.tanh(batch @ weights[0] + weights[1])
        chances = torch.log_softmax(hidden @ weights[2] + weights[3], 1)
        loss = -(chances[torch.arange(count), torch.tensor(actions)] * advantage).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return returns


def main():
    for scale in ([1, 1, 1, 1], [1, 1, 8, 1]):
        for rate in (0.01, 0.03, 0.06, 0.1, 0.2):
            start = time.perf_counter()
            lives = [live(rate, seed, np.array(scale)) for seed in range(24)]
            seconds = time.perf_counter() - start
            means = np.mean(lives, axis=1)
            print(f"scale {scale} rate {rate}: mean return {means.mean():.1f} "
                  f"(sd {means.std(ddof=1):.1f}, n 24), {np.sum(lives) / seconds:.0f} steps/s",
                  flush=True)


if __name__ == "__main__":
    main()
