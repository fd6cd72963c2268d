#!/usr/bin/env python3
"""packaging/python/examples/first_steps.py prints what first_steps.txt beside this file says: the same words, numbers
within a tenth."""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")

done = subprocess.run([sys.executable, HERE.parents[1] / "packaging" / "python" / "examples" / "first_steps.py"],
                      capture_output=True, text=True)
if done.returncode != 0:
    sys.exit(done.stderr)
expected = (HERE / "first_steps.txt").read_text()
if NUMBER.sub("#", done.stdout) != NUMBER.sub("#", expected):
    sys.exit(f"other words than first_steps.txt:\n{done.stdout}")
for found, wanted in zip(map(float, NUMBER.findall(done.stdout)), map(float, NUMBER.findall(expected))):
    if abs(found - wanted) > 0.1 * max(abs(wanted), 0.1):
        sys.exit(f"{found} in place of {wanted}:\n{done.stdout}")
print("as it is written down")
