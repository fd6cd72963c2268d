#!/usr/bin/env python3
"""The points of scripts/show.sh: each runs what belongs to it, each that a page names exists, all else is refused.
So is what the other scripts do not know.

Usage: points.py [--build FOLDER]   with a configured build folder, CTest's patterns must match tests of it as well

Nothing is built or run: a dry run tells what would be.
"""

import argparse
import functools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]

# The Catch2 programs that have a case with the tag of faults.
FAULT_PROGRAMS = sorted({"_".join(["test", *path.relative_to(SOURCE / "tests").parent.parts]) + " [fault]"
                         for path in (SOURCE / "tests").rglob("*.cpp") if "[fault]" in path.read_text()})
SUPERVISED_A = ["data.sh mnist", "supervised --points a --check"]
SHORT_EVOLUTION = "framework --quick --only-evolve"
CONV = "conv_fashion_mnist --only --updates"
TUNED = "docs/results/architectures"

# What each point runs, in this order: a program, and words that are among its arguments.
EXPECTED = {
    "framework a": ["framework --points a --check --genome examples/genomes/fashion_mnist.safetensors"],
    "framework b": ["framework --points b --check --genome examples/genomes/fashion_mnist.safetensors"],
    "framework c": ["diffusion_study --check"],
    "framework d": ["framework --points d --check --genome examples/genomes/fashion_mnist.safetensors"],
    "framework e": ["framework --points e --check --genome examples/genomes/fashion_mnist.safetensors"],
    "framework f": ["framework", "framework --quick"],
    "framework g": ["framework_speed"],
    "framework h": [f"{SHORT_EVOLUTION} --threads {threads}" for threads in (1, 2, 4)]
                   + ["rm", f"{SHORT_EVOLUTION} --generations 2", f"{SHORT_EVOLUTION} --resume", "cmp", "cmp", "cmp"],
    "speed a": ["kernels"],
    "speed b": ["update_step"],
    "speed c": ["evolution"],
    "speed d": ["scaling", "diffusion"],
    "speed e": ["compile_time.py"],
    "speed f": ["instructions.sh"],
    **{f"limits {point}": [f"limits --points {point}"] for point in "abcd"},
    "limits f": ["instructions.sh"],
    "supervised a": SUPERVISED_A,
    "supervised b": ["data.sh mnist", "cross_dataset --check"],
    "supervised c": ["data.sh mnist", "width_and_depth --check"],
    "supervised d": ["data.sh mnist", "multi_task --check"],
    "supervised e": ["data.sh mnist", "diffusion_study --check"],
    "supervised f": ["data.sh mnist", "supervised --points f"],
    "supervised g": ["genome_facts.py examples/genomes/universal_1.safetensors"],
    "optimization a": ["optimization", "optimization_tables.py --check"],
    "optimization b": [f"optimization --setting known --functions {name} --tasks 1000"
                       for name in ("rastrigin", "ackley", "griewank", "schwefel")]
                      + ["optimization_tables.py --check-known"],
    "optimization c": ["search_scale"],
    "optimization d": ["test_unit_optimization"],
    "optimization e": ["loss_landscape"],
    **{f"reinforcement {point}": [f"reinforcement --points {point} --check"] for point in "abcdegh"},
    "reinforcement f": ["acting_speed"],
    **{f"acting {point}": [f"acting --points {point}"] for point in "aefg"},
    "trust 1": ["ctest ^(consumer|packaging)"],
    "trust 2": ["ctest ^(compile_fail|complaint|static|unit\\.(io|data))"],
    "trust 3": ["ctest ^(fuzz|unit\\.(io|data))"],
    "trust 4": ["ctest ^(fault|unit\\.io)"],
    "trust 5": ["ctest ^(property|bits)"],
    "trust 6": ["ctest ^(mpi|scaling_model)"],
    "trust 7": ["ctest ^docs"],
    "trust 8": ["ctest ^small"],
    "architectures a": [f"{CONV} 1000", f"{CONV} 1000 --genome architectures", f"{CONV} 3905",
                        f"{CONV} 3905 --genome architectures",
                        f"architectures_points.py a {TUNED}"],
    "architectures b": ["recurrent_rows --only Gru", "architecture_speed --quick",
                        f"architectures_points.py b {TUNED}"],
    "architectures c": ["spiking_digits", "attention_sequence",
                        f"architectures_points.py c {TUNED}"],
    "architectures d": ["residual_depth", f"architectures_points.py d {TUNED}"],
    "architectures e": ["architecture_speed"],
    "architectures f": ["architecture_credits", "architecture_credits --genome architectures"],
    "faults a": [*FAULT_PROGRAMS, "ctest ^fault$"],
    "faults b": ["cat docs/faults.md", "check.py tests"],
    "faults c": FAULT_PROGRAMS,
    "faults d": ["demo.sh --check"],
    "faults e": ["data.sh mnist", "supervised --points a --data fashion_mnist", "readme_table.py --again"],
    "faults f": ["points.py"],
    "targets b": ["data.sh mnist tables", "targets", "targets_point.py"],
    "targets c": ["data.sh tables", "tables_beside_sklearn.py"],
    "targets d": ["text_every_step", "targets_point.py --text"],
    "targets e": ["ctest ^(unit\\.(tables|data|signal|analysis)|programs\\.table)"],
    "targets f": ["data.sh tables", *["train_table", "train_table --predict"] * 3],
    "small a": ["integers --data digits --check"],
    "small b": ["integers --data fashion_mnist --check"],
    "small c": ["passing --check"],
    "small d": ["circuits --check"],
    "small e": ["ctest ^small\\.(host|arm|cortex_m0|cortex_m4f|rv32)$"],
    "search a": ["search", "search_point.py a"],
    "search b": ["search", "search", "search_point.py b"],
    "search c": ["search", "search", "search_point.py c"],
    "search d": ["search", "search_point.py d"],
    "search e": ["search", "search", "search_point.py e"],
    "search f": ["data.sh tables", "search_problems", "search_point.py f"],
    "search g": ["ctest ^(unit\\.optimization|programs\\.command)"],
    "search h": ["search_scale --cost-alone"],
    "search i": ["test_unit_optimization", *["search", "search"] * 2, "search_point.py i"],
    "search j": [*["optimization --own-only"] * 3, "search_point.py chosen"],
    "reach d": ["build.py build/show/reach_d", "check.py build/show/reach_d/live.html"],
    "reach a": ["rm", "git clone", "reach_install.py"],
    "reach b": ["data.sh tables", "reach_tables.py"],
    "reach c": ["reach_search.py"],
    "reach e": ["ctest ^python\\."],
    "credits b": ["deep_networks --births mirrored", "deep_networks --births he", "deep_networks_80 --births he",
                  "deep_networks_80 --check"],
    "credits d": ["outer_loops --horizon 3000", "outer_loops --horizon 10000", "outer_loops --part correlations"],
    "house a": ["git worktree add", "mkdir", "cp", "genomes", "digests", "genomes", "digests", "cmp", "cmp"],
    "house b": ["ctest ^architecture\\.(include_ranks|without|sizes)"],
    "house c": ["ctest ^(compile_fail|static|unit\\.concepts)"],
    "house d": ["rm", "git clone", "test.sh", "test.sh --all"],
    "house e": ["compile_time.py"],
    "house f": ["git worktree add", "house_speed.py"],
    "house g": ["ctest ^docs\\.(programs|cmake|links)"],
}
# What --full runs besides, or in place of the rest.
EVOLVED_POLICIES = "evolve.sh cart_pole cart_pole_online cart_pole_online_backprop control lunar_lander"
FULL = {
    **{f"framework {point}": "framework" for point in "abde"},
    "supervised a": "evolve.sh fashion_mnist evolved_backprop",
    "supervised b": "evolve.sh universal_without_mnist_digits universal_without_fashion_mnist",
    "supervised c": "evolve.sh universal",
    "supervised d": "evolve.sh universal fashion_mnist specialist_mnist specialist_digits specialist_breast_cancer "
                    "specialist_wine specialist_iris",
    "supervised f": "evolve.sh fashion_mnist evolved_backprop",
    "optimization a": "evolve.sh optimizer",
    "optimization b": "evolve.sh known_rastrigin known_griewank known_schwefel",
    **{f"reinforcement {point}": EVOLVED_POLICIES for point in "abcdefgh"},
    "acting e": "evolve.sh memory",
    "trust 3": "fuzz.sh",
    "trust 4": "faults.sh",
    "trust 5": "coverage.sh",
    "trust 8": "small_machines.sh",
    "architectures a": "pytorch_architectures.py --networks conv",
    "architectures b": "pytorch_architectures.py --networks gru",
    "architectures d": "pytorch_architectures.py --networks residual plain",
    "faults e": "evolve.sh fashion_mnist evolved_backprop",
    "search j": "evolve.sh optimizer",
}
QUICK = {*(f"supervised {point}" for point in "abcdef"), "faults e", "targets b", "targets d",
         *(f"small {point}" for point in "abcd"),
         *(f"search {point}" for point in "abcdefi"), "reach b", "reach c",
         "credits b", "credits d"}

