#!/usr/bin/env python3
"""Doxygen's filter for Markdown pages: headings get the anchors that forges give them, relative
links lead to where the site has their target (pages.py), long pages get a table of contents."""

import re
import sys
from pathlib import Path

import pages


def convert(file, paragraph):
    """A paragraph of page `file`."""
    def heading(match):
        level, text = match.groups()
        name = pages.label(file) if level == "#" else pages.anchor(file, pages.slug(text))
        text = re.sub(r"^(\d+\.) ", "\\1\u00a0", text)  # a number starts no list here
        return f"{level} {text} {{#{name}}}"

    def link(match):
        image, text, where = match.groups()
        if not where:
            return match[0]
        text, where = " ".join(text.split()), pages.destination(file, where)
        return f'<img src="{where}" alt="{text}"/>' if image else f"[{text}]({where})"

    # Doxygen 1.9.4 takes no emphasis that starts with code.
    paragraph = re.sub(r"(?m)^\*(`.*[^*])\*$", r"<em>\1</em>", paragraph)
    paragraph = re.sub(r"(?m)^(#+) (.*?)\s*$", heading, paragraph)
    # Outside of code, an @ is no command.
    paragraph = re.sub(r"(`+[^`]+`+)|@", lambda match: match[1] or r"\@", paragraph)
    return pages.LINK.sub(link, paragraph)


def main(path):
    file = str(path.resolve().relative_to(pages.ROOT))
    parts = list(pages.paragraphs(path.read_text()))
    out = [convert(file, part) if is_text else part for part, is_text in parts]
    sections = sum(is_text and part.startswith("## ") for part, is_text in parts)
    if sections > 3 and parts[0][0].startswith("# ") and not parts[1][0]:
        out[1] = "[TOC]"
    print("\n".join(out))


main(Path(sys.argv[1]))
