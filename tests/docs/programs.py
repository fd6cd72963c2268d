"""C++ and Python blocks: one source file of all C++, its programs run, what they print compared."""

import importlib.util
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pages
from pages import Wrong, all_blocks, blocks_of, check_all, execute, folder_of

COMPONENTS = {"mpi", "box2d"}
MAIN = re.compile(r"^int main\((.*)\) \{$", re.MULTILINE)
FILE = re.compile(r"\w+\.[ch]pp")  # the name of a block that is a file
INCLUDE = re.compile(r'^#include (<.*>|"tdca/.*")\n', re.MULTILINE)

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


def name_of(block):
    """What a block that is a file is called; None for others."""
    return next((word for word in block.words if FILE.fullmatch(word)), None)


def files_of(page):
    """The blocks of a page that are files, by name."""
    blocks = blocks_of(pages.SOURCE / page)
    return {name_of(block): block for block in blocks if block.language == "cpp" and name_of(block)}


def units():
    """All C++ of all pages, but for blocks that are files."""
    found = []
    for block in all_blocks("cpp"):
        if name_of(block):
            continue
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
    """In one source file with others, a program would not miss what it forgot to include."""
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
    for name, file in files_of(block.page).items():
        before, include, behind = text.partition(f'#include "{name}"\n')
        if include:
            inside = INCLUDE.sub("\n", file.text).replace("#pragma once\n", "\n")
            here = block.line + block.text.partition(include)[0].count("\n") + 1
            text = f"{before}#line {file.line}\n{inside}#line {here}\n{behind}"
    text = re.sub(r'^#include "', f'#include "{folder_of(work, block.page)}/', text, flags=re.MULTILINE)
    if main := MAIN.search(text):
        parameters = main[1] or "int, char**"
        text = text.replace(main[0], f"int program({parameters}) {{")
        if not re.search(r"^ *return .*;\s*\}\s*\Z", text, re.MULTILINE):
            text = re.sub(r"\}\s*\Z", "return 0; }\n", text)
    if "statements" in block.words:
        text = f"[[maybe_unused]] inline void statements_{block.line}() {{\n{text}}}\n"
        return f'#line {block.line - 1} "{pages.SOURCE / block.page}"\n{text}'
    return f'#line {block.line} "{pages.SOURCE / block.page}"\n{text}'


def translation_unit(found, work):
    """One source file of all blocks, each unit in a namespace: what they include is compiled once."""
    includes = ['"docs/preamble.hpp"']
    body, programs = "", ""
    for number, unit in enumerate(found):
        require_includes(unit)
        for block in unit.blocks:
            included = [file for name, file in files_of(block.page).items() if f'#include "{name}"' in block.text]
            includes += [name for part in (block, *included) for name in INCLUDE.findall(part.text)]
        body += f"namespace unit_{number} {{\nusing namespace tdca;\n"
        body += "".join(body_of(block, work) for block in unit.blocks) + "}\n"
        if unit.is_program:
            programs += f'    if (wanted == "{unit.place}") return unit_{number}::program(argc, argv);\n'
    lines = "".join(f"#include {name}\n" for name in dict.fromkeys(includes))
    return (f"// Written by tests/docs/programs.py.\n{lines}{body}"
            '#line 1 "main of blocks.cpp"\n'
            "int main(int argc, char** argv) {\n"
            '    const std::string_view wanted = argc > 1 ? argv[1] : "";\n'
            f"{programs}    return 2;\n}}\n")


NUMBER = re.compile(r"(?<![\w.])[+-]?\d[\d,]*\.?\d*(?:e[+-]?\d+)?")


def differ(expected, found):
    """Whether two texts differ in a word, or in a number by more than a tenth and 0.05."""
    if NUMBER.sub("#", expected).split() != NUMBER.sub("#", found).split():
        return True
    pairs = zip(NUMBER.findall(expected), NUMBER.findall(found))
    values = [[float(number.replace(",", "")) for number in pair] for pair in pairs]
    return any(abs(a - b) > max(0.1 * abs(a), 0.05) for a, b in values)


def is_told(block):
    """Whether what a block prints is what a `text output` block behind it tells."""
    if block.language == "sh":
        return "run" in block.words
    return block.language in ("cpp", "python") and "continue" not in block.words and not name_of(block)


def run_shell(block, folder):
    """The `sh run` blocks behind a program, up to the next program, in the folder where it ran, with the page's files."""
    for name, file in files_of(block.page).items():
        (folder / name).write_text(file.text)
    for after in blocks_of(pages.SOURCE / block.page):
        if after.line <= block.line or not is_told(after):
            continue
        if after.language != "sh":
            return
        if all(shutil.which(tool) for tool in after.words if tool != "run"):
            compare_with_page(after, execute(["bash", "-euo", "pipefail", "-c", after.text], after.place, cwd=folder))


def compare_with_page(block, printed):
    """`text output` blocks tell what the program or script above them prints."""
    following = [b for b in blocks_of(pages.SOURCE / block.page) if b.line > block.line]
    for after in following:
        if is_told(after):
            return
        if after.language == "text" and "output" in after.words:
            if differ(after.text, printed):
                raise Wrong(f"{after.place}: the block above prints\n{printed}")
            return


def generate(arguments):
    """Runs the Python blocks, and writes the source file of all C++ blocks."""
    arguments.work.mkdir(parents=True, exist_ok=True)
    for folder in arguments.work.glob("*_md"):
        shutil.rmtree(folder)
    for block in all_blocks("python"):
        compile(block.text, block.place, "exec")
        if not all(importlib.util.find_spec(module) for module in block.words):
            continue
        printed = execute([sys.executable, "-"], block.place, input=block.text,
                          cwd=folder_of(arguments.work, block.page))
        compare_with_page(block, printed)
    for block in all_blocks("sh"):
        if "run" in block.words and not any(unit.is_program and unit.blocks[0].page == block.page and
                                            unit.blocks[0].line < block.line for unit in units()):
            raise Wrong(f"{block.place}: there is no program above this")
    found = [unit for unit in units() if unit.needs() <= set(arguments.components)]
    output, text = arguments.work / "blocks.cpp", translation_unit(found, arguments.work)
    if not output.exists() or output.read_text() != text:  # else there is nothing to compile anew
        output.write_text(text)


def run(arguments):
    """Runs every C++ program."""

    def check(unit):
        with tempfile.TemporaryDirectory() as anew:  # what an earlier run left is not there
            folder = Path(anew) / "page"
            shutil.copytree(folder_of(arguments.work, unit.blocks[0].page), folder, symlinks=True)
            printed = execute([arguments.program.resolve(), unit.place], unit.place, cwd=folder)
            compare_with_page(unit.blocks[0], printed)
            run_shell(unit.blocks[-1], folder)

    programs = [unit for unit in units() if unit.is_program and unit.needs() <= set(arguments.components)]
    print(f"{check_all(programs, check)} programs of {len(units())} pieces of C++")