REFUSED = ["", "speed", "speed z", "speed A", "speed 1", "trust 9", "trust a", "absent a", "none", "architectures g",
           "faults g", "speed a b", "a speed", "speed a --absent", "speed a --fully", "speed a -q", "--list speed",
           "--list --full", "speed a --list", "speed a|b", "speed [a-f]", "speed *"]


class Wrong(Exception):
    """What does not hold."""


def require(holds, sentence):
    if not holds:
        raise Wrong(sentence)


class Tree:
    """The sources in a folder of their own, and programs on PATH that note that they were run: they must not be."""

    def __init__(self, folder):
        self.root, self.tools, self.noted = folder / "tree", folder / "tools", folder / "noted"
        self.root.mkdir()
        self.tools.mkdir()
        for path in SOURCE.iterdir():
            if path.name not in (".git", "build"):
                (self.root / path.name).symlink_to(path)
        for tool in ("cmake", "ctest", "ninja", "dpkg-query", "apt-get", "npm", "curl", "rm", "cp", "cmp", "mkdir"):
            (self.tools / tool).write_text(f'#!/bin/sh\necho "{tool} $*" >>"{self.noted}"\n')
            (self.tools / tool).chmod(0o755)

    def run(self, script, *arguments):
        environment = {"PATH": f"{self.tools}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([self.root / "scripts" / script, *arguments], env=environment, capture_output=True,
                              text=True, timeout=60)
        if self.noted.exists():
            noted = self.noted.read_text()
            self.noted.unlink()
            raise Wrong(f"{script} {arguments} runs {noted}")
        require(not (self.root / "build").exists(), f"{script} {arguments} writes into build/")
        return done

    def show(self, *arguments):
        return self.run("show.sh", *arguments)

    def list(self):
        """The pairs, each with its options."""
        done = self.show("--list")
        require(done.returncode == 0 and not done.stderr, f"--list: {done.stderr}")
        lines = [re.fullmatch(r"(\w+) +(\w)  ([A-Z0-9].{15,90}?)((?: \[--\w+\])*)", line)
                 for line in done.stdout.splitlines()]
        require(all(lines), f"--list has lines of another form: {done.stdout}")
        return {f"{line[1]} {line[2]}": re.findall(r"--\w+", line[4]) for line in lines}

    def commands(self, pair, *options):
        """What a dry run prints, as lists of words; the first line names the point."""
        done = self.show(*pair.split(), "--dry-run", *options)
        require(done.returncode == 0 and not done.stderr, f"{pair} {options}: {done.returncode}, {done.stderr}")
        first, second, *lines = done.stdout.splitlines()
        require(first.startswith(f"# {pair}: "), f"{pair} calls itself {first}")
        require(second == f"# output: {folder_of(pair)}", f"{pair} has another output folder: {second}")
        return [shlex.split(line) for line in lines if not line.startswith("# packages: ")]


