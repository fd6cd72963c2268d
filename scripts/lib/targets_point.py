#!/usr/bin/env python3
"""Whether one genome, tuned for no table, is what the point asks for beside backpropagation tuned for each: speed-up
1.5 or more and loss at most equal (interquartile means), worst table 0.8 or more, no broken life.

Usage: targets_point.py FILE        FILE is what the study targets wrote
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
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
