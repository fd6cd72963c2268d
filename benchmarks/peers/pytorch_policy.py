#!/usr/bin/env python3
"""Policy gradients on CartPole in PyTorch: an independent check of baseline/policy_gradient.hpp.

Without arguments: REINFORCE over five rates, with observations as they are and with the angle
eight times as large; mean returns over lives of 40 episodes, and steps a second.

With --settings FILE, a report of `reinforcement --points a`: REINFORCE, A2C and PPO each with the
setting that was tuned for 40 episodes, mean returns beside the report's. Both estimate the same
mean, so the difference is to lie within its 95 % interval.

Needs NumPy and PyTorch.
"""

import argparse
import json
import math
import time

import numpy as np
import torch

torch.set_num_threads(1)
BY_HAND = np.array([1.0, 1.0, 8.0, 1.0])


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


class Eyes:
    """Observations as a setting wants them: raw, scaled by hand, or over what was seen so far."""

    def __init__(self, sight):
        self.sight = sight
        self.count, self.total, self.power = 0, np.zeros(4), np.zeros(4)

    def see(self, state):
        seen = np.array(state)
        if self.sight == "raw":
            return seen
        if self.sight == "scaled":
            return seen * BY_HAND
        self.count += 1
        self.total += seen
        self.power += seen**2
        shift = self.total / self.count if self.sight == "running" else 0.0
        variance = np.maximum(self.power / self.count - shift**2, 0.0)
        return np.clip((seen - shift) / np.sqrt(variance + 1e-12), -5, 5)


def network(outputs, gain):
    layers = [torch.nn.Linear(4, 32), torch.nn.Linear(32, outputs)]
    with torch.no_grad():
        for layer, deviation in zip(layers, (1 / 2, gain / math.sqrt(32))):
            layer.weight.normal_(0, deviation)
            layer.bias.zero_()
    return torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1])


def answer(net, seen):
    """One forward pass in NumPy, which is faster than PyTorch for one sample."""
    w1, b1, w2, b2 = (p.detach().numpy() for p in net.parameters())
    return w2 @ np.tanh(w1 @ seen + b1) + b2


class Agent:
    """One life of a policy and a value network under a setting of the report."""

    def __init__(self, algorithm, setting, seed):
        self.algorithm, self.setting = algorithm, setting
        self.rng = np.random.default_rng(seed)
        torch.manual_seed(seed)
        self.policy, self.values = network(2, setting["output_gain"]), network(1, 1.0)
        self.policy_adam = torch.optim.Adam(self.policy.parameters(), lr=setting["rate"])
        self.value_adam = torch.optim.Adam(self.values.parameters(), lr=setting["rate"])
        self.usual_power = None

    def live(self, episodes=40):
        setting, eyes, returns, batch, finished = self.setting, Eyes(self.setting["sight"]), [], [], 0
        for episode in range(episodes):
            state, over, count = tuple(self.rng.uniform(-0.05, 0.05, 4)), False, 0
            seen = eyes.see(state)
            while not over:
                z = answer(self.policy, seen)
                action = int(self.rng.random() < 1 / (1 + math.exp(np.clip(z[0] - z[1], -80, 80))))
                value = answer(self.values, seen)[0]
                state, failed = step(state, action)
                count += 1
                over = failed or count == 500
                moment = {"seen": seen, "action": action, "value": value, "over": over,
                          "log": z[action] - np.logaddexp(z[0], z[1])}
                seen = eyes.see(state)
                moment["next"] = answer(self.values, seen)[0] if over and not failed else 0.0
                batch.append(moment)
                finished += over
                by_episodes = setting["episodes_per_update"]
                if finished >= by_episodes if by_episodes else len(batch) >= setting["steps_per_update"]:
                    spent = (episode + over) / episodes
                    self.learn(batch, 0.0 if over else answer(self.values, seen)[0], spent)
                    batch, finished = [], 0
            returns.append(count)
        return returns

    def assess(self, batch, following):
        """Generalised advantages, normalised, and the targets of values; rewards are 1 - discount."""
        discount, ahead = self.setting["discount"], 0.0
        advantages = np.zeros(len(batch))
        for i in reversed(range(len(batch))):
            if batch[i]["over"]:
                ahead, following = 0.0, batch[i]["next"]
            surprise = 1 - discount + discount * following - batch[i]["value"]
            ahead = surprise + discount * self.setting["lambda"] * ahead
            advantages[i], following = ahead, batch[i]["value"]
        targets = advantages + np.array([moment["value"] for moment in batch])
        if self.setting["centres"]:
            advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        else:
            power = np.mean(advantages**2)
            self.usual_power = power if self.usual_power is None else \
                self.usual_power + 0.1 * (power - self.usual_power)
            advantages = advantages / (math.sqrt(self.usual_power) + 1e-8)
        return torch.tensor(advantages).float(), torch.tensor(targets).float()

    def learn(self, batch, following, spent):
        setting, count = self.setting, len(batch)
        rate = setting["rate"] * (1 - spent if setting["decays"] else 1)
        self.policy_adam.param_groups[0]["lr"] = rate
        self.value_adam.param_groups[0]["lr"] = rate * setting["value_rate"]
        advantages, targets = self.assess(batch, following)
        seen = torch.tensor(np.array([moment["seen"] for moment in batch])).float()
        actions = torch.tensor([moment["action"] for moment in batch])
        before = torch.tensor([float(moment["log"]) for moment in batch])

        def improve(chosen, is_clipped):
            logs = torch.log_softmax(self.policy(seen[chosen]), 1)
            log = logs.gather(1, actions[chosen, None])[:, 0]
            gain = advantages[chosen]
            if is_clipped:
                ratio = torch.exp(log - before[chosen])
                held = torch.clamp(ratio, 1 - setting["clip"], 1 + setting["clip"])
                objective = torch.minimum(ratio * gain, held * gain)
            else:
                objective = log * gain
            entropy = -(logs.exp() * logs).sum(1)
            self.policy_adam.zero_grad()
            (-(objective + setting["entropy"] * entropy).mean()).backward()
            self.policy_adam.step()

        def minibatches():
            order = self.rng.permutation(count)
            for first in range(0, count, 64):
                yield torch.tensor(np.take(order, range(first, first + 64), mode="wrap"))

        if self.algorithm == "ppo":
            for _ in range(setting["epochs"]):
                for chosen in minibatches():
                    improve(chosen, True)
        else:
            improve(torch.arange(count), False)
        for _ in range(setting["value_epochs"]):
            for chosen in minibatches():
                loss = ((self.values(seen[chosen])[:, 0] - targets[chosen]) ** 2).mean() / 2
                self.value_adam.zero_grad()
                loss.backward()
                self.value_adam.step()


