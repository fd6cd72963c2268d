#!/usr/bin/env python3
"""A policy from its first random step to a file, and from the file on: the program act as a user runs it.

Usage: act.py ACT SOURCES FOLDER        ACT is the program; FOLDER is made anew
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

act, sources, folder = (Path(argument).absolute() for argument in sys.argv[1:4])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)


def run(*arguments, code=0):
    done = subprocess.run([act, *arguments], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode != code:
        sys.exit(f"{arguments}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout if code == 0 else done.stderr


def judged(text):
    return float(re.search(r"without exploration: (-?[\d.]+) ± ", text)[1])


def require(holds, what):
    if not holds:
        sys.exit(what)


learned = run("--steps", "8000", "--save", "pole.safetensors")
played = run("--load", "pole.safetensors", "--play")
require(judged(learned) > 400 and judged(played) == judged(learned), f"learned {learned}, played {played}")
require("--load" in run("--play", code=2), "a policy is played that there is not")
on = run("--load", "pole.safetensors", "--steps", "2000")
first = int(re.search(r"episode +1 +(\d+) steps", on)[1])
require(first > 150, f"a life that goes on begins with an episode of {first} steps")
said = run("--environment", "pendulum", "--load", "pole.safetensors", "--play", code=2)
require("pole.safetensors" in said, f"another world's policy is refused with {said}")
run("--environment", "breakout", "--steps", "1000", "--strip", "game.png")
require(not shutil.which("gnuplot") or (folder / "game.png").stat().st_size > 1000, "there is no picture")
balloon = f"{sys.executable} {sources / 'examples/worlds/balloon.py'}"
require(judged(run("--world", balloon, "--steps", "4000")) > 150, "the balloon of another program is not kept up")
said = run("--world", "exit 5", code=2)
require("exit 5: has ended, with exit code 5" in said, f"a world that ends is told as {said}")
print("learned, kept, played, gone on with, drawn, and in a world of another program")
