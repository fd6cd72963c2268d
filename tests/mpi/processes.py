#!/usr/bin/env python3
"""An evolution on 1, 2 and 4 processes, and one that loses processes.

Usage: processes.py MPIRUN PROGRAM LIBRARY FOLDER [--kills N] [--seed S]

LIBRARY is count_bytes. The genome must be the same bits for any number of processes, and after
processes were killed, or one was asked to stop, and the job went on with another number. Fitness is all
that they say to each other, and only the first one touches files. A file that cannot be written ends the
whole job with a message.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "fault"))
from checkpoint_file import tensors  # noqa: E402: the folder is known only now

MEMBERS, LIFETIMES = 8, 6  # of the program's short form


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


class Jobs:
    """Starts the program under mpirun."""

    def __init__(self, mpirun, program, folder):
        self.mpirun, self.program, self.folder = mpirun, program, folder
        # Open MPI wants to be told that there may be more processes than cores, and that root is root.
        self.environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1",
                            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                            "OMPI_MCA_rmaps_base_oversubscribe": "1",
                            "OMPI_MCA_hwloc_base_binding_policy": "none",
                            "OMPI_MCA_mpi_yield_when_idle": "1"}

    def command(self, output, *more, generations=40):
        return [str(self.program), "--quick", "--threads", "1", "--checkpoint-seconds", "0",
                "--generations", str(generations), "--output", output, *more]

    def launch(self, *words):
        return subprocess.Popen([self.mpirun, *words], cwd=self.folder, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def start(self, count, output, *more):
        return self.launch("-np", str(count), *self.command(output, *more))

    @staticmethod
    def wait(job):
        """What the job said on standard error, when it has ended."""
        try:
            return job.communicate(timeout=120)[1]
        except subprocess.TimeoutExpired:
            job.terminate()
            sys.exit(f"a job hangs: {job.communicate()[1]}")

    def finish(self, what, job):
        said = self.wait(job)
        if job.returncode != 0:
            sys.exit(f"{what}: exit code {job.returncode}: {said}")
        return said

    def signal_one(self, job, number, choose):
        """Sends a signal to one process of the job, once there is a checkpoint from it."""
        victims = children_named(job.pid, self.program.name)
        if victims:
            os.kill(choose(sorted(victims)), number)
        return bool(victims)

    def wait_for(self, checkpoint, job, since):
        """Waits until the job has written a checkpoint."""
        while job.poll() is None:
            if checkpoint.exists() and checkpoint.stat().st_mtime_ns > since:
                return
            time.sleep(0.002)


def bytes_said(jobs, library, count, generations):
    """Bytes that each process gave to MPI_Allreduce; to any other call none may be given."""
    log = jobs.folder / f"bytes_{count}_{generations}"
    command = jobs.command("counted.safetensors", generations=generations)
    jobs.finish("counted", jobs.launch("-np", str(count), "env", f"LD_PRELOAD={library}",
                                       f"COUNT_LOG={log}", *command))
    lines = [[int(word) for word in line.split()[:3]] for line in log.read_text().splitlines()]
    reduced = {line[1] for line in lines}
    if len(lines) != count or len(reduced) != 1 or any(line[2] for line in lines):
        sys.exit(f"what {count} processes said: {lines}")
    return reduced.pop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("mpirun")
    for place in ("program", "library", "folder"):
        parser.add_argument(place, type=lambda path: Path(path).absolute())
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of death")
    options = parser.parse_args()
    folder, chance = options.folder, random.Random(options.seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    jobs = Jobs(options.mpirun, options.program, folder)

    genomes = []
    for count in (1, 2, 4):
        jobs.finish(f"{count} processes", jobs.start(count, f"on_{count}.safetensors"))
        genomes.append(tensors(folder / f"on_{count}.safetensors"))
    if genomes[1:] != genomes[:-1]:
        sys.exit("the genome depends on the number of processes")
    wanted = genomes[0]

    for count in (2, 4):
        each = (bytes_said(jobs, options.library, count, 20) -
                bytes_said(jobs, options.library, count, 10)) / 10
        # A double for each lifetime, and an int: whether any process was asked to stop.
        if each != MEMBERS * LIFETIMES * 8 + 4:
            sys.exit(f"{count} processes say {each} bytes a generation")

    # Any process is killed, at any moment after the first checkpoint; jobs go on with other numbers.
    output = folder / "wounded.safetensors"
    checkpoint = output.with_name(output.name + ".checkpoint")
    killed = resumed = 0
    while True:
        since = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        job = jobs.start((3, 2, 4)[killed % 3], output.name, "--resume")
        sent = False
        if killed < options.kills:
            jobs.wait_for(checkpoint, job, since)
            time.sleep(chance.uniform(0, 0.1))
            sent = jobs.signal_one(job, signal.SIGKILL, chance.choice)
        said = jobs.wait(job)
        resumed += "resumed" in said
        if job.returncode == 0 and tensors(output) != wanted:
            sys.exit(f"after {killed} deaths the genome differs")
        if job.returncode == 0 and killed >= options.kills:
            break
        if job.returncode == 0:  # death came too late
            for path in folder.glob(output.name + "*"):
                path.unlink()
        elif not sent:
            sys.exit(f"exit code {job.returncode}: {said}")
        else:
            killed += 1
            if not any(tensors(path) for path in folder.glob(checkpoint.name + "*")
                       if ".tmp." not in path.name):
                sys.exit("no checkpoint is left")

    # One process is asked to stop: all stop with a checkpoint, and tell the same exit code. It lies
    # where only the first process can see it.
    alone, elsewhere = folder / "alone", folder / "elsewhere"
    alone.mkdir()
    elsewhere.mkdir()

    def start_apart(*more):
        command = jobs.command("apart.safetensors", *more)
        return jobs.launch("-np", "1", "-wdir", str(alone), *command, ":",
                           "-np", "1", "-wdir", str(elsewhere), *command)

    job = start_apart()
    jobs.wait_for(alone / "apart.safetensors.checkpoint", job, 0)
    jobs.signal_one(job, signal.SIGTERM, lambda victims: victims[-1])
    said = jobs.wait(job)
    if job.returncode != 128 + signal.SIGTERM or "--resume continues" not in said:
        sys.exit(f"one of two processes asked to stop: exit code {job.returncode}: {said}")
    said = jobs.finish("resumed apart", start_apart("--resume"))
    if "resumed" not in said or tensors(alone / "apart.safetensors") != wanted:
        sys.exit(f"resumed where the second process sees no checkpoint: {said}")
    if any(elsewhere.iterdir()):
        sys.exit("the second process has written a file")

    # When the first process cannot write, nobody waits for it.
    job = jobs.start(2, "missing/genome.safetensors")
    complaint = jobs.wait(job)
    if job.returncode == 0 or "missing/genome.safetensors" not in complaint:
        sys.exit(f"an unwritable file: exit code {job.returncode}: {complaint}")
    print(f"same bits on 1, 2 and 4 processes, and after {killed} processes were killed and {resumed} jobs "
          f"resumed on another number; {MEMBERS * LIFETIMES * 8 + 4} bytes a generation; one process asked "
          "to stop stops all; an unwritable file ends the job with its name")
    return 0 if resumed >= options.kills else 1


if __name__ == "__main__":
    sys.exit(main())
