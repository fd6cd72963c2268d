#!/usr/bin/env python3
"""An evolution on 1, 2 and 4 processes, and one that loses a process.

Usage: processes.py MPIRUN PROGRAM FOLDER

The genome must be the same bits for any number of processes, and after a process was killed and the
job went on with another number. A file that cannot be written ends the whole job with a message.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "fault"))
from interrupted_run import tensors  # noqa: E402: the folder is known only now


def children_named(parent, name):
    """Process numbers below `parent` that run the program `name`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = stat.read_text().split(" (", 1)
            comm, rest = rest.rsplit(") ", 1)
        except (OSError, ValueError):
            continue
        if comm == name[:15] and int(rest.split()[1]) == parent:
            found.append(int(number))
    return found


def main():
    mpirun, program, folder = sys.argv[1], Path(sys.argv[2]).absolute(), Path(sys.argv[3]).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Open MPI wants to be told that there may be more processes than cores, and that root is root.
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                   "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}

    def start(count, output, *more):
        return subprocess.Popen([mpirun, "-np", str(count), str(program), "--quick", "--threads", "1",
                                 "--checkpoint-seconds", "0", "--output", output, *more],
                                cwd=folder, env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    genomes = []
    for count in (1, 2, 4):
        job = start(count, f"on_{count}.safetensors")
        _, said = job.communicate(timeout=120)
        if job.returncode != 0:
            sys.exit(f"{count} processes: exit code {job.returncode}: {said}")
        genomes.append(tensors(folder / f"on_{count}.safetensors"))
    if genomes[1:] != genomes[:-1]:
        sys.exit("the genome depends on the number of processes")

    # One of three processes is killed as soon as there is a checkpoint.
    checkpoint = folder / "wounded.safetensors.checkpoint"
    job = start(3, "wounded.safetensors")
    while not checkpoint.exists() and job.poll() is None:
        time.sleep(0.005)
    victims = children_named(job.pid, program.name)
    if victims:
        os.kill(victims[-1], signal.SIGKILL)
    _, said = job.communicate(timeout=120)
    if victims and job.returncode == 0 and not (folder / "wounded.safetensors").exists():
        sys.exit("the job ended without a genome, and said nothing")
    tensors(checkpoint)
    job = start(2, "wounded.safetensors", "--resume")
    _, said = job.communicate(timeout=120)
    if job.returncode != 0 or tensors(folder / "wounded.safetensors") != genomes[0]:
        sys.exit(f"resumed on two processes: exit code {job.returncode}: {said}")

    # Only the first process writes; when it cannot, nobody waits for it.
    job = start(2, "missing/genome.safetensors")
    _, complaint = job.communicate(timeout=120)
    if job.returncode == 0 or "missing/genome.safetensors" not in complaint:
        sys.exit(f"an unwritable file: exit code {job.returncode}: {complaint}")
    print(f"same bits on 1, 2 and 4 processes; {'a process killed, ' if victims else ''}"
          "resumed on 2 to the same bits; an unwritable file ends the job with its name")
    return 0 if victims and "resumed" in said else 1


if __name__ == "__main__":
    sys.exit(main())
