"""Builds the Python module: CMake compiles it, out of the sources two folders up. CMAKE_ARGS has more for CMake."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parents[2]


def version():
    text = (ROOT / "include" / "tdca" / "version.hpp").read_text()
    return ".".join(re.search(rf"define TDCA_VERSION_{part} (\d+)", text)[1] for part in ("MAJOR", "MINOR", "PATCH"))


class CMakeBuild(build_ext):
    def build_extension(self, extension):
        build, built = Path(self.build_temp).resolve(), Path(self.get_ext_fullpath(extension.name)).resolve()
        others = [f"-DTDCA_{part}=OFF" for part in ("BUILD_TESTS", "BUILD_EXAMPLES", "BUILD_BENCHMARKS", "INSTALL")]
        subprocess.run(["cmake", "-S", ROOT, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DTDCA_BUILD_PYTHON=ON", *others,
                        f"-DPython3_EXECUTABLE={sys.executable}", *shlex.split(os.environ.get("CMAKE_ARGS", ""))], check=True)
        # Two at a time: a compiler takes 1.3 GB. CMAKE_BUILD_PARALLEL_LEVEL says otherwise.
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(min(2, os.cpu_count() or 1)))
        subprocess.run(["cmake", "--build", build, "--target", "tdca_python", "--parallel", jobs], check=True)
        built.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(build / "python" / "tdca" / built.name, built)


setup(version=version(), ext_modules=[Extension("tdca._core", [])], cmdclass={"build_ext": CMakeBuild})
