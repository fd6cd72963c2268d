#!/usr/bin/env python3
"""Fails where a page, a comment or a script names a file or folder of ours that does not exist.

Usage: citations.py FOLDER        FOLDER is the root of the sources
       citations.py --self-test   plants mentions of both kinds and sees which are found

A mention is docs/PATH, scripts/PATH and the like, of every folder at the root, or a file below any folder of the tree:
training/learner.hpp. A program is named without .cpp. Words in capitals, $variables, {fields} and * stand for anything;
what must not exist is called absent. Paths of a build folder are not looked at.
"""

import fnmatch
import os
import re
import sys
import tempfile
from pathlib import Path

KINDS = {".md", ".py", ".hpp", ".cpp", ".sh", ".cmake", ".txt", ".in", ".dox"}
MENTION = re.compile(r"(?<![\w./${}*<>@-])(?:\.\.?/)*((?:[\w-]+/)+(?:[\w.*-]|\$\{\w+\}|\$\w+|\{\w+\}|/)*)")
WILD = re.compile(r"\$\{\w+\}|\$\w+|\{\w+\}|(?<![A-Za-z])[A-Z]{3,}(?![a-z])|\*+")
FILE = re.compile(r"\.(md|hpp|cpp|py|sh|cmake)$")
# Trees that their own self-tests plant; figures from elsewhere.
LEFT_OUT = {"tests/architecture/include_ranks.py", "tests/architecture/citations.py"}


class Tree:
    """The files and folders below a root."""

    def __init__(self, root):
        self.root, self.files, paths = root, [], set()
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in ("build", ".git", "__pycache__")]
            inside = Path(folder).relative_to(root)
            self.files += [inside / name for name in files]
            paths |= {(inside / name).as_posix() for name in folders + files}
        self.top = {path for path in paths if "/" not in path and (root / path).is_dir()}
        self.folders = {Path(path).name for path in paths if (root / path).is_dir()}
        paths |= {path.removesuffix(".cpp") for path in paths}
        self.endings = {path[start:] for path in paths for start in [0, *(at.end() for at in re.finditer("/", path))]}

    def has(self, mention):
        """Whether a path ends like this."""
        pattern = WILD.sub("*", mention)
        return mention in self.endings or ("*" in pattern and bool(fnmatch.filter(self.endings, pattern)))

    def is_citation(self, mention):
        first = mention.split("/")[0]
        return "absent" not in mention and (first in self.top or (first in self.folders and FILE.search(mention)))


def check(root):
    """A sentence for each mention of what is not there, and the number of all."""
    tree, missing, count = Tree(root), [], 0
    for file in sorted(tree.files):
        if file.suffix not in KINDS or file.as_posix() in LEFT_OUT:
            continue
        for number, line in enumerate((root / file).read_text(encoding="utf-8").splitlines(), 1):
            for mention in (found.rstrip("./*-") for found in MENTION.findall(line)):
                if mention.startswith("tdca/examples/"):  # readers of the guide call the sources tdca
                    mention = mention.removeprefix("tdca/")
                if tree.is_citation(mention):
                    count += 1
                    if not tree.has(mention):
                        missing.append(f"{file}:{number}: {mention} does not exist")
    return missing, count


# For the self-test: what may be said beside these files, and what may not.
FILES = ["docs/method.md", "include/tdca/training/learner.hpp", "examples/cart_pole.cpp", "scripts/lib/data.sh"]
SOUND = ["`docs/method.md`", "docs/*.md, docs/NAME.md", "training/learner.hpp", "build/ci/benchmarks/studies/measures",
         "examples/cart_pole", "$root/scripts/none.sh", "scripts/absent.sh", "gymnasium/envs/pole.py", "and/or",
         "scripts/lib/$name.sh", "see docs/method.md.", "../include/tdca/training"]
MISSING = ["`docs/methods.md`", "docs/*.txt", "training/learners.hpp", "examples/measures", "scripts/none.sh",
           "include/tdca/absence", "lib/packages.sh", "../docs/images/none.png"]


def self_test():
    failures = []
    for mention, expected in [(text, 0) for text in SOUND] + [(text, 1) for text in MISSING]:
        with tempfile.TemporaryDirectory() as folder:
            for name in FILES:
                Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, name).write_text("", encoding="utf-8")
            Path(folder, "README.md").write_text(f"See {mention}\n", encoding="utf-8")
            found, _ = check(Path(folder))
            if len(found) != expected:
                failures.append(f"{mention}: {found}")
    print("\n".join(failures) or f"self-test: {len(MISSING)} mentions of what is not there found")
    return 1 if failures else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__)
        return 2
    missing, count = check(Path(arguments[0]))
    print("\n".join(missing) or f"{count} mentions")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
