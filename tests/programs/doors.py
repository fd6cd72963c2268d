#!/usr/bin/env python3
"""Walks the programs' sources and fails where one reads or shows a number in another way than ours.

Usage: doors.py SOURCES        SOURCES is the root of the tree
       doors.py --self-test    plants each kind of violation and sees it caught
"""

import re
import sys
import tempfile
from pathlib import Path

FOLDERS = ("examples", "benchmarks")
COMMAND_LINE = "examples/support/command_line.cpp"
# What must not stand there: why, and the files that may have it all the same.
BANNED = [
    (r"#\s*include\s*<CLI/", "options are added to support::CommandLine, which checks them",
     {COMMAND_LINE}),
    (r"\bstd::to_string\(", "to_text shows all of a number", set()),
    (r"\b(?:std::)?(?:stoi|stol|stoul|stoll|stoull|stof|stod|stold|atoi|atol|atoll|atof|"
     r"strto(?:f|d|ld|l|ul|ll|ull)|sscanf)\(",
     "to_count and to_real read all of a text, and nothing wraps",
     {"benchmarks/peers/libtorch_update.cpp"}),  # has none of our headers; our benchmark speaks to it
]


def complaints(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            name = path.relative_to(root).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for pattern, reason, allowed in BANNED:
                    if re.search(pattern, line) and name not in allowed:
                        yield f"{name}:{number}: {reason}"


def self_test():
    planted = ["#include <CLI/CLI.hpp>", "return std::to_string(1);", "int n = std::stoi(text);",
               "seed = std::strtoull(argv[1], nullptr, 10);", "return atoi(argv[1]);"]
    for line in planted:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "benchmarks").mkdir()
            (Path(folder) / "benchmarks" / "program.cpp").write_text(line + "\n")
            if len(list(complaints(Path(folder)))) != 1:
                sys.exit(f"not caught: {line}")
    print(f"{len(planted)} planted violations caught")


def main():
    if sys.argv[1] == "--self-test":
        self_test()
        return 0
    found = list(complaints(Path(sys.argv[1])))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
