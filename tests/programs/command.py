#!/usr/bin/env python3
"""Minimises what commands print: values, failures, refusals, and runs that are killed and go on.

Usage: command.py PROGRAM FOLDER        PROGRAM is minimize_command; FOLDER is made anew
"""

import math
import os
import signal
import subprocess
import sys
import time

from trial import Trial

BOWL = "awk 'BEGIN { print \"found\", ({x} - 1)^2 + ({n} - 3)^2 }'"


def main():
    trial = Trial()
    program, folder = trial.program, trial.folder
    succeeds, refuses, rows_of = trial.succeeds, trial.refuses, trial.rows_of

    # The minimum is found, by one worker and by three, and each run is a line of the file.
    for workers in ("1", "3"):
        name = f"bowl{workers}.csv"
        said = succeeds(BOWL, "x=-5..5", "n=0..9:int", "--evaluations", "80", "--workers", workers, "--csv", name)
        rows = rows_of(name)
        if rows[0] != ["ticket", "value", "x", "n"] or len(rows) != 81 or "n = 3" not in said:
            sys.exit(f"{name}: {rows[0]}, {len(rows)} lines, {said}")
        if sorted(int(row[0]) for row in rows[1:]) != list(range(80)):
            sys.exit(f"{name}: a ticket is missing, or there twice")
        if not min(float(row[1]) for row in rows[1:]) < 0.1:
            sys.exit(f"{name}: nothing was found")
        if any(float(row[3]) != round(float(row[3])) for row in rows[1:]):
            sys.exit(f"{name}: n is not whole")

    # What fails, talks nonsense or takes too long is counted, and costs nothing but itself.
    said = succeeds("awk 'BEGIN { if ({x} < 0) exit 3; print ({x} - 1)^2 }'", "x=-5..5", "--csv", "fails.csv",
                    "--evaluations", "60")
    failed = sum(not math.isfinite(float(row[1])) for row in rows_of("fails.csv")[1:])
    if failed == 0 or f"{failed} of them failed" not in said:
        sys.exit(f"fails.csv: {failed} failed, but: {said}")
    started = time.monotonic()
    said = succeeds("sleep 60; echo {x}", "x=0..1", "--timeout", "0.1", "--evaluations", "4", "--csv", "slow.csv")
    if "4 of them failed" not in said or time.monotonic() - started > 30:
        sys.exit(f"slow.csv: {said}")
    if "1 of them failed" not in succeeds("echo {x} nothing", "x=0..1", "--evaluations", "1", "--csv", "words.csv"):
        sys.exit("a word was taken for a number")

    # Values go to the command with every digit, and quotes of the command stay what they are.
    succeeds("echo '{x}' | tee -a seen.txt", "x=-1e-7..1e-7", "--evaluations", "20", "--csv", "digits.csv")
    seen = (folder / "seen.txt").read_text().split()
    if seen != [row[2] for row in rows_of("digits.csv")[1:]] or seen != [row[1] for row in rows_of("digits.csv")[1:]]:
        sys.exit("digits.csv: the command saw other numbers than the file has")

    # Killed at any time, and gone on with: the same file, byte for byte.
    slow = ["sleep 0.02; " + BOWL, "x=-5..5", "n=0..9:int", "--evaluations", "60", "--seed", "7"]
    succeeds(*slow, "--csv", "whole.csv")
    whole = (folder / "whole.csv").read_bytes()
    for kind in (signal.SIGKILL, signal.SIGINT):
        name = f"killed{int(kind)}.csv"
        process = subprocess.Popen([program, *slow, "--csv", name], cwd=folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while not (folder / name).exists() or (folder / name).read_bytes().count(b"\n") < 20:
            if time.monotonic() > deadline:
                sys.exit(f"{name}: does not grow")
            time.sleep(0.01)
        os.killpg(process.pid, kind)  # as a terminal does: what it runs is not to end with it
        process.wait(timeout=60)
        if kind == signal.SIGKILL:  # and a line that was cut off
            with open(folder / name, "ab") as file:
                file.write(b"9999,0.12")
        if (folder / name).read_bytes().count(b"\n") >= 61:
            sys.exit(f"{name}: was not stopped")
        refuses("go on with --resume", *slow, "--csv", name)
        succeeds(*slow, "--csv", name, "--resume")
        if (folder / name).read_bytes() != whole:
            sys.exit(f"{name}: another file than the run that was not stopped")

    # A finished file is gone on with at once; one of another search is refused.
    succeeds(*slow, "--csv", "whole.csv", "--resume")
    refuses("another search", *slow[:-1], "8", "--csv", "whole.csv", "--resume")
    refuses("other variables", BOWL.replace("{n}", "{m}"), "x=-5..5", "m=0..9:int", "--csv", "whole.csv", "--resume")
    if (folder / "whole.csv").read_bytes() != whole:
        sys.exit("whole.csv: changed by a search that was refused")

    # With three workers as well, whose order is on record.
    three = [*slow[:4], "40", *slow[5:], "--workers", "3", "--csv", "three.csv"]
    succeeds(*three)
    lines = (folder / "three.csv").read_bytes().splitlines(keepends=True)
    (folder / "three.csv").write_bytes(b"".join(lines[:23]))
    succeeds(*three, "--resume")
    again = rows_of("three.csv")
    if len(again) != 41 or (folder / "three.csv").read_bytes().splitlines(keepends=True)[:23] != lines[:23]:
        sys.exit(f"three.csv: {len(again)} lines")

    # Whole numbers have no exponent, and 0 no sign; braces of others, signs of numbers.
    succeeds("echo {n} >> whole.txt; echo {n}", "n=99999..100001:int", "--csv", "thousands.csv", "--evaluations", "12")
    succeeds("echo {n} >> whole.txt; echo {n}", "n=-1..1:int", "--csv", "zeros.csv", "--evaluations", "12")
    if not set((folder / "whole.txt").read_text().split()) <= {"99999", "100000", "100001", "-1", "0", "1"}:
        sys.exit(f"whole numbers came as {(folder / 'whole.txt').read_text()}")
    said = succeeds("echo ${HOME} {{x}} | sed 's/.*/+1.5/'; : {x}", "x=0..1", "--csv", "b.csv", "--evaluations", "2")
    if "lowest value 1.5 " not in said:
        sys.exit(f"b.csv: {said}")

    # What a command leaves behind is not waited for, and nothing reads the terminal.
    started = time.monotonic()
    succeeds("sleep 30 & echo {x}", "x=0..1", "--csv", "left.csv", "--evaluations", "3")
    succeeds("cat; echo {x}", "x=0..1", "--csv", "input.csv", "--evaluations", "3")
    if time.monotonic() - started > 20:
        sys.exit("left.csv: waited for what a command left behind")

    # A file of somebody else's stays as it is; one of a process that runs is not to be had.
    for text in ("a thesis", "some\nnotes", "ticket,value,x\n1,2\n", "ticket,value,x\n1,2,a\n3,"):
        (folder / "other.txt").write_text(text)
        refuses("other.txt", "echo {x}", "x=0..1", "--csv", "other.txt", "--resume")
        if (folder / "other.txt").read_text() != text:
            sys.exit(f"other.txt: {text} was changed")
    (folder / "begun.csv").write_text("ticket,val")
    succeeds("echo {x}", "x=0..1", "--csv", "begun.csv", "--resume", "--evaluations", "3")
    process = subprocess.Popen([program, "sleep 0.2; echo {x}", "x=0..1", "--csv", "two.csv", "--evaluations", "20"],
                               cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (folder / "two.csv").exists() or not (folder / "two.csv").read_bytes():
        time.sleep(0.01)
    refuses("another search writes to it", "echo {x}", "x=0..1", "--csv", "two.csv", "--resume")
    process.kill()
    process.wait()
    refuses("more evaluations", "sleep 0.02; " + BOWL, "x=-5..5", "n=0..9:int", "--evaluations", "3", "--seed", "7",
            "--csv", "whole.csv", "--resume")

    # What makes no sense is said.
    refuses("no variable fills a place", "echo {x} {z}", "x=0..1", "--csv", "n.csv")
    refuses("no place for it", "echo {x}", "x=0..1", "y=0..1", "--csv", "n.csv")
    refuses("two of that name", "echo {x}", "x=0..1", "x=0..1", "--csv", "n.csv")
    refuses("low <= high", "echo {x}", "x=1..0", "--csv", "n.csv")
    refuses("positive", "echo {x}", "x=0..1:log", "--csv", "n.csv")
    refuses("whole", "echo {x}", "x=0..1.5:int", "--csv", "n.csv")
    for word in ("x", "x=", "x=a..b", "x=0..1:odd", "=0..1", "x=0..", "x=nan..1", "x=0..inf", "a,b=0..1", "value=0..1", " x=0..1"):
        refuses("", "echo {x}", word, "--csv", "n.csv")
    if (folder / "n.csv").exists():
        sys.exit("n.csv: made for nothing")


if __name__ == "__main__":
    main()
