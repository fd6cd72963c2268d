"""The Markdown pages of the site, and where their links lead.

On a forge a relative link leads to a file of the repository. On the site it leads to
- the page, where the file is one of the pages (README.md, docs/**/*.md);
- the reference, for headers and folders under include/tdca;
- the listing with links into the reference, for C++ files of examples/;
- files/PATH otherwise: a copy, or a page that shows it; of a folder, a page that lists it.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = "docs/guide/README.md"
RAW = {".json", ".png", ".svg", ".csv", ".safetensors"}  # served as they are

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
CODE = re.compile(r"(`+[^`]+`+)")


def markdown_files():
    """Every page's file, relative to the root."""
    docs = sorted((ROOT / "docs").glob("**/*.md"))
    return ["README.md", *(str(path.relative_to(ROOT)) for path in docs)]


def label(file):
    """Doxygen's label of a page, which is also the name of its HTML file."""
    if file == "README.md":
        return "mainpage"
    return "page_" + re.sub(r"\W", "_", file.removeprefix("docs/").removesuffix(".md"))


def anchor(file, slug):
    return f"{label(file)}-{slug}"


def slug(heading):
    """The anchor that forges give a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def in_order(files):
    """The guide's pages as its README first mentions them; itself first."""
    if GUIDE not in files:
        return files
    text = (ROOT / GUIDE).read_text()
    mentioned = [found[0] for match in LINK.finditer(text) if (found := target_of(GUIDE, match[3]))]
    return sorted(files, key=lambda f: -1 if f == GUIDE else (mentioned + [f]).index(f))


def lines_outside_code(text):
    """(line, whether it is text): fenced code is not."""
    fence = False
    for line in text.splitlines():
        is_fence = line.lstrip().startswith("```")
        yield line, not fence and not is_fence
        fence ^= is_fence


def title(file):
    for line, is_text in lines_outside_code((ROOT / file).read_text()):
        if is_text and line.startswith("# "):
            return line[2:].strip()
    return file


def target_of(file, link):
    """The file that a relative link of page `file` names, and its anchor; None for other links."""
    if re.match(r"[a-z]+:", link):
        return None
    path, _, fragment = link.partition("#")
    where = os.path.normpath(os.path.join(os.path.dirname(file), path)) if path else file
    return where, fragment


def destination(file, link):
    """What stands for a link of page `file` on the site."""
    found = target_of(file, link)
    if found is None:
        return link
    where, fragment = found
    path = ROOT / where
    if where.startswith("..") or not path.exists():
        return "@ref no-such-file:" + where
    if where in markdown_files():
        return "@ref " + (anchor(where, fragment) if fragment else label(where))
    if where.startswith("include/tdca/") and "/detail" not in where:
        inside = where.removeprefix("include/tdca/")
        return "@ref " + (inside.split("/")[0] if path.is_dir() else "tdca/" + inside)
    if re.fullmatch(r"examples/[\w/]+\.cpp", where):
        return where.replace("/", "_2").replace(".", "_8") + "-example.html"
    return os.path.join("files", os.path.dirname(where), name_below_files(path))


def name_below_files(path):
    """What stands for a file or folder, in the folder of its parent."""
    if path.is_dir():
        return path.name + "/index.html"
    return path.name + ("" if path.suffix in RAW else ".html")


def linked_files():
    """Files and folders that are shown below files/."""
    found = set()
    for file in markdown_files():
        for line, is_text in lines_outside_code((ROOT / file).read_text()):
            for part in CODE.split(line)[::2] if is_text else []:
                for match in LINK.finditer(part):
                    if destination(file, match[3]).startswith("files/"):
                        found.add(target_of(file, match[3])[0])
    return sorted(found)
