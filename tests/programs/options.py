#!/usr/bin/env python3
"""Gives every option of a program, by what --help says of it, values that it has to refuse.

Usage: options.py PROGRAM FOLDER        FOLDER is made anew, and stays empty

Each is refused before anything runs: with exit code 2, one sentence on standard error that names the
option and the value, and nothing else.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

OPTION = re.compile(r"^  (--[a-z-]+)(?: ([A-Z]+)(?:=|\b))?", re.MULTILINE)
NO_NUMBER = ["", " 5", "5 ", "+5", "0x10", "five", "1,5", "nan", "inf", "-inf", "1e999", "--quick"]
HOSTILE = {
    "COUNT": [*NO_NUMBER, "-1", "1e3", "1.5", "5.0", "18446744073709551616", "99999999999999999999999"],
    "REAL": [*NO_NUMBER, "-1", "-1e-300", "1e300", "NaN", "infinity", "0.5x"],
    "NAME": ["", "nope", " "],
    "LETTERS": ["", "z", "A", "a b"],
    "FILE": ["", "no/such/folder/file", "."],
    "FOLDER": ["", "/dev/null", "/dev/null/folder"],
}
KINDS = {*HOSTILE, "TEXT", None}


def hostile_values(option, kind):
    values = list(HOSTILE.get(kind, []))
    if kind == "COUNT" and option != "--seed":  # a seed may be any number of 64 bits
        values += ["9007199254740993", "18446744073709551615"]
    return values


def main():
    program, folder = (Path(argument).absolute() for argument in sys.argv[1:3])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def run(*arguments):
        return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True,
                              timeout=60)

    told = run("--help")
    options = OPTION.findall(told.stdout)
    if told.returncode != 0 or ("--seed", "COUNT") not in options:
        sys.exit(f"--help: exit code {told.returncode}, options {options}")
    refused = 0
    for option, kind in options:
        if (kind or None) not in KINDS:
            sys.exit(f"{option} is of an unknown kind, {kind}")
        for value in hostile_values(option, kind):
            result = run(option, value)
            first = result.stderr.split("\n")[0]
            if result.returncode != 2 or result.stdout or not first.startswith(f"{option}: ") or \
                    value not in first or list(folder.iterdir()):
                sys.exit(f"{option} '{value}': exit code {result.returncode}, files "
                         f"{[path.name for path in folder.iterdir()]}\n{result.stdout}{result.stderr}")
            refused += 1
    if run("--no-such-option").returncode != 2 or run("--seed").returncode != 2:
        sys.exit("an unknown option, or one without its value, is no error")
    print(f"{refused} values of {len(options)} options refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
