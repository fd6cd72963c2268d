#!/usr/bin/env python3
"""Uses the page that learns, in headless Chromium, as a visitor would: by pointer, by keyboard, from a server and from a
file; wide and narrow, light and dark. Prints what it finds, and its figures last.

    docs/site/live/check.py PAGE [--json FILE] [--pictures FOLDER] [--contest]

Exit code 1: something is wrong. 77: there is no Chromium here, or no page.
"""

import argparse
import base64
import json
import math
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import browser  # noqa: E402
import build  # noqa: E402

MOST_BYTES = 500_000
MOST_SECONDS = 10
LEAST_ACCURACY = 0.9
LIVES = 8
CONTESTS = 9
MOST_PAUSE = 1000  # milliseconds without a picture while both networks learn at full speed
WIDTHS = {"wide": (1280, 900), "narrow": (360, 780)}
NAMED = {"button", "combobox", "textbox", "radio", "slider", "image", "img", "link", "application", "ListBox"}


class Page:
    """The page in a window, and what is wrong with it."""

    def __init__(self, window):
        self.window, self.problems = window, []

    def expect(self, holds, sentence):
        if not holds:
            self.problems.append(sentence)
        return holds

    def open(self, address):
        self.window.open(address)
        self.expect(self.wait("document.body.dataset.ready === 'yes'", 10), f"{address} does not start")

    def value(self, expression):
        return self.window.run(f"return {expression}")

    def wait(self, expression, seconds):
        end = time.monotonic() + seconds
        while not (found := self.value(expression)) and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def text(self, name):
        return self.value(f"document.getElementById('{name}').textContent")

    def click(self, name):
        self.value(f"document.getElementById('{name}').click()")

    def choose(self, name, value):
        self.value(f"document.querySelector('[name={name}][value=\"{value}\"]').click()")

    def fill(self, name, value):
        self.window.run(f"const field = document.getElementById('{name}'); field.value = {json.dumps(value)};"
                        "for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true}))")

    def key(self, key, text=None):
        """A key by its name, pressed as on a keyboard."""
        codes = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
                 "Backspace": 8}
        text = {"text": text} if text else {}
        self.window.command("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=codes[key], **text)
        self.window.command("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=codes[key])

    def stroke(self, points):
        """A line over the pad by pointer; points are shares of its width and height."""
        box = self.value("(() => { const pad = document.getElementById('pad'); pad.scrollIntoView({block: 'center'});"
                         "const box = pad.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] })()")
        for number, (x, y) in enumerate(points):
            kind = "mousePressed" if number == 0 else "mouseMoved"
            self.window.command("Input.dispatchMouseEvent", type=kind, x=box[0] + x * box[2], y=box[1] + y * box[3],
                                button="left", buttons=1, clickCount=1)
        self.window.command("Input.dispatchMouseEvent", type="mouseReleased", x=1, y=1, button="left", clickCount=1)

    def updates(self):
        return int(self.text("updates-done").replace(",", ""))

    def accuracy(self, name):
        return float(self.text(f"{name}-accuracy").removesuffix(" %")) / 100

    def guess(self, which):
        return self.value(f"document.querySelector('#{which}-guess .top').textContent")

    def finish(self, seconds=60):
        return self.wait("document.getElementById('learn').textContent === 'Again'", seconds)

    def learn(self):
        """A new life, to its end."""
        self.click("again")
        self.expect(self.wait("document.getElementById('updates-done').textContent === '0'", 5), "Reset does not")
        self.click("learn")
        return self.expect(self.finish(), "learning does not end")


def check_learning(page, figures):
    """The default networks, watched; then every control of learning, and several lives."""
    figures["lives"] = {}
    page.click("learn")
    page.wait("document.body.dataset.seconds", MOST_SECONDS + 2)
    seconds = float(page.value("document.body.dataset.seconds || 'Infinity'"))
    figures["seconds_to_90_percent"] = seconds
    page.expect(seconds <= MOST_SECONDS, f"90 % take {seconds} seconds")
    page.expect(page.text("learn") == "Pause", "a network that learns cannot be paused")
    page.click("learn")
    page.wait("document.getElementById('learn').textContent === 'Go on'", 2)
    before = page.updates()
    time.sleep(0.3)
    page.expect(page.updates() == before, "Pause does not pause")
    page.click("step")
    page.expect(page.wait(f"document.getElementById('updates-done').textContent === '{before + 10}'", 2),
                "ten updates are not ten")
    page.choose("speed", "full")
    page.click("learn")
    page.expect(page.finish(), "learning does not end")
    page.expect(page.updates() == 300, f"{page.updates()} updates in place of 300")
    for name in ("credits", "gradient"):
        figures[f"{name}_accuracy"] = page.accuracy(name)
    page.expect(figures["credits_accuracy"] >= LEAST_ACCURACY, f"credits reach {figures['credits_accuracy']}")
    page.expect("Learned." in page.text("learning-said"), "nobody is told that learning has ended")
    speeds = []
    for genome, name in enumerate(("universal", "never saw a digit")):
        page.fill("genome", str(genome))
        lives = []
        for _ in range(LIVES):
            page.learn()
            lives.append((page.accuracy("credits"), page.accuracy("gradient")))
            speeds.append(int(page.value("document.body.dataset.updatesPerSecond")))
        page.expect(min(lives)[0] >= LEAST_ACCURACY, f"a life by the genome {name} reaches {min(lives)[0]}")
        for who, column in zip((f"credits, {name}", "plain descent at its usual step size"), zip(*lives)):
            figures["lives"][who] = {"mean": statistics.mean(column), "standard_deviation": statistics.stdev(column),
                                     "n": LIVES}
    page.fill("genome", "0")
    figures["updates_per_second"] = int(statistics.median(speeds))


def check_tuning(page, figures):
    """The step size is one's own, and matters to backpropagation alone."""
    before = page.text("rate-shown")
    page.fill("rate", "1")
    page.expect(page.text("rate-shown") != before and page.text("rate-shown") == "10", "the slider shows no step size")
    page.learn()
    page.expect(page.accuracy("gradient") < 0.5 < page.accuracy("credits"), "a step size of 10 does no harm")
    page.fill("optimizer", "3")
    page.expect(page.text("rate-shown") == "0.004", "Adam does not begin at its usual step size")
    page.click("sweep")
    page.expect(page.wait("!document.getElementById('sweep').disabled", 60), "trying step sizes does not end")
    page.expect("Best of" in page.text("tries-said"), "what was tried is not told")
    figures["best_gradient_accuracy_of_nine"] = float(page.text("tries-said").split(": ")[1].split(" %")[0]) / 100
    page.fill("optimizer", "0")


def check_shapes(page, figures):
    """Every network that can be chosen learns."""
    figures["accuracy_by_shape"], figures["updates_per_second_by_shape"] = {}, {}
    for width in (16, 32, 64):
        page.choose("width", width)
        for depth in (1, 2, 3, 5):
            page.choose("depth", depth)
            page.wait("document.getElementById('updates-done').textContent === '0'", 2)
            page.window.run("window.longest = 0; window.latest = performance.now(); (function next() {"
                            "const now = performance.now(); window.longest = Math.max(longest, now - latest);"
                            "window.latest = now; window.frame = requestAnimationFrame(next) })()")
            page.click("learn")
            page.expect(page.finish(60), f"{width} × {depth} does not end")
            page.window.run("cancelAnimationFrame(window.frame)")
            figures["longest_pause_milliseconds"] = max(figures.get("longest_pause_milliseconds", 0),
                                                        page.value("Math.round(window.longest)"))
            figures["accuracy_by_shape"][f"{width} × {depth}"] = reached = page.accuracy("credits")
            figures["updates_per_second_by_shape"][f"{width} × {depth}"] = int(
                page.value("document.body.dataset.updatesPerSecond"))
            page.expect(reached >= LEAST_ACCURACY, f"{width} × {depth} reaches {reached}")
    pause = figures["longest_pause_milliseconds"]
    page.expect(pause <= MOST_PAUSE, f"the page stands still for {pause} milliseconds")
    page.choose("width", 32)
    page.choose("depth", 2)
    page.learn()


def arc(x, y, wide, high, start, end):
    """Points on an ellipse, in degrees, clockwise from the right."""
    return [(x + wide * math.cos(math.radians(start + (end - start) * k / 24)),
             y + high * math.sin(math.radians(start + (end - start) * k / 24))) for k in range(25)]


def line(*corners):
    return [(a[0] + (b[0] - a[0]) * k / 8, a[1] + (b[1] - a[1]) * k / 8)
            for a, b in zip(corners, corners[1:]) for k in range(9)]


# Digits as somebody draws them, strokes of points.
DRAWN = [
    [arc(.5, .5, .22, .35, -90, 270)],
    [line((.52, .12), (.52, .88))],
    [arc(.5, .32, .2, .2, 180, 380) + line((.68, .4), (.3, .86), (.74, .86))],
    [arc(.47, .3, .2, .18, 200, 450) + arc(.47, .67, .23, .2, 270, 520)],
    [line((.55, .12), (.25, .6), (.78, .6)), line((.6, .35), (.6, .9))],
    [line((.7, .12), (.35, .12), (.33, .45)) + arc(.48, .63, .22, .22, 230, 510)],
    [line((.62, .12), (.4, .4)) + arc(.5, .66, .19, .21, 200, 560)],
    [line((.27, .14), (.73, .14), (.45, .88))],
    [arc(.5, .3, .17, .18, 90, 450) + arc(.5, .68, .2, .2, -90, 270)],
    [arc(.5, .33, .18, .2, 0, 360) + line((.68, .33), (.62, .88))],
]


def check_drawing(page, figures):
    """Both networks guess what is drawn by pointer, by keys, or taken from the data."""
    page.expect(page.guess("credits") == "?", "there is a guess before there is a drawing")
    drawn = {"credits": 0, "gradient": 0}
    for digit, strokes in enumerate(DRAWN):
        page.click("clear")
        for points in strokes:
            page.stroke(points)
        time.sleep(0.2)
        for name in drawn:
            drawn[name] += page.guess(name) == str(digit)
        page.expect(f"Credits: {page.guess('credits')}" in page.text("guessed"), "the guess is not said")
    figures["drawn_digits_right_of_10"] = drawn
    page.expect(drawn["credits"] >= 8, f"of ten drawings credits name {drawn['credits']} rightly")
    page.click("clear")
    page.expect(page.wait("document.querySelector('#credits-guess .top').textContent === '?'", 2), "Clear does not")
    page.value("document.getElementById('pad').focus()")
    for key in [*["ArrowUp"] * 6, " ", *["ArrowDown"] * 14, " "]:
        page.key(key)
    page.expect(page.wait("document.querySelector('#credits-guess .top').textContent === '1'", 2),
                f"a vertical line by keys is a {page.guess('credits')}")
    page.key("Backspace")
    right = {"credits": 0, "gradient": 0}
    for _ in range(20):
        page.click("real")
        time.sleep(0.15)
        for name in right:
            right[name] += page.guess(name) == page.value("document.getElementById('label').value")
    figures["real_digits_right_of_20"] = right
    page.expect(min(right.values()) >= 16, f"of twenty real digits {right} are named rightly")
    page.click("teach")
    page.expect("1 drawing taught" in page.text("taught"), "a drawing is not taught")
    page.expect(page.learn() and page.accuracy("credits") >= LEAST_ACCURACY, "a drawing taught spoils learning")


CONTEST = """return (async (preset, evaluations, runs) => {
const at = id => document.getElementById(id), set = (id, value) => {
    at(id).value = value
    at(id).dispatchEvent(new Event('change', {bubbles: true}))
}
const pause = () => new Promise(resolve => setTimeout(resolve, 4))
let ahead = 0
set('evaluations', evaluations)
set('preset', preset)
for (let run = 0; run < runs; ++run) {
    at('map').dataset.batches = ''
    at('reset').click()
    while (at('map').dataset.batches !== '0') await pause()
    while (!at('searching-said').textContent) {
        at('advance').click()
        await pause()
    }
    ahead += Number(at('population-value').textContent) <= Number(at('descent-value').textContent) + 1e-6
}
return ahead
})(%d, %d, %d)"""


def contest(page, figures):
    """How often the population ends as low as gradient descent or lower, by function: a minute or two, so by choice."""
    names = page.value("[...document.getElementById('preset').options].map(one => one.textContent.split(':')[0])")[:-1]
    figures["search_as_low_or_lower"] = {
        name: {"runs": page.window.run(CONTEST % (number, 400, CONTESTS)), "n": CONTESTS, "evaluations": 400}
        for number, name in enumerate(names)}
    page.fill("preset", "0")


def check_landscapes(page, figures):
    """Step, run, reset; functions of one's own; what is no function."""
    page.click("advance")
    page.expect(page.wait("document.getElementById('map').dataset.batches === '1'", 2), "Step does not")
    page.click("walk")
    page.expect(page.wait("document.getElementById('searching-said').textContent", 60), "a search does not end")
    figures["search_value"] = float(page.text("population-value"))
    figures["descent_value"] = float(page.text("descent-value"))
    page.expect(figures["search_value"] < figures["descent_value"],
                f"the search ends at {figures['search_value']}, descent at {figures['descent_value']}")
    page.click("reset")
    page.expect(page.wait("document.getElementById('population-value').textContent === '–'", 2), "Reset does not")

    stride = page.text("stride-shown")
    page.fill("stride", "-2")
    page.expect(page.text("stride-shown") == "0.01" != stride, "the slider of gradient descent shows no step size")
    for number in range(8):
        page.fill("preset", str(number))
        page.wait("document.getElementById('map').dataset.batches === '0'", 3)
        page.click("advance")
        page.expect(page.wait("document.getElementById('map').dataset.batches === '1'", 3), f"function {number} stands")

    page.fill("evaluations", "200")
    page.fill("formula", "(x - 1)^2 + abs(y - 2) + 3")
    page.expect(page.value("document.getElementById('preset').value") == "own", "a function of one’s own has a name")
    page.click("walk")  # at once: what was typed counts
    page.wait("document.getElementById('searching-said').textContent", 60)
    found = float(page.text("population-value"))
    page.expect(abs(found - 3) < 0.05, f"a typed function with the minimum 3 ends at {found}")
    wrong = {"x +* 2": "missing", "alert(1)": "not known", "sin x": "parentheses", "": "Type", "(x": "parenthesis",
             "log(-1 - x^2)": "no finite value", "x.constructor": "missing", "max(x)": "comma",
             "max(x, y, 1)": "no more", "x" + " + x" * 5000: "too long"}
    for text, word in wrong.items():
        page.fill("formula", text)
        page.expect(page.wait(f"document.getElementById('formula-said').textContent.includes('{word}')", 2),
                    f"“{text[:40]}”: {page.text('formula-said')}")
        page.expect(page.value("document.getElementById('formula').getAttribute('aria-invalid')") == "true",
                    f"“{text}” is taken")
        page.expect(page.value("document.getElementById('walk').disabled"), f"“{text}” can be run")
    page.fill("formula", "x^2 + y^2")
    page.expect(page.wait("document.getElementById('formula').getAttribute('aria-invalid') === 'false'", 2),
                "a right function after a wrong one is not taken")
    for low, high in (("2", "1"), ("a", "1"), ("", "1")):
        page.fill("low", low)
        page.fill("high", high)
        page.expect(page.wait("document.querySelector('.bounds [aria-invalid=true]') !== null", 2),
                    f"bounds from {low} to {high} are taken")
    page.fill("preset", "0")


def check_keyboard(page):
    """Tab alone reaches every control, in the order of the page, and shows where it is; a screen reader has names."""
    wanted = page.value("""(() => {
        const seen = new Set()
        return [...document.querySelectorAll('a[href], button, select, textarea, input, [tabindex="0"]')]
            .filter(one => !one.disabled && one.offsetParent !== null)
            .filter(one => one.type !== 'radio' || (one.checked && !seen.has(one.name) && seen.add(one.name)))
            .map(one => one.id || one.name || one.getAttribute('href'))
    })()""")
    page.value("document.querySelector('.skip').focus()")
    reached = []
    for _ in wanted:
        name, shows = page.value("""(() => {
            const one = document.activeElement, shown = one.type === 'radio' ? one.nextElementSibling : one
            return [one.id || one.name || one.getAttribute('href'), getComputedStyle(shown).outlineStyle !== 'none']
        })()""")
        page.expect(shows, f"the focus cannot be seen at {name}")
        reached.append(name)
        page.key("Tab")
    page.expect(reached == wanted, f"Tab reaches {reached}, not {wanted}")
    page.value("document.getElementById('again').click()")
    page.value("document.getElementById('learn').focus()")
    page.key("Enter", "\r")
    page.expect(page.wait("document.getElementById('updates-done').textContent !== '0'", 3), "Enter does not start it")
    page.value("document.querySelector('[name=depth]:checked').focus()")
    page.key("ArrowRight")
    page.expect(page.value("document.querySelector('[name=depth]:checked').value") == "3", "an arrow chooses no depth")
    page.key("ArrowLeft")

    tree = page.window.command("Accessibility.getFullAXTree")["nodes"]
    nameless = [node["role"]["value"] for node in tree if not node.get("ignored")
                and node.get("role", {}).get("value") in NAMED and not node.get("name", {}).get("value")]
    page.expect(not nameless, f"without a name for a screen reader: {nameless}")
    headings = [node for node in tree if node.get("role", {}).get("value") == "heading"]
    page.expect(len(headings) >= 3, "headings are missing")


def take_picture(page, address, path):
    """The picture of README.md: the first cards after a run."""
    page.window.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    page.window.resize(1000, 3200)  # no scroll bar, or the picture would be laid out anew without it
    page.open(address)
    page.click("learn")
    page.finish()
    time.sleep(0.5)
    left, top, width, bottom = page.value("""(() => {
        const first = document.querySelector('#digits .layout').getBoundingClientRect()
        const last = document.querySelector('#digits .full').getBoundingClientRect()
        return [first.x + scrollX, first.y + scrollY, first.width, last.bottom + scrollY]
    })()""")
    clip = {"x": left - 8, "y": top - 8, "width": width + 16, "height": bottom - top + 16, "scale": 1}
    shot = page.window.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
    path.write_bytes(base64.b64decode(shot["data"]))
    page.window.command("Emulation.setEmulatedMedia", features=[])


def check_looks(page, address, pictures):
    """Nothing is cut off, wide or narrow, light or dark; pictures of a page in use."""
    for scheme in ("light", "dark"):
        page.window.command("Emulation.setEmulatedMedia",
                            features=[{"name": "prefers-color-scheme", "value": scheme}])
        for name, (width, height) in WIDTHS.items():
            page.window.resize(width, height)
            page.open(address)
            page.click("real")
            page.click("learn")
            page.click("walk")
            time.sleep(1.5)
            page.click("learn")
            page.click("walk")
            over = page.value("document.documentElement.scrollWidth - innerWidth")
            page.expect(over <= 0, f"{name}: {over} pixels too wide")
            if pictures:
                page.window.resize(width, page.value("document.documentElement.scrollHeight"))
                page.window.screenshot(pictures / f"{name}_{scheme}.png")
    page.window.command("Emulation.setEmulatedMedia", features=[])
    page.window.resize(*WIDTHS["wide"])


def circumstances():
    """Of what made the figures: commit, compiler, processor, browser."""
    def said(*command):
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        return done.stdout.strip().partition("\n")[0]

    cpu = next((line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), "")
    return {"program": "docs/site/live/check.py", "commit": said("git", "describe", "--always", "--dirty"),
            "compiler": said("em++", "--version"), "flags": " ".join(build.FLAGS), "cpu": cpu, "threads": 2,
            "browser": said("chromedriver", "--version"), "seed": 1, "updates": 300, "minibatch": 64}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--contest", action="store_true", help="both searches on every function, several times")
    options = parser.parse_args()
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        print("skipped: Debian's chromium and chromium-driver are not installed")
        return 77
    if not options.page.exists():
        print(f"skipped: there is no {options.page}; Debian's emscripten builds it")
        return 77
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    file = options.page.resolve()
    figures = circumstances() | {"bytes": file.stat().st_size}
    with browser.Browser() as window:
        page = Page(window)
        page.expect(figures["bytes"] <= MOST_BYTES, f"{figures['bytes']} bytes")
        window.resize(*WIDTHS["wide"])
        served = f"{browser.serve(file.parent)}/{file.name}"
        starts = []
        for address in [file.as_uri(), served] * 2:
            begun = time.monotonic()
            page.open(address)
            starts.append(time.monotonic() - begun)
        figures["seconds_to_start"] = statistics.median(starts)
        page.expect(page.text("failure") == "", f"it says {page.text('failure')}")
        check_learning(page, figures)
        check_tuning(page, figures)
        check_shapes(page, figures)
        check_drawing(page, figures)
        check_landscapes(page, figures)
        if options.contest:
            contest(page, figures)
        check_keyboard(page)
        loaded = page.value("performance.getEntriesByType('resource').map(one => one.name)")
        outside = [name for name in loaded if not name.startswith(("blob:", "data:"))]
        page.expect(not outside, f"it loads {outside}")
        check_looks(page, file.as_uri(), options.pictures)
        if options.pictures:
            take_picture(page, file.as_uri(), options.pictures / "live.png")
        errors = window.errors()
        figures["console_errors"] = len(errors)
        page.problems += [f"console: {error}" for error in errors]
        page.expect(page.text("failure") == "", f"it says {page.text('failure')}")
    if options.json:
        options.json.write_text(json.dumps(figures | {"problems": page.problems}, indent=2, ensure_ascii=False) + "\n")
    for problem in page.problems:
        print(f"FAILS   {problem}")
    for name, value in list(figures.items())[len(circumstances()):]:
        print(f"{name}: {value}")
    speeds = figures["updates_per_second_by_shape"].values()
    print(f"{figures['bytes']:,} bytes, 90 % on held-out digits after {figures['seconds_to_90_percent']:.1f} s, "
          f"{figures['updates_per_second']:,} updates a second ({min(speeds):,} to {max(speeds):,} by network), "
          f"{figures['console_errors']} errors in the console, {len(page.problems)} problems")
    return 1 if page.problems else 0


if __name__ == "__main__":
    sys.exit(main())
