#!/usr/bin/env python3
"""Fails where an example is more than a reader takes in at one sitting, or is no example but a study.

Usage: sizes.py SOURCES         SOURCES is the root of the tree
       sizes.py --self-test     plants each kind of violation and sees it caught
"""

import re
import sys
import tempfile
from pathlib import Path

MOST_EXAMPLES = 12
MOST_LINES = 119  # under 120
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


def check(root):
    """A sentence for each violation."""
    examples = sorted((root / "examples").glob("*.cpp"))
    if not examples:
        yield f"{root}/examples: there is no example"
    if len(examples) > MOST_EXAMPLES:
        yield f"{len(examples)} examples; a user reads {MOST_EXAMPLES} at most: comparisons belong to benchmarks/studies/"
    for path in examples:
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES:
            yield f"{path}: {lines} lines; an example has {MOST_LINES} at most"
    for path in sorted((root / "examples").rglob("*.[ch]pp")):
        for included in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if included.startswith(("benchmarks/", "baseline/", "measure/", "peers/")) or (
                    included.startswith("support/") and not (root / "examples" / included).exists()):
                yield f"{path}: includes {included}, which is no example's"
    quick = root / "examples" / "quick_start.cpp"
    if quick in examples and "support/" in quick.read_text(encoding="utf-8"):
        yield f"{quick}: the quick start takes no helper"


SOUND = {"quick_start.cpp": "#include <tdca/presets.hpp>\n", "support/program.hpp": "",
         "pole.cpp": '#include "support/program.hpp"\n'}
VIOLATIONS = [
    ({"long.cpp": "\n" * (MOST_LINES + 1)}, "long.cpp: 120 lines"),
    ({f"example_{i}.cpp": "" for i in range(MOST_EXAMPLES)}, "14 examples"),
    ({"pole.cpp": '#include "baseline/backprop.hpp"\n'}, "includes baseline/backprop.hpp"),
    ({"pole.cpp": '#include "support/datasets.hpp"\n'}, "includes support/datasets.hpp"),
    ({"support/program.hpp": "#include <measure/peak.hpp>\n"}, "includes measure/peak.hpp"),
    ({"small/main.cpp": '#include "baseline/backprop.hpp"\n'}, "includes baseline/backprop.hpp"),
    ({"quick_start.cpp": '#include "support/program.hpp"\n'}, "takes no helper"),
]


def self_test():
    for change, expected in [({}, None), *VIOLATIONS]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**SOUND, **change}.items():
                path = Path(folder, "examples", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            found = list(check(Path(folder)))
        if len(found) != (expected is not None) or (expected and expected not in found[0]):
            sys.exit(f"{change}: expected {expected}, found {found}")
    print(f"{len(VIOLATIONS)} planted violations caught")


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    found = list(check(Path(sys.argv[1])))
    print("\n".join(found) or "examples can be read in one sitting")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
