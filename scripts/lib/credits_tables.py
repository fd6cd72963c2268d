#!/usr/bin/env python3
"""credits_tables.py [FOLDER]: the tables of docs/results/credits.md from the figures of FOLDER (docs/results/credits).

Point b: a row for each learner, a column for each number of layers; mean, half the 95 % interval, and the worst life.
"""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/results/credits")
for births in ("mirrored", "he"):
    cells = {}
    for path in sorted(folder.glob(f"deep*_{births}*.json")):
        for layers, learners in json.loads(path.read_text())["cells"].items():
            cells.setdefault(int(layers), {}).update(learners)
    if not cells:
        continue
    depths = sorted(cells)
    print(f"\n| {births} births | " + " | ".join(f"{layers} layers" for layers in depths) + " |")
    print("| --- |" + " --- |" * len(depths))
    for learner in ("credits", "L1 exact", "L2 error", "L3 gates", "L4 guesses", "L0 tuned"):
        row = []
        for layers in depths:
            cell = cells[layers].get(learner)
            if cell is None:
                row.append("–")
                continue
            low, high = cell["confidence_95"]
            row.append(f"{cell['mean']:.2f} ± {(high - low) / 2:.2f}, {cell['worst']:.2f} (n {cell['n']})")
        print(f"| {learner} | " + " | ".join(row) + " |")
