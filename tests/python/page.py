#!/usr/bin/env python3
"""The Python of the documentation that imports tdca, run, and what it prints compared with the page: as tests/docs does with
blocks that do without the module."""

import importlib.util
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "docs"))
import programs

blocks = [block for block in programs.all_blocks("python") if "tdca" in block.words]
with tempfile.TemporaryDirectory() as folder:
    for block in blocks:
        if all(map(importlib.util.find_spec, block.words)):
            printed = programs.execute([sys.executable, "-"], block.place, input=block.text, cwd=folder)
            programs.compare_with_page(block, printed)
if not blocks:
    sys.exit("no page has Python that imports tdca")
print(f"{len(blocks)} pieces of Python")
