#!/usr/bin/env python3
"""Doxygen's filter for Markdown pages: headings get the anchors that forges give them, relative
links lead to where the site has their target (pages.py), long pages get a table of contents."""

import re
import sys
from pathlib import Path

import pages


def convert(file, line):
    """A line of text of page `file`."""
    if heading := re.match(r"(#+) (.*?)\s*$", line):
        level, text = heading.groups()
        name = pages.label(file) if level == "#" else pages.anchor(file, pages.slug(text))
        text = re.sub(r"^(\d+\.) ", "\\1\u00a0", text)  # a number starts no list here
        line = f"{level} {text} {{#{name}}}"

    def link(match):
        image, text, where = match.groups()
        where = pages.destination(file, where)
        if image:
            return f'<img src="{where}" alt="{text}"/>'
        return f"[{text}]({where})"

    # Doxygen 1.9.4 takes no emphasis that starts with code.
    line = re.sub(r"^\*(`.*[^*])\*$", r"<em>\1</em>", line)
    # Links whose text is code hold backticks: links first, then what is code stays as it was.
    parts = re.split(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\]\([^()\s]+\)|`+[^`]+`+)", line)
    return "".join(pages.LINK.sub(link, part) if not part.startswith("`") else part
                   for part in parts)


def main(path):
    file = str(path.resolve().relative_to(pages.ROOT))
    lines = list(pages.lines_outside_code(path.read_text()))
    out = [convert(file, line) if is_text else line for line, is_text in lines]
    sections = sum(is_text and line.startswith("## ") for line, is_text in lines)
    if sections > 3 and lines[0][0].startswith("# ") and not lines[1][0]:
        out[1] = "[TOC]"
    print("\n".join(out))


main(Path(sys.argv[1]))
