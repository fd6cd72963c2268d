#!/usr/bin/env python3
"""genome_facts.py FILE...: what genomes cost, from the facts in their safetensors headers."""

import json
import struct
import sys
from pathlib import Path


def facts(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    genes = sum(tensor["data_offsets"][1] - tensor["data_offsets"][0]
                for name, tensor in header.items() if name != "__metadata__") // 4
    return genes, header.get("__metadata__", {})


def main():
    print("| genome | genes | seed | generations | lifetimes | seconds | threads | core-hours |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for path in map(Path, sys.argv[1:]):
        genes, told = facts(path)
        seconds, threads = float(told.get("seconds", 0)), int(told.get("threads", 1))
        print(f"| {path.stem} | {genes} | {told.get('seed', '')} | {told.get('generations', '')} | "
              f"{told.get('lifetimes', '')} | {seconds:.0f} | {threads} | {seconds * threads / 3600:.2f} |")


if __name__ == "__main__":
    main()
