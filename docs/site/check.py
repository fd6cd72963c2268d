#!/usr/bin/env python3
"""Checks a built site: every internal link and anchor of every page, of the navigation and of the
search; then in headless Chromium, wide and narrow, every Markdown page and a sample of the
reference: broken images, errors of the console, links that scripts make, and text that is cut off.

    docs/site/check.py FOLDER [PICTURES]

FOLDER is that of build.py; PICTURES, where given, gets screenshots. Exit code 77: there is no
Chromium here, or no site.
"""

import html.parser
import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import browser
import pages

WIDTHS = [(1400, 900), (400, 850)]
SAMPLE = 40  # one page of the reference in so many is opened
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "object": "data"}


class Page(html.parser.HTMLParser):
    """The anchors of a page, its links, and what it loads."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        if tag in ("a", "area") and attributes.get("href"):
            self.links.append(attributes["href"])
        if attributes.get(LOADED.get(tag)):
            self.loads.append(attributes[LOADED[tag]])


def is_outside(link):
    return re.match(r"[a-z]+:", link) is not None


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.pages = {str(path.relative_to(folder)): Page(path)
                      for path in folder.glob("**/*.html")}
        self.problems = []
        self.checked = set()

    def check(self, page, link):
        """Notes what is wrong with a relative link of `page`."""
        if (page, link) in self.checked:
            return
        self.checked.add((page, link))
        address, anchor = urldefrag(link)
        path = page
        if address:
            file = unquote(address.split("?")[0])
            path = os.path.normpath(os.path.join(os.path.dirname(page), file))
        if not (self.folder / path).is_file():
            self.problems.append(f"{page}: {link} leads nowhere")
        elif anchor and path in self.pages and unquote(anchor) not in self.pages[path].anchors:
            self.problems.append(f"{page}: {link} names no anchor of its page")

    def check_pages(self):
        for name, page in self.pages.items():
            for link in page.links:
                if not is_outside(link):
                    self.check(name, link)
            for link in page.loads:
                if not is_outside(link):
                    self.check(name, link)
                elif not link.startswith(("data:", "javascript:")):
                    self.problems.append(f"{name}: loads {link} from elsewhere")

    def check_scripts(self):
        """Links of the navigation's and the search's data."""
        for path in [*self.folder.glob("*.js"), *self.folder.glob("search/*_*.js")]:
            name = str(path.relative_to(self.folder))
            for link in re.findall(r"""["']([\w./-]+\.html(?:#[\w-]+)?)["']""", path.read_text()):
                self.check(name, link)

    def check_in_browser(self, pictures):
        """Looks at pages of ours and at a sample of the reference; how many views."""
        own = {pages.label(file) + ".html" for file in pages.markdown_files()}
        own = own - {"mainpage.html"} | {"index.html"}
        own |= {name for name in self.pages if name.startswith("files/")}
        own |= {"live.html"} & {*self.pages}
        reference = sorted(name for name in self.pages
                           if re.match(r"class|struct|group|concept|.*_8\w", name))[::SAMPLE]
        address = browser.serve(self.folder)
        with browser.Browser() as window:
            for width, height in WIDTHS:
                window.resize(width, height)
                for name in [*sorted(own), *reference]:
                    window.open(f"{address}/{name}")
                    self.look(window, name, address, width if name in own else None)
                    if pictures:
                        picture = name.removesuffix(".html").replace("/", "_")
                        window.screenshot(pictures / f"{picture}_{width}.png")
        return (len(own) + len(reference)) * len(WIDTHS)

    def look(self, window, name, address, width):
        """Notes what is wrong with the page that is open; with its width, if that is given."""
        seen = window.run(LOOK)
        self.problems += [f"{name}: {error}" for error in window.errors()]
        self.problems += [f"{name}: picture {picture} is broken" for picture in seen["broken"]]
        if width and seen["cut"]:
            self.problems.append(f"{name}: wider than {width} pixels")
        for link in seen["links"]:
            if link.startswith(address):
                where = link.removeprefix(address)
                self.check(name, os.path.relpath(where, "/" + os.path.dirname(name)))


LOOK = """return (async () => {
const page = document.documentElement
const text = document.querySelector('#doc-content') || page
const decoded = await Promise.allSettled([...document.images].map(image => image.decode()))
return {
    broken: [...document.images].filter((_, i) => decoded[i].status === 'rejected').map(i => i.src),
    cut: page.scrollWidth > window.innerWidth || text.scrollWidth > text.clientWidth,
    links: [...document.querySelectorAll('a[href]')].map(a => a.href),
}})()"""


def main():
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        print("skipped: Debian's chromium and chromium-driver are not installed")
        return 77
    site = Site(Path(sys.argv[1]) / "html")
    if not site.pages:
        print("skipped: there is no site")
        return 77
    pictures = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    site.check_pages()
    site.check_scripts()
    links = len(site.checked)
    opened = site.check_in_browser(pictures)
    for problem in dict.fromkeys(site.problems):
        print(problem)
    print(f"{len(site.pages)} pages, {links} links checked, {opened} views in Chromium, "
          f"{len(set(site.problems))} problems")
    return 1 if site.problems else 0


sys.exit(main())
