#!/usr/bin/env python3
"""Interrupts an evolution again and again, resumes it each time, and compares the genome's numbers.

Usage: interrupted_run.py PROGRAM FOLDER [--interruptions N] [--seed S]

SIGTERM and SIGINT must end it with a checkpoint and exit code 128 + number; SIGKILL may fall at any
moment, a write included. The genome must be the same bits as that of a run that nothing disturbed,
and at every moment the checkpoint must be whole: a resume that is refused fails the test.
"""

import argparse
import json
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


def tensors(path):
    """Names and bytes of the tensors of a safetensors file; its metadata tell of time and place."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    return {name: data[8 + length:][slice(*entry["data_offsets"])]
            for name, entry in header.items() if name != "__metadata__"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--interruptions", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of interruption")
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    chance = random.Random(options.seed)
    command = [str(options.program.absolute()), "--known", "ackley", "--evaluations", "200",
               "--checkpoint-seconds", "0", "--resume", "--threads", "2"]

    def run(output, generations):
        return subprocess.Popen(
            [*command, "--generations", str(generations), "--output", output],
            cwd=options.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    generations = max(20, 4 * options.interruptions)
    start = time.monotonic()
    if run("calm.safetensors", generations).wait() != 0:
        sys.exit("the program fails by itself")
    whole = time.monotonic() - start

    counts = dict.fromkeys(SIGNALS, 0)
    resumed = 0
    while True:
        process = run("disturbed.safetensors", generations)
        wanted = sum(counts.values()) < options.interruptions
        number = chance.choice(SIGNALS)
        try:
            _, said = process.communicate(
                timeout=chance.uniform(0, 1.5 * whole / options.interruptions) if wanted else 600)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
            _, said = process.communicate()
            counts[number] += 1
            resumed += "resumed" in said
            # A signal may come before the handlers are set, or after the last generation.
            allowed = {-number, 128 + number, 0}
            if process.returncode not in allowed:
                sys.exit(f"exit code {process.returncode} after {number!r}: {said}")
            if process.returncode == 128 + number and "--resume continues" not in said:
                sys.exit(f"stopped without saying how to go on: {said}")
        if process.returncode == 0:
            break
        if process.returncode == 2:
            sys.exit(f"refused to resume: {said}")
    left = [path.name for path in options.folder.iterdir() if ".tmp." in path.name]
    same = tensors(options.folder / "calm.safetensors") == \
        tensors(options.folder / "disturbed.safetensors")
    told = ", ".join(f"{count} {number.name}" for number, count in counts.items())
    print(f"{generations} generations in {whole:.1f} s; interrupted by {told}; "
          f"{resumed} of these runs had resumed; {len(left)} temporary files left; "
          f"genome {'the same bits' if same else 'DIFFERS'}")
    return 0 if same and resumed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
