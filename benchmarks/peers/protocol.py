"""The peers' side of benchmarks/peers/process.hpp, and PyTorch set up for one."""

import sys
import time


def import_torch(threads):
    try:
        import torch
    except ImportError:
        print("missing Debian package python3-torch is not installed", flush=True)
        sys.exit(0)
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    return torch


def detail(torch, threads, extra):
    import os

    core = os.environ.get("OPENBLAS_CORETYPE", "of its own choice")
    return f"PyTorch {torch.__version__}, {threads} thread(s), OpenBLAS kernel {core}, {extra}"


def seconds_of(work, units):
    start = time.perf_counter()
    for _ in range(units):
        work()
    return time.perf_counter() - start


def fastest(works, units):
    """The name of the fastest of several ways to do the same work, after warming up."""
    best = None
    for name, work in works.items():
        seconds_of(work, units)
        seconds = min(seconds_of(work, units) for _ in range(3))
        if best is None or seconds < best[0]:
            best = (seconds, name)
    return best[1]


def serve(work, text):
    print("ready " + text, flush=True)
    for line in sys.stdin:
        words = line.split()
        if not words or words[0] == "quit":
            break
        print(f"{seconds_of(work, int(words[1])):.9g}", flush=True)
