#!/usr/bin/env python3
"""Whether one genome, tuned for nothing, is what a point asks for.

Usage: targets_point.py FILE        point b: FILE is what the study targets wrote
       targets_point.py --text FILE point d: FILE is what the study text_every_step wrote

b: beside backpropagation tuned for each table speed-up 1.5 or more and loss at most equal (interquartile means), worst
table 0.8 or more, no broken life. d: of the 0.47 bits a character that lay between TDCA and backpropagation through time
where the last step alone had a target, half or less where all have one.
"""

import json
import sys

with open(sys.argv[-1], encoding="utf-8") as file:
    report = json.load(file)
if "--text" in sys.argv:
    cells = report["cells"]
    exact = cells["backpropagation through time"]
    gaps = {}
    for figure, name in (("bits", "over all steps"), ("bits_after_32", "after 32 characters")):
        best = min(cells[f"TDCA, {family}"][figure]["mean"] for family in ("universal", "architectures"))
        gaps[name] = best - exact[figure]["mean"]
    print("".join(f"{gap:+.3f} bits a character {name} beside backpropagation through time\n" for name, gap in gaps.items()),
          end="")
    asked = {"half of 0.47 bits or less": max(gaps.values()) <= 0.235}
else:
    asked = {
        "speed-up, interquartile mean, at least 1.5": report["speed_up_interquartile_mean"] >= 1.5,
        "loss over tuned backpropagation's, interquartile mean, at most 1":
            report["relative_loss_interquartile_mean"] <= 1,
        "worst speed-up at least 0.8": report["worst_speed_up"] >= 0.8,
        "no broken life": report["broken_lives"] == 0,
    }
for what, holds in asked.items():
    print(f"{'holds  ' if holds else 'FAILS  '} {what}")
sys.exit(0 if all(asked.values()) else 1)
