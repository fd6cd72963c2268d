#!/usr/bin/env python3
"""Builds the site: FOLDER/html, from the pages and the headers. Any warning of Doxygen is an error.

    docs/site/build.py FOLDER [PAGE]

PAGE, of docs/site/live/, is put beside the others where it exists.

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
SCRIPTS = {
    "darkmode-toggle": "DarkModeToggle",
    "fragment-copy-button": "FragmentCopyButton",
    "paragraph-link": "ParagraphLink",
    "interactive-toc": "InteractiveToc",
}


def tabs(files):
    """Entries of the navigation, one for each page."""
    short = {file: html.escape(re.split("[:,]", pages.title(file))[0]) for file in files}
    return "".join(f'<tab type="user" url="@ref {pages.label(file)}" title="{short[file]}"/>\n'
                   for file in files)


def group(title, content, url="[none]"):
    entry = f'<tab type="usergroup" url="{url}" title="{title}">\n{content}</tab>\n'
    return entry if content else ""


def navigation(live):
    """The pages by kind, then the reference."""
    files = pages.markdown_files()
    guide = pages.guide_first([file for file in files if file.startswith("docs/guide/")])
    results = [file for file in files if file.startswith("docs/results/")]
    background = [file for file in files[1:] if file not in guide + results]
    folders = {"tutorials": "Tutorials", "howto": "How to"}
    of_folder = {name: [file for file in guide if f"/{name}/" in file] for name in folders}
    loose = [file for file in guide[1:] if file not in sum(of_folder.values(), [])]
    content = "".join(group(title, tabs(of_folder[name])) for name, title in folders.items())
    return ('<tab type="mainpage" visible="yes" title="tdca"/>\n'
            + (group("Guide", content + tabs(loose), pages.label(guide[0]) + ".html") if guide else "")
            + group("Background", tabs(background))
            + group("Results", tabs(results))
            + ('<tab type="user" url="live.html" title="Live"/>\n' if live else "")
            + '<tab type="examples" visible="yes" title="Examples"/>\n'
            + '<tab type="modules" visible="yes" title="Reference"/>\n'
            + '<tab type="concepts" visible="yes" title="Contracts"/>\n'
            + '<tab type="classlist" visible="yes" title="Types"/>\n'
            + '<tab type="files" visible="no"/>\n<tab type="pages" visible="no"/>\n')


def layout(default, live):
    """Doxygen's layout with our navigation; what a thing is comes before its members."""
    default = re.sub(r'(?s)<briefdescription visible="yes"/>(.*?)<detaileddescription title=""/>',
                     r'<detaileddescription title="Description"/>\1', default)
    return re.sub(r"(?s)(?<=<navindex>).*(?=</navindex>)", lambda _: navigation(live), default)


def header(default):
    """Doxygen's header with the theme's scripts."""
    files = "".join(f'<script src="$relpath^doxygen-awesome-{name}.js"></script>\n'
                    for name in SCRIPTS)
    starts = "".join(f"DoxygenAwesome{name}.init()\n" for name in SCRIPTS.values())
    return default.replace("</head>", f'<link rel="icon" href="data:,"/>\n{files}'
                                      f"<script>\n{starts}</script>\n</head>")


def examples():
    """A listing of each example, under the comment that it starts with."""
    out = ""
    for path in sorted(pages.ROOT.glob("examples/**/*.cpp")):
        comment = re.match(r"(// ?.*\n)*", path.read_text())[0]
        text = html.escape(re.sub(r"(?m)^// ?", "", comment).strip(), quote=False)
        out += f"/*! @example {path.relative_to(pages.ROOT)}\n{text}\n*/\n"
    return out


def version():
    text = (pages.ROOT / "include/tdca/version.hpp").read_text()
    return ".".join(re.findall(r"define TDCA_VERSION_\w+ (\d+)", text))


def repair(site):
    """Takes out links to lists of nested classes that Doxygen 1.9.4 leaves out, private ones."""
    for path in site.glob("class*.html"):
        text = path.read_text()
        if 'name="nested-classes"' not in text:
            path.write_text(re.sub(r'<a href="#nested-classes">[^<]*</a>( &#124;)?', "", text))


def show(site, file):
    """Puts a linked file or folder of the repository below files/."""
    path, where = pages.ROOT / file, site / "files" / file
    if path.is_dir():
        children = sorted(child.name for child in path.iterdir())
        for child in children:
            show(site, f"{file}/{child}")
        links = (f'<li><a href="{pages.name_below_files(path / child)}">{child}</a></li>'
                 for child in children)
        write_page(site, file, where / "index.html", "<ul>" + "\n".join(links) + "</ul>")
    elif path.suffix in pages.RAW:
        where.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, where)
    else:
        text = html.escape(path.read_text())
        write_page(site, file, where.with_name(where.name + ".html"), f"<pre>{text}</pre>")


def write_page(site, title, where, body):
    where.parent.mkdir(parents=True, exist_ok=True)
    up = os.path.relpath(site, where.parent)
    where.write_text(f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>tdca: {title}</title>
<link rel="icon" href="data:,"/>
<link rel="stylesheet" href="{up}/doxygen-awesome.css"/>
<link rel="stylesheet" href="{up}/site.css"/>
</head>
<body class="file"><p><a href="{up}/index.html">tdca</a></p><h1>{title}</h1>{body}</body>
</html>
""")


def main(folder, live):
    if not shutil.which("doxygen") or not THEME.is_dir():
        print("skipped: Debian's doxygen and doxygen-awesome-css are not installed")
        return 77
    site, generated = folder / "html", folder / "generated"
    shutil.rmtree(folder, ignore_errors=True)
    generated.mkdir(parents=True)
    subprocess.run(["doxygen", "-l", "layout.xml"], cwd=generated, check=True)
    subprocess.run(["doxygen", "-w", "html", "header.html", "footer.html", "style.css"],
                   cwd=generated, check=True)
    for name, adapt in {"layout.xml": lambda text: layout(text, live), "header.html": header}.items():
        (generated / name).write_text(adapt((generated / name).read_text()))
    (generated / "examples.dox").write_text(examples())
    variables = {"TDCA_VERSION": version(), "TDCA_DOCS_DIR": str(folder),
                 "TDCA_DOCS_THEME": str(THEME), "TDCA_PYTHON": sys.executable}
    doxygen = subprocess.run(["doxygen", "docs/Doxyfile"], cwd=pages.ROOT,
                             env=os.environ | variables, check=False)
    repair(site)
    for file in pages.linked_files():
        show(site, file)
    if live:
        shutil.copyfile(live, site / "live.html")
    return doxygen.returncode


PAGE = Path(sys.argv[2]) if len(sys.argv) > 2 else None
sys.exit(main(Path(sys.argv[1]).resolve(), PAGE if PAGE and PAGE.exists() else None))
