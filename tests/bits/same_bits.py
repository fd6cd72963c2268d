#!/usr/bin/env python3
"""same_bits.py DIGESTS: runs the program with 1, 2, 4 and 8 threads and once more with 1; all must print the same."""

import subprocess
import sys


def digests(threads):
    run = subprocess.run([sys.argv[1], str(threads)], check=True, capture_output=True, text=True)
    return dict(line.split(": ") for line in run.stdout.splitlines())


first = digests(1)
if not first:
    sys.exit("no digest was printed")
# Of the seeds of one subject no two may be alike: a digest of nothing would be.
if len(set(first.values())) != len(first):
    sys.exit(f"{len(first)} digests, of which only {len(set(first.values()))} differ")

failed = False
for threads in (2, 4, 8, 1):
    for name, digest in digests(threads).items():
        if digest != first[name]:
            failed = True
            print(f"{name}: {first[name]} on 1 thread, {digest} in a run on {threads}")
if failed:
    sys.exit(1)
print(f"{len(first)} digests, the same in 5 runs on 1, 2, 4, 8 and 1 threads")
