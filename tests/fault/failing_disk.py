#!/usr/bin/env python3
"""Lets each request that an evolution makes of its disk fail, one a run, in every way.

Usage: failing_disk.py PROGRAM LIBRARY FOLDER [--generations N] [--ways WAY...]

LIBRARY is fail_at, see fail_at.cpp, which names the ways.

After each: the program has said which file could not be written, or was ended; every file there is
whole; and the run, resumed on a disk that works, goes on from no earlier generation than after the
failure before, and ends with the same bits as one never disturbed.
A request whose failure the program may pass over (closing a file that it has read) is no failure.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from checkpoint_file import tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for place in ("program", "library", "folder"):
        parser.add_argument(place, type=lambda path: Path(path).absolute())
    parser.add_argument("--generations", type=int, default=3)
    parser.add_argument("--ways", nargs="+", default=["ENOSPC", "half", "crash"])
    options = parser.parse_args()
    program, library, folder = options.program, options.library, options.folder
    generations = options.generations
    command = [str(program), "--known", "ackley", "--quick", "--checkpoint-seconds", "0",
               "--keep-checkpoints", "3", "--generations", str(generations), "--resume", "--threads", "1",
               "--output", "genome.safetensors", "--json", "report.json"]

    def run(environment):
        return subprocess.run(command, cwd=folder, env={**os.environ, **environment},
                              capture_output=True, text=True, timeout=60)

    def afresh():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    afresh()
    calm = run({})
    if calm.returncode != 0:
        sys.exit(f"the program fails by itself: {calm.stderr}")
    wanted = tensors(folder / "genome.safetensors")
    log = folder.with_suffix(".log")
    injected = Counter()
    for way in options.ways:
        saved = 0
        for number in range(1, 100_000):
            afresh()
            log.unlink(missing_ok=True)
            result = run({"LD_PRELOAD": str(library), "FAIL_FOLDER": str(folder), "FAIL_HOW": way,
                          "FAIL_AT": str(number), "FAIL_LOG": str(log)})
            if not log.exists():
                break  # nothing was left to fail
            request = log.read_text().strip()
            injected[request] += 1
            where = f"{request} {number} fails by {way}"
            if way == "crash":
                if result.returncode != 99:
                    sys.exit(f"{where}: exit code {result.returncode}")
            elif result.returncode != 0:
                named = any(name in result.stderr for name in
                            ("genome.safetensors", "genome.safetensors.checkpoint", "report.json"))
                if result.returncode != 2 or not named:
                    sys.exit(f"{where}: exit code {result.returncode}, {result.stderr}")
                if list(folder.glob("*.tmp.*")):
                    sys.exit(f"{where}: a temporary file is left")
            elif request != "close":
                sys.exit(f"{where}: the program says that all went well")
            for path in folder.glob("genome.safetensors*"):
                if ".tmp." not in path.name:
                    tensors(path)
            after = run({})
            if after.returncode != 0:
                sys.exit(f"{where}: refuses to resume: {after.stderr}")
            if tensors(folder / "genome.safetensors") != wanted:
                sys.exit(f"{where}: the genome differs")
            if result.returncode == 0:
                continue  # it went on, and saved all
            resumed = re.search(r"at generation (\d+)", after.stderr)
            found, saved = saved, int(resumed[1]) if resumed else 0
            if saved < found:
                sys.exit(f"{where}: generation {found} was saved, and {saved} is found")
        if saved < generations:
            sys.exit(f"{way}: the last checkpoint is of generation {saved}")
    told = ", ".join(f"{count} of {request}" for request, count in sorted(injected.items()))
    print(f"{injected.total()} failures survived: {told}")
    return 0 if all(injected[r] > 0 for r in ("open", "fchmod", "write", "fsync", "close", "rename")) else 1


if __name__ == "__main__":
    sys.exit(main())
