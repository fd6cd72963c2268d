"""The pages of the documentation and their blocks: what all checks share."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]


class Wrong(Exception):
    """A block that does not hold, and where it stands."""


@dataclass
class Block:
    """What stands between two fences."""

    page: str  # relative to the sources
    line: int  # of its first line of code
    language: str
    words: list
    text: str

    @property
    def place(self):
        return f"{self.page}:{self.line}"


def pages():
    """README.md, CONTRIBUTING.md where there is one, and all below docs/."""
    front = [path for path in (SOURCE / "README.md", SOURCE / "CONTRIBUTING.md") if path.exists()]
    return [*front, *sorted((SOURCE / "docs").rglob("*.md"))]


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
    """The blocks of all pages in these languages."""
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


def folder_of(work, page):
    """Where the blocks of a page run: as a reader who has the sources in a folder `tdca` there."""
    folder = work / re.sub(r"\W", "_", page)
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in {"tdca": SOURCE, "examples": SOURCE / "examples"}.items():
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(target)
    return folder


def execute(command, place, **options):
    """What a command prints; `place` is told where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, **options)
    if done.returncode != 0:
        raise Wrong(f"{place}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