def folder_of(pair):
    return "build/show/" + pair.replace(" ", "_")


def is_setup(command):
    return command[0] in ("cmake", "export", "install_packages")


def runs(command, expected):
    """Whether the command is this program with these words among its arguments."""
    program, *words = expected.split()
    name, *arguments = command[1:] if command[0].endswith("python3") else command
    return Path(name).name == program and {*words} <= {*arguments}


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@functools.cache
def made(build, *targets):
    """The files of a build folder that its rules make for these targets."""
    commands = output_of("ninja", "-C", build, "-t", "commands", *targets) if targets else ""
    return {*re.findall(r" -o (\S+)", commands)}


def require_tests(place, selection, targets, build):
    """CTest knows tests of this selection, and the programs that they run are among the targets."""
    listed = output_of("ctest", "--test-dir", build, "--show-only=json-v1", *selection)
    tests = json.loads(listed)["tests"]
    require(tests, f"{place}: there is no such test")
    missing = made(build, "all") - made(build, *targets)
    for test in tests:
        for word in test.get("command", []):
            require(os.path.relpath(word, build) not in missing, f"{place}: {test['name']} runs {word}, not built")


def require_sound(pair, commands, build):
    """All that any command must keep to: what it names exists, is built before, and writes where the point may."""
    built = set()
    for words in commands:
        place = f"{pair}: {' '.join(words)}"
        if words[:2] == ["cmake", "--build"]:
            built |= {(words[3], target) for target in words[words.index("--target") + 1:]}
        for word, value in zip(words, [*words[1:], ""]):
            at = re.search(r"build/show/.*", word)
            require(not at or f"{at[0]}/".startswith(folder_of(pair) + "/"), f"{place}: {word} is another point's")
            require(word not in ("--output", "--json") or value.startswith(folder_of(pair)),
                    f"{place}: {word} {value} is outside of its folder")
            if program := re.fullmatch(r"build/(\w+)/(examples|benchmarks/studies|benchmarks|tests)/(\w+)", word):
                require((program[1], program[3]) in built, f"{place}: {word} is not built before")
                require(program[2] == "tests" or (SOURCE / program[2] / f"{program[3]}.cpp").exists(),
                        f"{place}: nothing makes {word}")
            elif re.match(r"(scripts|examples|benchmarks|tests|docs)/", word):
                require((SOURCE / word).exists(), f"{place}: {word} does not exist")
        if words[0] == "ctest" and build:
            require_tests(place, words[3:], [target for preset, target in built if preset == words[2]], build)


