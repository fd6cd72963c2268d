#!/usr/bin/env python3
"""Builds the site: FOLDER/html, from the pages and the headers. Any warning of Doxygen is an error.

    docs/site/build.py FOLDER

Exit code 77: there is no Doxygen here.
"""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pages

THEME = Path("/usr/share/doxygen-awesome-css")  # Debian's package of that name
SCRIPTS = ["darkmode-toggle", "fragment-copy-button", "paragraph-link", "interactive-toc"]


def layout(default):
    """Doxygen's layout with the pages by kind, then the reference, in the navigation."""
    def tabs(files):
        return "\n".join(f'<tab type="user" url="@ref {pages.label(file)}" title="{html.escape(re.split("[:,]", pages.title(file))[0])}"/>'
                         for file in files)

    def kind(start):
        return [file for file in pages.markdown_files() if file.startswith(start)]

    groups = {"Guide": kind("docs/guide/"), "Results": kind("docs/results/")}
    groups["Background"] = [file for file in kind("docs/") if file not in sum(groups.values(), [])]
    navigation = '<tab type="mainpage" visible="yes" title="tdca"/>\n'
    for name in ["Guide", "Background", "Results"]:
        if groups[name]:
            navigation += f'<tab type="usergroup" url="[none]" title="{name}">\n{tabs(groups[name])}\n</tab>\n'
    navigation += """<tab type="examples" visible="yes" title="Examples"/>
<tab type="modules" visible="yes" title="Reference"/>
<tab type="concepts" visible="yes" title="Contracts"/>
<tab type="classlist" visible="yes" title="Types"/>
<tab type="files" visible="no"/>
<tab type="pages" visible="no"/>
"""
    # What a thing is comes before the list of its members.
    default = re.sub(r'(?s)<briefdescription visible="yes"/>(.*?)<detaileddescription title=""/>',
                     r'<detaileddescription title="Description"/>\1', default)
    return re.sub(r"(?s)(?<=<navindex>).*(?=</navindex>)", lambda _: navigation, default)


def header(default):
    """Doxygen's header with the theme's scripts."""
    scripts = "".join(f'<script src="$relpath^doxygen-awesome-{name}.js"></script>\n' for name in SCRIPTS)
    return default.replace("</head>", f"""<link rel="icon" href="data:,"/>
{scripts}<script>
DoxygenAwesomeDarkModeToggle.init()
DoxygenAwesomeFragmentCopyButton.init()
DoxygenAwesomeParagraphLink.init()
DoxygenAwesomeInteractiveToc.init()
</script>
</head>""")


def examples():
    """A listing of each example, with the line that it starts with."""
    out = []
    for path in sorted(pages.ROOT.glob("examples/**/*.cpp")):
        first = re.match(r"(?:// ?.*\n)+", path.read_text())
        text = re.sub(r"(?m)^// ?", "", first[0]).strip() if first else ""
        out.append(f"/*! @example {path.relative_to(pages.ROOT)}\n{html.escape(text, quote=False)}\n*/")
    return "\n".join(out)


def repair():
    """Takes out links to a section on nested classes that Doxygen 1.9.4 leaves out, private ones."""
    for path in site.glob("class*.html"):
        text = path.read_text()
        if 'name="nested-classes"' not in text:
            path.write_text(re.sub(r'<a href="#nested-classes">[^<]*</a>( &#124;)?', "", text))


def show(path, where):
    """The page or copy of a linked file or folder, at `where` below files/."""
    if path.is_dir():
        inside = sorted(path.iterdir())
        for child in inside:
            show(child, where / child.name)
        items = "\n".join(f'<li><a href="{name}">{child.name}</a></li>' for child in inside
                          for name in [f"{child.name}/index.html" if child.is_dir() else child.name + ("" if child.suffix in pages.RAW else ".html")])
        write_page(where / "index.html", path, f"<ul>{items}</ul>")
    elif path.suffix in pages.RAW:
        where.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, where)
    else:
        write_page(where.with_name(where.name + ".html"), path, f"<pre>{html.escape(path.read_text())}</pre>")


def write_page(where, path, body):
    where.parent.mkdir(parents=True, exist_ok=True)
    up = os.path.relpath(site, where.parent)
    name = path.relative_to(pages.ROOT)
    where.write_text(f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>tdca: {name}</title><link rel="icon" href="data:,"/><link rel="stylesheet" href="{up}/doxygen-awesome.css"/>
<link rel="stylesheet" href="{up}/site.css"/></head>
<body class="file"><p><a href="{up}/index.html">tdca</a></p><h1>{name}</h1>{body}</body></html>
""")


def version():
    text = (pages.ROOT / "include/tdca/version.hpp").read_text()
    return ".".join(re.findall(r"define TDCA_VERSION_\w+ (\d+)", text))


if not shutil.which("doxygen") or not THEME.is_dir():
    print("skipped: Debian's doxygen and doxygen-awesome-css are not installed")
    sys.exit(77)
folder = Path(sys.argv[1]).resolve()
site, generated = folder / "html", folder / "generated"
shutil.rmtree(folder, ignore_errors=True)
generated.mkdir(parents=True)
for arguments in ["-l", "layout.xml"], ["-w", "html", "header.html", "footer.html", "style.css"]:
    subprocess.run(["doxygen", *arguments], cwd=generated, check=True)
for name, adapt in {"layout.xml": layout, "header.html": header}.items():
    (generated / name).write_text(adapt((generated / name).read_text()))
(generated / "examples.dox").write_text(examples())
variables = {"TDCA_VERSION": version(), "TDCA_DOCS_DIR": str(folder),
             "TDCA_DOCS_THEME": str(THEME), "TDCA_PYTHON": sys.executable}
doxygen = subprocess.run(["doxygen", "docs/Doxyfile"], cwd=pages.ROOT, env=os.environ | variables)
repair()
for file in pages.linked_files():
    show(pages.ROOT / file, site / "files" / file)
sys.exit(doxygen.returncode)
