#!/usr/bin/env python3
"""Interrupts an evolution again and again, resumes it each time, and compares the genome's numbers.

Usage: interrupted_run.py PROGRAM FOLDER [--interruptions N] [--damage] [--seed S]

SIGTERM and SIGINT must end it with a checkpoint and exit code 128 + number; SIGKILL may fall at any
moment, a write included. The genome must be the same bits as that of a run that nothing disturbed,
and at every moment a checkpoint must be whole: a resume that is refused fails the test.

--damage: now and then the newest checkpoint, where there is an older one, is cut short, or a bit of it
turned. The resume must say so, go on from the older one, and keep the damaged file as it is.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from checkpoint_file import damaged, tensors

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--interruptions", type=int, default=12)
    parser.add_argument("--damage", action="store_true")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of interruption")
    options = parser.parse_args()
    # A shell lets what it starts in the background ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    chance = random.Random(options.seed)
    command = [str(options.program.absolute()), "--known", "ackley", "--evaluations", "20",
               "--checkpoint-seconds", "0", "--keep-checkpoints", "3", "--resume", "--threads", "2"]

    def run(output, generations):
        return subprocess.Popen(
            [*command, "--generations", str(generations), "--output", output],
            cwd=options.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    generations = max(20, 4 * options.interruptions)
    start = time.monotonic()
    if run("calm.safetensors", generations).wait() != 0:
        sys.exit("the program fails by itself")
    whole = time.monotonic() - start
    wanted = tensors(options.folder / "calm.safetensors")

    newest = options.folder / "disturbed.safetensors.checkpoint"
    older = newest.with_name(newest.name + ".1")
    counts = dict.fromkeys(SIGNALS, 0)
    resumed = passed_over = 0
    broken = None  # bytes of the newest checkpoint that no run has met yet
    while True:
        if options.damage and broken is None and newest.exists() and older.exists() and \
                chance.random() < 0.5:
            broken = damaged(newest.read_bytes(), chance)
            newest.write_bytes(broken)
        process = run("disturbed.safetensors", generations)
        goes_on = sum(counts.values()) < options.interruptions
        number = chance.choice(SIGNALS)
        try:
            _, said = process.communicate(
                timeout=chance.uniform(0, 1.5 * whole / options.interruptions) if goes_on else 600)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
            _, said = process.communicate()
            counts[number] += 1
            # A signal may come before the handlers are set, or after the last generation.
            allowed = {-number, 128 + number, 0}
            if process.returncode not in allowed:
                sys.exit(f"exit code {process.returncode} after {number!r}: {said}")
            if process.returncode == 128 + number and "--resume continues" not in said:
                sys.exit(f"stopped without saying how to go on: {said}")
        if process.returncode == 2:
            sys.exit(f"refused to resume: {said}")
        if "resumed" in said:
            resumed += 1
            if broken is not None:
                aside = [p for p in options.folder.glob("*.damaged*") if p.read_bytes() == broken]
                if not aside:
                    sys.exit(f"a damaged checkpoint was not kept: {said}")
                passed_over += 1
                broken = None
        if process.returncode != 0:
            continue
        if tensors(options.folder / "disturbed.safetensors") != wanted:
            sys.exit(f"after {sum(counts.values())} interruptions the genome differs")
        if not goes_on:
            break
        for path in options.folder.glob("disturbed.safetensors*"):  # once more
            if ".tmp." not in path.name:
                path.unlink()
        broken = None
    left = sum(".tmp." in path.name for path in options.folder.iterdir())
    told = ", ".join(f"{count} {number.name}" for number, count in counts.items())
    print(f"{generations} generations in {whole:.1f} s; interrupted by {told}; {resumed} runs resumed, "
          f"{passed_over} of them past a damaged checkpoint; {left} temporary files left; "
          "the genome is the same bits")
    return 0 if resumed > 0 and passed_over >= options.damage else 1


if __name__ == "__main__":
    sys.exit(main())
