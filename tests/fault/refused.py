#!/usr/bin/env python3
"""What an evolution must refuse to go on from: a clear error, and every file as it was.

Usage: refused.py PROGRAM GENOME FOLDER       GENOME is one of another learner
"""

import shutil
import subprocess
import sys
from pathlib import Path

from checkpoint_file import tensors, with_checksum


def main():
    program, genome, folder = (Path(argument).absolute() for argument in sys.argv[1:4])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known = {"--known": "ackley", "--generations": "3", "--seed": "1",
             "--threads": "1", "--output": "genome.safetensors"}

    def run(**changes):
        changed = {f"--{name}": value for name, value in changes.items()}
        words = [word for option in {**known, **changed}.items() for word in option]
        return subprocess.run([str(program), *words, "--quick", "--checkpoint-seconds", "0", "--resume"],
                              cwd=folder, capture_output=True, text=True, timeout=60)

    first = run()
    if first.returncode != 0:
        sys.exit(f"the program fails by itself: {first.stderr}")
    newest = folder / "genome.safetensors.checkpoint"
    older = newest.with_name(newest.name + ".1")
    whole = newest.read_bytes()
    before = older.read_bytes()
    tensors(newest)
    tensors(older)
    format_now = b'"format":"tdca-checkpoint-2"'
    if whole.count(format_now) != 1:
        sys.exit("the format of checkpoints has another name")

    def of_version(version):
        return with_checksum(whole.replace(format_now, b'"format":"tdca-checkpoint-%d"' % version))

    cases = [  # what, newest checkpoint, older one, options, what must be said
        ("another seed", whole, before, {"seed": "2"}, "another run: its key differs"),
        ("other settings", whole, before, {"known": "rastrigin"}, "another run: its settings differs"),
        ("a later version", of_version(3), before, {},
         "another run: its format differs (expected 'tdca-checkpoint-2', found 'tdca-checkpoint-3')"),
        ("no checkpoint", b"{}", before, {"seed": "2"}, "another run: its key differs"),
        ("all damaged", whole[:-1], before[:-1], {}, "no checkpoint is whole"),
        ("another learner's genome", whole, before, {"from": str(genome)}, genome.name),
    ]
    for what, new, old, changes, sentence in cases:
        newest.write_bytes(new)
        older.write_bytes(old)
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        result = run(**changes)
        if result.returncode != 2 or sentence not in result.stderr or result.stderr.count("\n") != 1:
            sys.exit(f"{what}: exit code {result.returncode}: {result.stderr}")
        if {path.name: path.read_bytes() for path in folder.iterdir()} != files:
            sys.exit(f"{what}: a file has changed")
    print(f"{len(cases)} resumes refused, with every file as it was")
    return 0


if __name__ == "__main__":
    sys.exit(main())
