#!/usr/bin/env python3
"""An evolution whose disk is full, whose disk is read-only, and whose folder it may not write to.

Usage: real_disk.py PROGRAM FOLDER

The disk is a small tmpfs, mounted where no other process sees it, which takes root: without, exit
code 77 says that the test was skipped. Each time: an error that names file and reason, and the old
checkpoints as they were. Afterwards the run ends with the same bits as one never disturbed.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from checkpoint_file import tensors

# root, but subject to the bits of a folder's mode like anyone else
AS_OTHERS = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]


def main():
    program, folder = (Path(argument).absolute() for argument in sys.argv[1:3])
    if os.environ.get("TDCA_OWN_MOUNTS") is None:
        if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
            print("skipped: mounting a disk takes root")
            return 77
        folder.mkdir(parents=True, exist_ok=True)
        return subprocess.run(["unshare", "--mount", sys.executable, *sys.argv], check=False,
                              env={**os.environ, "TDCA_OWN_MOUNTS": "1"}).returncode
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(folder)], check=True)
    command = [str(program), "--known", "ackley", "--evaluations", "20", "--generations", "40",
               "--checkpoint-seconds", "0", "--resume", "--threads", "1", "--output"]

    def run(output, *before):
        return subprocess.run([*before, *command, output], cwd=folder, capture_output=True, text=True,
                              timeout=60)

    calm = run("calm.safetensors")
    if calm.returncode != 0:
        sys.exit(f"the program fails by itself: {calm.stderr}")
    newest = folder / "wanting.safetensors.checkpoint"
    older = newest.with_name(newest.name + ".1")
    process = subprocess.Popen([*command, "wanting.safetensors"], cwd=folder, stderr=subprocess.DEVNULL)
    while not older.exists() and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGTERM)
    if process.wait() != 128 + signal.SIGTERM:
        sys.exit(f"SIGTERM: exit code {process.returncode}")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    def must_fail(what, reason, *before):
        result = run("wanting.safetensors", *before)
        # Its checkpoint's name begins with that of the genome.
        if result.returncode != 2 or reason not in result.stderr or \
                "wanting.safetensors" not in result.stderr:
            sys.exit(f"{what}: exit code {result.returncode}: {result.stderr}")
        if {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "rest"} != files:
            sys.exit(f"{what}: a file has changed")

    with open(folder / "rest", "wb", buffering=0) as rest:
        try:
            while rest.write(bytes(512)):
                pass
        except OSError:
            pass
    must_fail("a full disk", "No space left on device")
    (folder / "rest").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    must_fail("a read-only disk", "Read-only file system")
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
    if shutil.which(AS_OTHERS[0]):
        folder.chmod(0o555)
        must_fail("a folder that may not be written to", "Permission denied", *AS_OTHERS)
        folder.chmod(0o755)
    result = run("wanting.safetensors")
    if result.returncode != 0 or "resumed" not in result.stderr or \
            tensors(folder / "wanting.safetensors") != tensors(folder / "calm.safetensors"):
        sys.exit(f"at last: exit code {result.returncode}: {result.stderr}")
    print("a full disk, a read-only one and a forbidden folder: named, and nothing changed; "
          "then the same bits")
    return 0


if __name__ == "__main__":
    sys.exit(main())
