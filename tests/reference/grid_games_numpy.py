#!/usr/bin/env python3
"""Games of Breakout and Asterix, played by rules that this script writes down by itself, with pictures as NumPy arrays.

Writes grid_games.hpp beside this file: for each step the action, what came into the world, the reward, whether the game
was over, and a sum over the lit cells of the picture. The rules are those of MinAtar (Young & Tian, arXiv:1903.03176).
"""

from pathlib import Path

import numpy as np

chance = np.random.default_rng(20261130)


def fingerprint(picture):
    """Of a picture of channels × 10 × 10: the k-th cell, where lit, adds (k + 1)² + 7 k."""
    lit = np.flatnonzero(picture).astype(np.int64)
    return int(np.sum((lit + 1) ** 2 + 7 * lit))


class Breakout:
    def __init__(self, from_left, wall):
        self.wall = wall
        self.ball = np.array([3, 0 if from_left else 9])  # row, column
        self.trail = self.ball.copy()
        self.flight = np.array([1, 1 if from_left else -1])
        self.paddle = 4
        self.broke = False

    def picture(self):
        cells = np.zeros((4, 10, 10), dtype=bool)
        cells[0, 9, self.paddle] = True
        cells[1][tuple(self.ball)] = True
        cells[2][tuple(self.trail)] = True
        cells[3, 1:4] = self.wall
        return cells

    def step(self, action):
        self.paddle = int(np.clip(self.paddle + (0, -1, 1)[action], 0, 9))
        self.trail = self.ball.copy()
        row, column = self.ball + self.flight
        if not 0 <= column <= 9:
            column = int(np.clip(column, 0, 9))
            self.flight[1] *= -1
        in_brick = 1 <= row <= 3 and self.wall[row - 1, column]
        reward, lost = 0, False
        if row < 0:
            row = 0
            self.flight[0] *= -1
        elif in_brick and not self.broke:
            self.wall[row - 1, column] = False
            reward = 1
            row = self.trail[0]
            self.flight[0] *= -1
        elif row == 9:
            if not self.wall.any():
                self.wall[:] = True
            if self.trail[1] == self.paddle:  # straight from above
                self.flight[0] *= -1
                row = self.trail[0]
            elif column == self.paddle:  # from the side
                self.flight *= -1
                row = self.trail[0]
            else:
                lost = True
        self.broke = bool(in_brick)
        self.ball = np.array([row, column])
        return reward, lost


class Asterix:
    def __init__(self):
        self.row, self.column = 5, 5
        self.things = {}  # row → [column, direction, is treasure]
        self.pause_spawn, self.until_spawn = 10, 10
        self.pause_move, self.until_move = 5, 5
        self.until_harder, self.harder = 100, 0

    def picture(self):
        cells = np.zeros((4, 10, 10), dtype=bool)
        cells[0, self.row, self.column] = True
        for row, (column, direction, is_treasure) in self.things.items():
            cells[3 if is_treasure else 1, row, column] = True
            if 0 <= column - direction <= 9:
                cells[2, row, column - direction] = True
        return cells

    def draw(self):
        """What comes in this step: row, direction, is treasure; or nothing."""
        empty = [row for row in range(1, 9) if row not in self.things]
        if self.until_spawn != 0 or not empty:
            return None
        return int(chance.choice(empty)), int(chance.choice([-1, 1])), bool(chance.random() < 1 / 3)

    def meet(self):
        thing = self.things.get(self.row)
        if thing is None or thing[0] != self.column:
            return 0, False
        if not thing[2]:
            return 0, True
        del self.things[self.row]
        return 1, False

    def step(self, action, spawn):
        if self.until_spawn == 0:
            if spawn:
                row, direction, is_treasure = spawn
                self.things[row] = [0 if direction > 0 else 9, direction, is_treasure]
            self.until_spawn = self.pause_spawn
        down, right = ((0, 0), (0, -1), (-1, 0), (0, 1), (1, 0))[action]
        self.row = int(np.clip(self.row + down, 1, 8))
        self.column = int(np.clip(self.column + right, 0, 9))
        reward, lost = self.meet()
        if self.until_move == 0:
            self.until_move = self.pause_move
            for thing in self.things.values():
                thing[0] += thing[1]
            self.things = {row: t for row, t in self.things.items() if 0 <= t[0] <= 9}
            more, hit = self.meet()
            reward, lost = reward + more, lost or hit
        self.until_spawn -= 1
        self.until_move -= 1
        if self.pause_spawn > 1 or self.pause_move > 1:
            if self.until_harder >= 0:
                self.until_harder -= 1
            else:
                if self.pause_move > 1 and self.harder % 2 == 1:
                    self.pause_move -= 1
                if self.pause_spawn > 1:
                    self.pause_spawn -= 1
                self.harder += 1
                self.until_harder = 100
        return reward, lost


def follow(game):
    """Below the ball, but for one move in a hundred."""
    if chance.random() < 0.01:
        return int(chance.integers(3))
    aim = game.ball[1]
    return 0 if aim == game.paddle else 1 if aim < game.paddle else 2


def dodge(game):
    """Anywhere but onto an enemy's row, if that can be helped; towards treasure now and then."""
    def is_bad(row):
        return row in game.things and not game.things[row][2]
    if is_bad(game.row) and chance.random() < 0.9:
        return 2 if not is_bad(max(1, game.row - 1)) else 4
    action = int(chance.integers(5))
    if action in (2, 4) and is_bad(game.row + (-1 if action == 2 else 1)):
        return 0
    return action


def main():
    out = ["// Written by grid_games_numpy.py; do not edit.", "#pragma once", "", "#include <vector>", "",
           "// clang-format off", "namespace reference {", "",
           "struct BreakoutStep { int action, reward; bool is_over; long picture; };",
           "/// Games one after the other: from the left where the number is even, with these walls, full ones first.",
           "WALLS",
           "inline const std::vector<BreakoutStep> breakout{"]
    walls = []
    for number in range(14):
        wall = chance.random((3, 10)) < (2 if number < 6 else 0.6)
        walls.append(int(np.sum(1 << np.flatnonzero(wall).astype(np.int64))))
        game = Breakout(number % 2 == 0, wall)
        for step in range(1200 if number < 6 else 60):
            action = follow(game)
            reward, lost = game.step(action)
            is_over = lost or step == (1199 if number < 6 else 59)
            out.append(f"{{{action},{reward},{str(is_over).lower()},{fingerprint(game.picture())}}},")
            if is_over:
                break
    out += ["};", "", "struct AsterixStep { int action, spawn_row, spawn_direction; bool spawns_treasure; int reward; "
            "bool is_over; long picture; };", "inline const std::vector<AsterixStep> asterix{"]
    for number in range(6):
        game = Asterix()
        for step in range(900):
            spawn = game.draw()
            action = dodge(game)
            row, direction, is_treasure = spawn or (0, 0, False)
            reward, lost = game.step(action, spawn)
            is_over = lost or step == 899
            out.append(f"{{{action},{row},{direction},{str(is_treasure).lower()},{reward},{str(is_over).lower()},"
                       f"{fingerprint(game.picture())}}},")
            if is_over:
                break
    out += ["};", "", "}  // namespace reference"]
    listed = ", ".join(f"{wall}U" for wall in walls)
    lines = "\n".join(out).replace("WALLS", f"inline const std::vector<unsigned> breakout_walls{{{listed}}};") + "\n"
    Path(__file__).with_name("grid_games.hpp").write_text(lines)
    print(lines.count("\n"), "lines;", sum(1 for x in out if ",1,false" in x[:12]), "rewards of Breakout")


main()
