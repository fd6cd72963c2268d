#!/usr/bin/env python3
"""Gives a program the largest budget that an option takes: it is at work, and ends when it is asked to.

Usage: endless.py FOLDER PROGRAM OPTION [ARGUMENT...]       FOLDER is made anew

A budget that wrapped or saturated would end at once. SIGINT ends the program, the first one or, where
it waits for the end of a generation, the second.
"""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

SECONDS = 5


def main():
    folder, program, option, *others = sys.argv[1:]
    program = Path(program).absolute()
    folder = Path(folder).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=60, check=True)
    most = re.search(rf"  {option} COUNT.*?from \d+ to (\d+)", told.stdout, re.DOTALL)[1]
    process = subprocess.Popen([program, option, most, *others], cwd=folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        _, said = process.communicate(timeout=SECONDS)
        sys.exit(f"{option} {most} ends by itself: exit code {process.returncode}\n{said}")
    except subprocess.TimeoutExpired:
        pass
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=4 * SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        sys.exit(f"{option} {most} does not hear SIGINT")
    if process.returncode not in (-signal.SIGINT, 128 + signal.SIGINT):
        sys.exit(f"{option} {most}: exit code {process.returncode} after SIGINT")
    print(f"{option} {most} was at work, and ended")
    return 0


if __name__ == "__main__":
    sys.exit(main())
