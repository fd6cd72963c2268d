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
GUIDE = "docs/guide/index.md"  # its first page
RAW = {".json", ".png", ".svg", ".csv", ".safetensors"}  # served as they are

# A link or picture, as (!, text, target), or code, where all three are empty.
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)|`+[^`]+`+")


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


def guide_first(files):
    """The guide's pages in the order in which its first page mentions them."""
    if GUIDE not in files:
        return files
    mentioned = [GUIDE]
    for match in LINK.finditer((ROOT / GUIDE).read_text()):
        if match[3] and (found := target_of(GUIDE, match[3])):
            mentioned.append(found[0])
    return sorted(files, key=lambda file: [*mentioned, file].index(file))


def paragraphs(text):
    """(paragraph, whether it is text): fenced code is not, line by line."""
    fence, paragraph = False, []
    for line in text.splitlines():
        is_fence = line.lstrip().startswith("```")
        if line and not fence and not is_fence:
            paragraph.append(line)
            continue
        if paragraph:
            yield "\n".join(paragraph), True
            paragraph = []
        yield line, False
        fence ^= is_fence
    if paragraph:
        yield "\n".join(paragraph), True


def title(file):
    """What its first line says."""
    return (ROOT / file).read_text().splitlines()[0].removeprefix("# ").strip()


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
        for paragraph, is_text in paragraphs((ROOT / file).read_text()):
            for match in LINK.finditer(paragraph if is_text else ""):
                if match[3] and destination(file, match[3]).startswith("files/"):
                    found.add(target_of(file, match[3])[0])
    return sorted(found)