def check_point(tree, pair, options, build):
    commands = tree.commands(pair)
    require_sound(pair, commands, build)
    programs = [command for command in commands if not is_setup(command)]
    require(len(programs) == len(EXPECTED[pair]) and all(map(runs, programs, EXPECTED[pair])),
            f"{pair} runs {programs}, not {EXPECTED[pair]}")
    require(("--full" in options) == (pair in FULL) and ("--quick" in options) == (pair in QUICK),
            f"{pair} is listed with {options}")
    if pair in FULL:
        full = tree.commands(pair, "--full")
        require_sound(pair, full, build)
        require(full != commands and any(runs(command, FULL[pair]) for command in full),
                f"{pair} --full does not run {FULL[pair]}")
    if pair in QUICK:
        quick = tree.commands(pair, "--quick")
        long = [[word for word in command if word != "--quick"] for command in quick]
        require(long == commands and any("--quick" in command for command in quick),
                f"{pair} --quick runs {quick}")
    for option in {"--full", "--quick"} - {*options}:
        done = tree.show(*pair.split(), option, "--dry-run")
        require(done.returncode == 0 and f"{pair} has no {option}" in done.stderr, f"{pair} takes {option} in silence")


def check_refused(tree, text):
    done = tree.show(*text.split())
    require(done.returncode == 2 and not done.stdout, f"show.sh {text}: exit code {done.returncode}, {done.stdout}")
    said = done.stderr.splitlines()
    require(said[0].startswith("show.sh: ") and "show.sh --list" in said[-1] and len(said) <= 12,
            f"show.sh {text} does not say, in short, what is wrong and where to look: {done.stderr}")


