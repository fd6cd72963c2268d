#!/usr/bin/env python3
"""The code blocks of README.md and docs/**/*.md, compiled, run and checked. tests/docs/README.md has the rules.

Usage: blocks.py generate --work FOLDER              runs Python blocks, writes FOLDER/blocks.cpp
       blocks.py run --work FOLDER --program FILE   runs every C++ program of the pages, compares what it prints
       blocks.py shell --build FOLDER               looks for all that shell blocks name
       blocks.py cmake --build FOLDER --work FOLDER configures CMake blocks as consumers
       blocks.py links                              looks for what links and pictures point at
       blocks.py self_test --build FOLDER           plants mistakes and sees them found
"""

import argparse
import contextlib
import importlib.util
import io
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
COMPONENTS = {"mpi", "box2d"}


class Wrong(Exception):
    """A block that does not hold, and where it stands."""


@dataclass
class Block:
    page: str  # relative to the sources
    line: int  # of its first line of code
    language: str
    words: list
    text: str

    @property
    def place(self):
        return f"{self.page}:{self.line}"


@dataclass
class Unit:
    """C++ blocks that belong together: one that stands for itself, and those that continue it."""

    blocks: list = field(default_factory=list)

    @property
    def place(self):
        return self.blocks[0].place

    @property
    def is_program(self):
        return any(MAIN.search(block.text) for block in self.blocks)

    def needs(self):
        return {word for block in self.blocks for word in block.words} & COMPONENTS


MAIN = re.compile(r"^int main\((.*)\) \{$", re.MULTILINE)
INCLUDE = re.compile(r'^#include (<.*>|"tdca/.*")\n', re.MULTILINE)


def pages():
    return [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]


def blocks_of(path):
    """The fenced blocks of a page."""
    page = str(path.relative_to(SOURCE))
    block = None
    for number, line in enumerate(path.read_text().splitlines(keepends=True), 1):
        if block is None:
            if fence := re.match(r" *(```+)(.*)$", line):
                language, *words = fence[2].split() or [""]
                block = Block(page, number + 1, language, words, "")
        elif line.strip() == "```":
            yield block
            block = None
        else:
            block.text += line
    if block is not None:
        raise Wrong(f"{page}:{block.line - 1}: this block has no end")


def without_code(path):
    """The running text of a page; its lines keep their numbers."""
    return re.sub(r"^ *```.*?^ *```", lambda block: "\n" * block[0].count("\n"), path.read_text(),
                  flags=re.MULTILINE | re.DOTALL)


def all_blocks(*languages):
    return [block for path in pages() for block in blocks_of(path) if block.language in languages]


def check_all(items, check):
    """Checks every item, and tells all that is wrong at once."""
    problems = []
    for item in items:
        try:
            check(item)
        except Wrong as problem:
            problems.append(str(problem))
    if problems:
        raise Wrong("\n".join(problems))
    return len(items)


# C++ ----------------------------------------------------------------------------------------------

# What a program that names its includes has to include for what it uses.
HEADERS = {
    r"std::(printf|fprintf|puts|fopen)\b": "<cstdio>",
    r"std::(sin|cos|exp|log|sqrt|abs|pow|hypot|tanh|isfinite|fmin|fmax)\b": "<cmath>",
    r"std::(ranges|max|min|clamp|copy|fill|sort|transform)\b": "<algorithm>",
    r"std::(make_unique|make_shared|unique_ptr)\b": "<memory>",
    r"std::filesystem\b": "<filesystem>",
    r"std::string\b": "<string>",
    r"std::numbers\b": "<numbers>",
    r"\bload_idx": "<tdca/data/idx.hpp>",
    r"\bload_csv": "<tdca/data/csv.hpp>",
    r"\b(load|save)_genome\b": "<tdca/io/genome_file.hpp>",
    r"\b(load|save)_checkpoint\b": "<tdca/io/checkpoint.hpp>",
    r"\b(load|save)_json\b": "<tdca/io/json.hpp>",
    r"\bMpiSession\b": "<tdca/distributed/mpi.hpp>",
}


def units():
    """All C++ of all pages."""
    found = []
    for block in all_blocks("cpp"):
        unknown = set(block.words) - {"continue", "statements"} - COMPONENTS
        if unknown:
            raise Wrong(f"{block.place}: no such kind of block: {', '.join(unknown)}")
        if "continue" in block.words:
            if not found or found[-1].blocks[0].page != block.page:
                raise Wrong(f"{block.place}: there is nothing to continue")
            found[-1].blocks.append(block)
        else:
            found.append(Unit([block]))
    return found