def reinforce_over_rates():
    for sight in ("raw", "scaled"):
        for rate in (0.01, 0.03, 0.06, 0.1, 0.2):
            setting = {"rate": rate, "decays": False, "discount": 0.98, "lambda": 1.0,
                       "episodes_per_update": 1, "steps_per_update": 0, "entropy": 0.0,
                       "value_epochs": 0, "value_rate": 1.0, "centres": True, "sight": sight,
                       "output_gain": 1.0}
            start = time.perf_counter()
            lives = [Agent("reinforce", setting, seed).live() for seed in range(24)]
            seconds = time.perf_counter() - start
            means = np.mean(lives, axis=1)
            print(f"{sight} observations, rate {rate}: mean return {means.mean():.1f} "
                  f"(sd {means.std(ddof=1):.1f}, n 24), {np.sum(lives) / seconds:.0f} steps/s",
                  flush=True)


def tuned(file, seeds):
    with open(file, encoding="utf-8") as stream:
        cells = {cell["cell"]: cell for cell in json.load(stream)["cells"]}
    agrees = True
    for row in cells["cart_pole_40"]["contestants"]:
        if row["name"] not in ("reinforce", "a2c", "ppo"):
            continue
        lives = [Agent(row["name"], row["setting"], seed).live() for seed in range(seeds)]
        means = np.mean(lives, axis=1)
        error = means.std(ddof=1) / math.sqrt(seeds)
        there = row["score"]
        there_error = there["standard_deviation"] / math.sqrt(there["n"])
        apart = means.mean() - there["mean"]
        within = 1.96 * math.hypot(error, there_error)
        agrees = agrees and abs(apart) <= within
        print(f"{row['name']}: PyTorch {means.mean():.1f} (sd {means.std(ddof=1):.1f}, n {seeds}), "
              f"here {there['mean']:.1f}: apart by {apart:+.1f}, within {within:.1f} by chance",
              flush=True)
    return agrees


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--settings", help="a report of `reinforcement --points a --json`")
    parser.add_argument("--seeds", type=int, default=40, help="lives of each algorithm")
    options = parser.parse_args()
    if options.settings:
        return 0 if tuned(options.settings, options.seeds) else 1
    reinforce_over_rates()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
