#!/usr/bin/env python3
"""The module's installation from a clean clone into an empty virtual environment by pip, and its build by CMake: minutes, the
wheel's size, and whether it works where it was installed.

Usage: reach_install.py CLONE WORK [--json FILE]        CLONE is a clean clone, WORK a folder that is made anew
"""

import argparse
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

# Beside the module: what a user does first, away from the sources.
FIRST = ("import tdca; found = tdca.minimize(lambda x: (x ** 2).sum(), [(-5, 5)] * 5, evaluations=1000, seed=1); "
         "assert found.fun < 1e-3; print(tdca.__file__)")


def timed(*command, **options):
    print("    " + shlex.join(map(str, command)), flush=True)
    start = time.time()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return time.time() - start, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clone", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    clone, work = arguments.clone.resolve(), arguments.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # Debian's pybind11, setuptools and NumPy are seen; the environment's own folder is empty.
    timed(sys.executable, "-m", "venv", "--system-site-packages", work / "venv")
    python = work / "venv" / "bin" / "python"
    wheel, _ = timed(python, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", work, ".",
                     cwd=clone / "packaging" / "python")
    file, = work.glob("tdca-*.whl")
    install, _ = timed(python, "-m", "pip", "install", "--no-deps", file)
    _, where = timed(python, "-c", FIRST, cwd=work)
    if not Path(where.strip()).is_relative_to(work / "venv"):
        sys.exit(f"imported from {where}")
    timed(python, "-m", "pip", "uninstall", "--yes", "tdca")
    off = [f"-DTDCA_BUILD_{part}=OFF" for part in ("TESTS", "EXAMPLES", "BENCHMARKS")]
    configure, _ = timed("cmake", "-S", clone, "-B", work / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                         "-DTDCA_BUILD_PYTHON=ON", *off, f"-DPython3_EXECUTABLE={sys.executable}")
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(min(2, os.cpu_count() or 1)))
    build, _ = timed("cmake", "--build", work / "build", "--target", "tdca_python", "--parallel", jobs)
    timed(sys.executable, "-c", FIRST, cwd=work, env={**os.environ, "PYTHONPATH": str(work / "build" / "python")})
    figures = {"pip_minutes": round((wheel + install) / 60, 2), "cmake_minutes": round((configure + build) / 60, 2),
               "wheel_megabytes": round(file.stat().st_size / 1e6, 2), "jobs": int(jobs)}
    print(f"pip {figures['pip_minutes']:.1f} minutes, CMake {figures['cmake_minutes']:.1f} minutes, {jobs} at a time; the wheel "
          f"has {figures['wheel_megabytes']:.1f} MB")
    if arguments.json:
        arguments.json.write_text(json.dumps({"program": "reach_install", "python": platform.python_version(),
                                              "processors": os.cpu_count(), **figures}, separators=(",", ":")) + "\n")


main()
