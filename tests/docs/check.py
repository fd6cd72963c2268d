#!/usr/bin/env python3
"""Checks the code blocks and links of README.md, CONTRIBUTING.md and docs/**/*.md. README.md here has the rules.

Usage: check.py generate --work FOLDER              runs Python blocks, writes FOLDER/blocks.cpp
       check.py run --work FOLDER --program FILE    runs every C++ program of the pages, compares what it prints
       check.py shell --build FOLDER                looks for all that shell blocks name
       check.py cmake --build FOLDER --work FOLDER  configures CMake blocks as consumers
       check.py links                               looks for what links and pictures point at
       check.py quick_start                         compares README.md's quick start with the example
       check.py tests --build FOLDER                looks for the tests that pages name
       check.py self_test --build FOLDER            plants mistakes and sees them found
"""

import argparse
import contextlib
import io
import re
import sys
import tempfile
from pathlib import Path

import pages
from commands import cmake, shell
from pages import Wrong, check_all, execute, without_code
from programs import COMPONENTS, generate, run


def anchors_of(path):
    """The anchors that a forge makes of headings."""
    headings = re.findall(r"^#+ (.*)$", without_code(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_link(link):
    path, target = link
    file, _, anchor = target.partition("#")
    there = (path.parent / file).resolve() if file else path
    if not there.exists():
        raise Wrong(f"{path.relative_to(pages.SOURCE)}: nothing is at {target}")
    if anchor and anchor not in anchors_of(there):
        raise Wrong(f"{path.relative_to(pages.SOURCE)}: no such heading: {target}")


def links(_arguments):
    """Looks for what links and pictures point at."""
    found = [(path, target) for path in pages.pages()
             for target in re.findall(r"\]\(([^)\s]+)\)", without_code(path)) if not re.match(r"https?:", target)]
    print(f"{check_all(found, check_link)} links")


def quick_start(_arguments):
    """The first C++ of README.md is examples/quick_start.cpp, word for word."""
    first = next((block for block in pages.blocks_of(pages.SOURCE / "README.md") if block.language == "cpp"), None)
    if first and first.text != (pages.SOURCE / "examples/quick_start.cpp").read_text():
        raise Wrong(f"{first.place}: this is not examples/quick_start.cpp, word for word")


def known_tests(build):
    """What CTest calls our tests. Those of a Catch2 program that is not built stand in its sources."""
    listed = execute(["ctest", "--test-dir", build, "-N"], "ctest -N")
    names = set(re.findall(r"^ *Test +#\d+: (.*?)(?: \(Disabled\))?$", listed, flags=re.MULTILINE))
    for source in (pages.SOURCE / "tests").rglob("*.cpp"):
        program = ".".join(source.relative_to(pages.SOURCE / "tests").parent.parts)
        for literals in re.findall(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', source.read_text()):
            names.add(f"{program}." + "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"'))
    return names


def tests(arguments):
    """Looks for tests that pages name: `unit.data.CASE`, `unit.data` for all of a program, `consumer.*` for several."""
    known = known_tests(arguments.build)
    kinds = {name.split(".")[0] for name in known if "." in name}

    def check(citation):
        path, name = citation
        beginning = name.removesuffix("*") if name.endswith("*") else f"{name}."
        if name not in known and not any(test.startswith(beginning) for test in known):
            raise Wrong(f"{path.relative_to(pages.SOURCE)}: no such test: {name}")

    found = [(path, name) for path in pages.pages()
             for name in re.findall(r"`(\w+\.[^`\n]+)`", without_code(path)) if name.split(".")[0] in kinds]
    print(f"{check_all(found, check)} tests")


MISTAKES = {
    "```cpp\nint x;\n": "has no end",
    "```cpp\nint x;\n```\n": "is not examples/quick_start.cpp",
    "```cpp contineu\nint x;\n```\n": "no such kind of block",
    "```cpp continue\nint x;\n```\n": "nothing to continue",
    "```cpp\n#include <span>\nint main() {\n    std::printf(\"\");\n}\n```\n": "does not include <cstdio>",
    "```python\nraise SystemExit(3)\n```\n": "exit code 3",
    "```python\nprint('21 apples')\n```\n```text output\n42 apples\n```\n": "prints",
    "```python\nprint('42 pears')\n```\n```text output\n42 apples\n```\n": "prints",
    "```sh run\ntrue\n```\n": "no program above",
    "```sh\nscripts/absent.sh\n```\n": "no such script",
    "```sh\nscripts/demo.sh --absent\n```\n": "has no option",
    "```sh\n./absent\n```\n": "nothing on this page makes",
    "```sh\nbuild/release/examples/absent\n```\n": "no such program",
    "```sh\nbuild/absent/examples/quick_start\n```\n": "no such preset",
    "```sh\ncmake -DTDCA_ABSENT=ON\n```\n": "no such CMake variable",
    "```sh\napt-get install absent\n```\n": "does not know the package",
    "```cmake\ntarget_link_libraries(app PRIVATE tdca::absent)\nfind_package(absent REQUIRED)\n```\n": "exit code 1",
    "[here](absent.md)\n": "nothing is at",
    "`docs.absent`\n": "no such test",
    "[here](README.md#absent)\n": "no such heading",
}


def self_test(arguments):
    """Each mistake, alone on a page, is found by one of the checks."""
    origin = pages.SOURCE
    for text, expected in MISTAKES.items():
        with tempfile.TemporaryDirectory() as folder:
            pages.SOURCE = Path(folder)
            for name in ("scripts", "examples", "cmake", "CMakeLists.txt", "CMakePresets.json"):
                (pages.SOURCE / name).symlink_to(origin / name)
            (pages.SOURCE / "docs").mkdir()
            (pages.SOURCE / "README.md").write_text(text)
            said = ""
            arguments.work = pages.SOURCE / "work"
            for check in (generate, shell, links, quick_start, tests) if "cmake\n" not in text else (cmake,):
                try:
                    with contextlib.redirect_stdout(io.StringIO()):
                        check(arguments)
                except Wrong as problem:
                    said += str(problem)
            if expected not in said:
                raise Wrong(f"not found: {text!r}: {said or 'nothing was said'}")
    print(f"{len(MISTAKES)} mistakes found")


def main():
    checks = {check.__name__: check for check in (generate, run, shell, cmake, links, quick_start, tests, self_test)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=checks)
    parser.add_argument("--build", type=Path, help="the build folder of the sources")
    parser.add_argument("--work", type=Path, help="a folder that is made anew")
    parser.add_argument("--program", type=Path, help="what blocks.cpp was compiled to")
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--component", action="append", default=[], dest="components", choices=sorted(COMPONENTS))
    arguments = parser.parse_args()
    try:
        checks[arguments.check](arguments)
    except Wrong as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