def require_includes(unit):
    text = "".join(block.text for block in unit.blocks)
    included = set(INCLUDE.findall(text))
    if not included:
        return
    for use, header in HEADERS.items():
        if re.search(use, text) and header not in included:
            raise Wrong(f"{unit.place}: this program uses {re.search(use, text)[0]} and does not include {header}")


def body_of(block, work):
    """A block as it stands in a namespace: its `main` has a name of its own and returns, files that a Python block
    wrote are where that ran."""
    text = INCLUDE.sub("\n", block.text)
    text = re.sub(r'^#include "', f'#include "{folder_of(work, block.page)}/', text, flags=re.MULTILINE)
    if main := MAIN.search(text):
        parameters = main[1] or "int, char**"
        text = text.replace(main[0], f"int program({parameters}) {{")
        if not re.search(r"^ *return .*;\s*\}\s*\Z", text, re.MULTILINE):
            text = re.sub(r"\}\s*\Z", "return 0; }\n", text)
    if "statements" in block.words:
        text = f"[[maybe_unused]] inline void statements_{block.line}() {{\n{text}}}\n"
        return f'#line {block.line - 1} "{SOURCE / block.page}"\n{text}'
    return f'#line {block.line} "{SOURCE / block.page}"\n{text}'


def translation_unit(found, work):
    """One source file of all blocks, each unit in a namespace: what they include is compiled once."""
    includes = ['"docs/preamble.hpp"']
    body, programs = "", ""
    for number, unit in enumerate(found):
        require_includes(unit)
        for block in unit.blocks:
            includes += INCLUDE.findall(block.text)
        body += f"namespace unit_{number} {{\nusing namespace tdca;\n"
        body += "".join(body_of(block, work) for block in unit.blocks) + "}\n"
        if unit.is_program:
            programs += f'    if (wanted == "{unit.place}") return unit_{number}::program(argc, argv);\n'
    lines = "".join(f"#include {name}\n" for name in dict.fromkeys(includes))
    return (f"// Written by tests/docs/blocks.py.\n{lines}{body}"
            '#line 1 "main of blocks.cpp"\n'
            "int main(int argc, char** argv) {\n"
            '    const std::string_view wanted = argc > 1 ? argv[1] : "";\n'
            f"{programs}    return 2;\n}}\n")


def folder_of(work, page):
    """Where the blocks of a page run: as a reader who has the sources in a folder `tdca` there."""
    folder = work / re.sub(r"\W", "_", page)
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in {"tdca": SOURCE, "examples": SOURCE / "examples"}.items():
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(target)
    return folder


