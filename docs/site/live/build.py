#!/usr/bin/env python3
"""Builds the page that learns in the browser, one file without anything from elsewhere.

    docs/site/live/build.py FOLDER        FOLDER gets live.html, and work/ for what is made on the way

Exit code 77: there is no emscripten here, or no data.
"""

import base64
import gzip
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DIGITS = Path("/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz")
HEADERS = ["xtensor", "xtl", "xsimd", "Random123"]
# -msimd128: the same accuracies, 7 to 57 % more updates a second, 50 kB (docs/results/reach.md).
FLAGS = ["-std=c++20", "-O3", "-msimd128", "-DNDEBUG",
         "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
LINK = ["-O2", "--no-entry", "-sSTANDALONE_WASM=1", "-sINITIAL_MEMORY=33554432"]
SCRIPTS = ["expression.js", "colours.js", "chart.js", "pad.js", "digits.js", "landscape.js", "page.js"]
WORKER = ["expression.js", "worker.js"]
# Evolved on images of clothes and three tables: no handwritten digit.
UNSEEN = ROOT / "examples/genomes/universal_without_mnist_digits_1.safetensors"
TRAINED = 1297  # of 1,797; the other 500 are held out
MOST_BYTES = 500_000


def newer(target, sources):
    return target.exists() and all(target.stat().st_mtime >= source.stat().st_mtime for source in sources)


def compile_wasm(work):
    """The library as WebAssembly."""
    include = work / "include"  # the host's other headers must not be seen
    include.mkdir(parents=True, exist_ok=True)
    for name in HEADERS:
        if not (include / name).is_symlink():
            (include / name).symlink_to(Path("/usr/include") / name)
    if shutil.which("ccache"):
        os.environ["EM_COMPILER_WRAPPER"] = "ccache"
    objects = []
    headers = [*HERE.glob("*.hpp"), *ROOT.glob("include/tdca/**/*.hpp"), *ROOT.glob("benchmarks/baseline/*.hpp")]
    for source in sorted(HERE.glob("*.cpp")):
        objects.append(work / (source.stem + ".o"))
        if not newer(objects[-1], [source, *headers, Path(__file__)]):
            subprocess.run(["em++", *FLAGS, "-include", HERE / "wasm.hpp", f"-I{ROOT / 'include'}",
                            "-isystem", ROOT / "benchmarks", "-isystem", include,
                            "-c", source, "-o", objects[-1]], check=True)
    out = work / "live.wasm"
    if not newer(out, objects):
        subprocess.run(["em++", *LINK, *objects, "-o", out], check=True)
    return out.read_bytes()


def digits():
    """65 bytes a sample, pixels of 0 to 16 and the label; the held-out ones last."""
    rows = [bytes(int(float(cell)) for cell in line.split(","))
            for line in gzip.open(DIGITS, "rt").read().split()]
    random.Random(1).shuffle(rows)
    return b"".join(rows)


def genes(path):
    """A genome's numbers in the order in which the library reads them, which is that of the file's names."""
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    names = json.loads(data[8:start])
    places = [names[name]["data_offsets"] for name in names if name != "__metadata__"]
    return b"".join(data[start + first:start + last] for first, last in places)


def packed(data):
    return base64.b64encode(zlib.compress(data, 9)).decode()


def joined(names):
    return "\n".join((HERE / name).read_text() for name in names)


def main(folder):
    if not shutil.which("em++"):
        print("skipped: Debian's emscripten is not installed, so the page that learns is not built")
        return 77
    if not DIGITS.exists():
        print("skipped: Debian's python3-sklearn, whose digits the page learns, is not installed")
        return 77
    parts = {"style": (HERE / "page.css").read_text(),
             "worker": joined(WORKER).replace("</", "<\\/"),
             "script": joined(SCRIPTS),
             "trained": str(TRAINED),
             "genome": packed(genes(UNSEEN)),
             "digits": packed(digits()),
             "wasm": packed(compile_wasm(folder / "work"))}
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], (HERE / "page.html").read_text())
    page = folder / "live.html"
    page.write_text(text)
    size = page.stat().st_size
    print(f"{page}: {size:,} bytes")
    if size > MOST_BYTES:
        print(f"more than {MOST_BYTES:,} bytes")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
