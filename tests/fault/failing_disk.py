#!/usr/bin/env python3
"""Lets each request that an evolution makes of its disk fail, one a run, in every way.

Usage: failing_disk.py PROGRAM LIBRARY FOLDER       LIBRARY is fail_at, see fail_at.cpp

After each: the program has said which file could not be written, or was ended; every file there is
whole; and the run, resumed on a disk that works, ends with the same bits as one never disturbed.
A request whose failure the program may pass over (closing a file that it has read) is no failure.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from interrupted_run import tensors

WAYS = ["ENOSPC", "EIO", "EROFS", "half", "crash"]
GENERATIONS = 3


def main():
    program, library, folder = (Path(argument).absolute() for argument in sys.argv[1:4])
    command = [str(program), "--known", "ackley", "--evaluations", "50", "--checkpoint-seconds", "0",
               "--generations", str(GENERATIONS), "--resume", "--threads", "1",
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
    for way in WAYS:
        for number in range(1, 1000):
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
    told = ", ".join(f"{count} of {request}" for request, count in sorted(injected.items()))
    print(f"{injected.total()} failures survived: {told}")
    return 0 if all(injected[r] > 0 for r in ("open", "write", "fsync", "close", "rename")) else 1


if __name__ == "__main__":
    sys.exit(main())