def execute(command, place, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, **options)
    if done.returncode != 0:
        raise Wrong(f"{place}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def generate(arguments):
    if arguments.work.exists():
        shutil.rmtree(arguments.work)
    arguments.work.mkdir(parents=True)
    for block in all_blocks("python"):
        compile(block.text, block.place, "exec")
        if not all(importlib.util.find_spec(module) for module in block.words):
            continue
        printed = execute([sys.executable, "-"], block.place, input=block.text,
                          cwd=folder_of(arguments.work, block.page))
        compare_with_page(block, printed)
    found = [unit for unit in units() if unit.needs() <= set(arguments.components)]
    (arguments.work / "blocks.cpp").write_text(translation_unit(found, arguments.work))


# What is printed ----------------------------------------------------------------------------------

NUMBER = re.compile(r"(?<![\w.])[+-]?\d[\d,]*\.?\d*(?:e[+-]?\d+)?")


def differ(expected, found):
    """Whether two texts differ in a word, or in a number by more than a tenth and 0.05."""
    if NUMBER.sub("#", expected).split() != NUMBER.sub("#", found).split():
        return True
    pairs = zip(NUMBER.findall(expected), NUMBER.findall(found))
    values = [[float(number.replace(",", "")) for number in pair] for pair in pairs]
    return any(abs(a - b) > max(0.1 * abs(a), 0.05) for a, b in values)


def compare_with_page(block, printed):
    """`text output` blocks tell what the program or script above them prints."""
    following = [b for b in blocks_of(SOURCE / block.page) if b.line > block.line]
    for after in following:
        if after.language in ("cpp", "python") and "continue" not in after.words:
            return
        if after.language == "text" and "output" in after.words:
            if differ(after.text, printed):
                raise Wrong(f"{after.place}: the block above prints\n{printed}")
            return


def run(arguments):
    def check(unit):
        with tempfile.TemporaryDirectory() as anew:  # what an earlier run left is not there
            folder = Path(anew) / "page"
            shutil.copytree(folder_of(arguments.work, unit.blocks[0].page), folder, symlinks=True)
            printed = execute([arguments.program.resolve(), unit.place], unit.place, cwd=folder)
        compare_with_page(unit.blocks[0], printed)

    programs = [unit for unit in units() if unit.is_program and unit.needs() <= set(arguments.components)]
    print(f"{check_all(programs, check)} programs of {len(units())} pieces of C++")


# Shell --------------------------------------------------------------------------------------------

def commands_of(text):
    """The commands of a shell block, as lists of words: comments and assignments are gone."""
    text = re.sub(r"<<'(\w+)'.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(^|\s)#.*", "", text.replace("\\\n", " "))
    for line in re.split(r"\n|&&|\||;", text):
        words = line.split()
        while words and (re.match(r"\w+=", words[0]) or words[0] in ("sudo", "srun", "exec", "time")):
            words.pop(0)
        if words and words[0] == "mpirun":  # mpirun OPTIONS PROGRAM
            words = next((words[i:] for i in range(1, len(words)) if "/" in words[i]), words)
        if words:
            yield words


def inline_commands(path):
    """Commands of ours that running text names: `scripts/show.sh speed a`."""
    for number, line in enumerate(without_code(path).splitlines(), 1):
        for command in re.findall(r"`((?:scripts/\w+\.sh|build/\w+/(?:examples|benchmarks)/)[^`]*)`", line):
            yield Block(str(path.relative_to(SOURCE)), number, "sh", [], command)


def require_options(block, name, options, known):
    for option in options:
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", known):
            raise Wrong(f"{block.place}: {name} has no option {option}")


def check_command(block, words, build):
    program, *rest = words
    if program.startswith("./") and f"-o {program[2:]}\n" not in (SOURCE / block.page).read_text():
        raise Wrong(f"{block.place}: nothing on this page makes {program}")
    options = [word.split("=")[0] for word in rest if word.startswith("--")]
    program = program.removeprefix("./").removeprefix("tdca/")
    if program.startswith("scripts/"):
        script = SOURCE / program
        if not script.is_file():
            raise Wrong(f"{block.place}: no such script: {program}")
        require_options(block, program, options, script.read_text() + "--help --quick --threads --seed --output")
        if program == "scripts/show.sh" and rest:
            check_point(block, rest)
    elif built := re.match(r"build/(\w+)/((examples|benchmarks)/[\w/]+)$", program):
        folder = SOURCE / "CMakePresets.json"
        if f'"name": "{built[1]}"' not in folder.read_text():
            raise Wrong(f"{block.place}: no such preset: {built[1]}")
        path = build / built[2]
        if not path.is_file():
            raise Wrong(f"{block.place}: no such program: {path}")
        require_options(block, program, options, execute([path, "--help"], block.place))
    elif program == "cmake":
        for word in rest:
            variable = re.match(r"-D(TDCA_\w+)", word)
            texts = [path.read_text() for path in [SOURCE / "CMakeLists.txt", *(SOURCE / "cmake").glob("*")]
                     if path.is_file()]
            if variable and not any(variable[1] in text for text in texts):
                raise Wrong(f"{block.place}: no such CMake variable: {variable[1]}")
        for preset in re.findall(r"--preset (\w+)", " ".join(rest)):
            if f'"name": "{preset}"' not in (SOURCE / "CMakePresets.json").read_text():
                raise Wrong(f"{block.place}: no such preset: {preset}")
    elif program == "apt-get":
        packages = (SOURCE / "scripts/lib/packages.sh").read_text().split()
        packages = {word.strip("()") for line in packages for word in line.split("=")}
        for word in rest:
            if word not in ("install", "update") and not word.startswith("-") and word not in packages:
                raise Wrong(f"{block.place}: scripts/lib/packages.sh does not know the package {word}")
    elif "/" in program and not (SOURCE / program).exists():
        raise Wrong(f"{block.place}: no such program: {program}")


def check_point(block, words):
    """show.sh TOPIC POINT"""
    shown = (SOURCE / "scripts/show.sh").read_text()
    points = re.search(rf"\b{re.escape(words[0])} \[(\w)-(\w)\]", shown)
    if not points:
        raise Wrong(f"{block.place}: show.sh has no topic {words[0]}")
    point = words[1] if len(words) > 1 else "POINT"  # a word in capitals stands for any
    if not point.isupper() and not points[1] <= point <= points[2]:
        raise Wrong(f"{block.place}: {words[0]} has no point {point}")


def shell(arguments):
    blocks = all_blocks("sh", "bash") + [block for path in pages() for block in inline_commands(path)]
    commands = [(block, words) for block in blocks for words in commands_of(block.text)]
    count = check_all(commands, lambda command: check_command(*command, arguments.build))
    print(f"{count} commands")


# CMake --------------------------------------------------------------------------------------------

PROJECT = "cmake_minimum_required(VERSION 3.24)\nproject(app LANGUAGES CXX)\nadd_executable(app main.cpp)\n"


def cmake(arguments):
    """A block with project() is a whole CMakeLists.txt; others stand behind the usual beginning."""
    if arguments.work.exists():
        shutil.rmtree(arguments.work)
    prefix = arguments.work / "prefix"
    execute(["cmake", "--install", arguments.build, "--prefix", prefix], "cmake --install")

    def check(block):
        folder = folder_of(arguments.work, block.place)
        text = block.text if "project(" in block.text else PROJECT + block.text
        (folder / "CMakeLists.txt").write_text(text)
        for name in re.findall(r"\b\w+\.cpp\b", text):
            (folder / name).write_text("#include <tdca/tdca.hpp>\nint main() {}\n")
        execute(["cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
                 f"-DCMAKE_CXX_COMPILER={arguments.compiler}", f"-DFETCHCONTENT_SOURCE_DIR_TDCA={SOURCE}"],
                block.place)

    print(f"{check_all(all_blocks('cmake'), check)} projects")


# Links --------------------------------------------------------------------------------------------

def anchors_of(path):
    """The anchors that a forge makes of headings."""
    headings = re.findall(r"^#+ (.*)$", without_code(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_link(link):
    path, target = link
    file, _, anchor = target.partition("#")
    there = (path.parent / file).resolve() if file else path
    if not there.exists():
        raise Wrong(f"{path.relative_to(SOURCE)}: nothing is at {target}")
    if anchor and anchor not in anchors_of(there):
        raise Wrong(f"{path.relative_to(SOURCE)}: no such heading: {target}")


def links(_arguments):
    found = [(path, target) for path in pages() for target in re.findall(r"\]\(([^)\s]+)\)", without_code(path))
             if not re.match(r"https?:", target)]
    print(f"{check_all(found, check_link)} links")


# Self-test ----------------------------------------------------------------------------------------

MISTAKES = {
    "```cpp\nint x;\n": "has no end",
    "```cpp contineu\nint x;\n```\n": "no such kind of block",
    "```cpp continue\nint x;\n```\n": "nothing to continue",
    "```cpp\n#include <span>\nint main() {\n    std::printf(\"\");\n}\n```\n": "does not include <cstdio>",
    "```python\nraise SystemExit(3)\n```\n": "exit code 3",
    "```python\nprint('21 apples')\n```\n```text output\n42 apples\n```\n": "prints",
    "```python\nprint('42 pears')\n```\n```text output\n42 apples\n```\n": "prints",
    "```sh\nscripts/absent.sh\n```\n": "no such script",
    "```sh\nscripts/demo.sh --absent\n```\n": "has no option",
    "```sh\nscripts/show.sh absent a\n```\n": "no topic",
    "```sh\nscripts/show.sh speed z\n```\n": "has no point",
    "```sh\n./absent\n```\n": "nothing on this page makes",
    "```sh\nbuild/release/examples/absent\n```\n": "no such program",
    "```sh\nbuild/absent/examples/quick_start\n```\n": "no such preset",
    "```sh\ncmake -DTDCA_ABSENT=ON\n```\n": "no such CMake variable",
    "```sh\napt-get install absent\n```\n": "does not know the package",
    "```cmake\ntarget_link_libraries(app PRIVATE tdca::absent)\nfind_package(absent REQUIRED)\n```\n": "exit code 1",
    "[here](absent.md)\n": "nothing is at",
    "[here](README.md#absent)\n": "no such heading",
}


def self_test(arguments):
    """Each mistake, alone on a page, is found by one of the checks."""
    global SOURCE
    origin = SOURCE
    for text, expected in MISTAKES.items():
        with tempfile.TemporaryDirectory() as folder:
            SOURCE = Path(folder)
            for name in ("scripts", "examples", "cmake", "CMakeLists.txt", "CMakePresets.json"):
                (SOURCE / name).symlink_to(origin / name)
            (SOURCE / "docs").mkdir()
            (SOURCE / "README.md").write_text(text)
            said = ""
            arguments.work = SOURCE / "work"
            for check in (generate, shell, links) if "cmake\n" not in text else (cmake,):
                try:
                    with contextlib.redirect_stdout(io.StringIO()):
                        check(arguments)
                except Wrong as problem:
                    said += str(problem)
            if expected not in said:
                raise Wrong(f"not found: {text!r}: {said or 'nothing was said'}")
    print(f"{len(MISTAKES)} mistakes found")


def main():
    checks = {check.__name__: check for check in (generate, run, shell, cmake, links, self_test)}
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