# What other scripts refuse before they do anything. Those that are not here hand all that they are given on.
OTHERS_REFUSE = {
    "check.sh": ["x"], "docs.sh": ["x"], "valgrind.sh": ["x"],
    "coverage.sh": ["x", "--report x"],
    "data.sh": ["x", "mnist x"],
    "evolve.sh": ["", "x", "x x", "x universal x", "x specialist_x", "x known_x", "--x universal"],
    "faults.sh": ["x", "0", "-1", "1e3", "1 x"],
    "fuzz.sh": ["x", "--minutes", "--minutes 0", "--minutes x", "--minutes 1.5", "--inputs -1", "idx --inputs 1e6"],
    "instructions.sh": ["x", "--update x"],
    "sanitize.sh": ["", "x", "asan tsan"],
}
HAND_ON = {"demo.sh", "small_machines.sh", "test.sh"}


def check_other(tree, script, text):
    done = tree.run(script, *text.split())
    require(done.returncode == 2 and f"usage of {script}:" in done.stderr and not done.stdout,
            f"{script} {text}: exit code {done.returncode}, {done.stdout}{done.stderr}")


def cited(text):
    """The points that a page names: `scripts/show.sh speed a` (to `f`). A word in capitals stands for any point."""
    for topic, first, last in re.findall(r"show\.sh\s+([a-z]+)\s+(\w+)`?(?:\s+\(?to\s+`(\w)`)?", text):
        letters = [first] if not last else [chr(letter) for letter in range(ord(first), ord(last) + 1)]
        yield from (f"{topic} {letter}" for letter in letters)


def check_page(page, pairs):
    for pair in cited(page.read_text()):
        topic, point = pair.split()
        known = point.isupper() and any(name.startswith(f"{topic} ") for name in pairs)
        require(known or pair in pairs, f"{page.relative_to(SOURCE)}: show.sh has no point {pair}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, help="a configured build folder of the sources")
    build = parser.parse_args().build
    pages = [page for page in SOURCE.rglob("*.md") if "build" not in page.relative_to(SOURCE).parts]
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        try:
            pairs = tree.list()
        except Wrong as problem:
            sys.exit(str(problem))
        checks = [(check_point, tree, pair, options, build) for pair, options in pairs.items() if pair in EXPECTED]
        checks += [(check_refused, tree, text) for text in REFUSED]
        checks += [(check_other, tree, script, text) for script, texts in OTHERS_REFUSE.items() for text in texts]
        checks += [(check_page, page, pairs) for page in pages]
        problems = [f"{pair} is listed and not expected, or expected and not listed" for pair in {*pairs} ^ {*EXPECTED}]
        problems += [f"{script}: what does it refuse?" for script in {path.name for path in SOURCE.glob("scripts/*.sh")}
                     ^ {*OTHERS_REFUSE, *HAND_ON, "show.sh"}]
        for check, *arguments in checks:
            try:
                check(*arguments)
            except Wrong as problem:
                problems.append(str(problem))
    citations = sum(len(list(cited(page.read_text()))) for page in pages)
    print("\n".join(problems) or f"{len(pairs)} points, {len(REFUSED)} refusals, {citations} citations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
