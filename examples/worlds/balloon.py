#!/usr/bin/env python3
"""A world for tdca, in another language: keep a balloon at the height that is asked for, by heating or not.

    act --world "python3 examples/worlds/balloon.py"

It speaks a line at a time. First it says what it is; then "reset SEED" begins an episode, and "step ACTION" makes a
step. Answers are numbers between single blanks, each flushed at once.
"""
import random
import sys


class Balloon:
    def reset(self, seed):
        chance = random.Random(seed)
        self.height, self.speed = chance.uniform(-1, 1), 0.0
        return self.observation()

    def step(self, action):  # 0: let it cool, 1: heat
        self.speed = 0.95 * self.speed + (0.03 if action == 1 else -0.03)
        self.height += self.speed
        return 1 - abs(self.height), abs(self.height) > 2, self.observation()

    def observation(self):
        return [self.height, self.speed]


def say(*numbers):
    print(*numbers, flush=True)


balloon = Balloon()
say("tdca-world", 1, "observations", 2, "choices", 2)
for line in sys.stdin:
    word, *rest = line.split()
    if word == "reset":
        say(*balloon.reset(int(rest[0])))
    else:
        reward, is_over, observation = balloon.step(int(rest[0]))
        say(reward, int(is_over), *observation)
