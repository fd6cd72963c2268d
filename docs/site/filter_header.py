#!/usr/bin/env python3
"""Doxygen's filter for the library's headers: prints one, line by line as it was, with what
Doxygen needs and a reader of the code does not.

- The comment that a file starts with becomes its brief description.
- Everything goes to the group of its folder (docs/site/groups.dox).
- A member of a contract that says nothing of itself takes the words of the contract: the tables in
  the comments of include/tdca/concepts/ and docs/names.md. A name means one thing in the tree.
- An overload that says nothing takes the words of the function above it.
- An equation on a line of its own, indented, stays on a line of its own.
- The inline namespace that carries the ABI tag is left out: entities are tdca::Name.
"""

import html
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "include/tdca"

# Whose contracts the types of a file meet: (path below include/tdca starts so, concepts).
CONTRACTS = [
    ("bottom_up/activations", ["ElementwiseActivation", "NormalizingActivation"]),
    ("bottom_up/", ["LayerWithShapes", "SynapticLayer", "RelayLayer"]),
    ("concepts/ranks", ["Ranks"]),
    ("credit/diffusion", ["Diffusion"]),
    ("distributed/", ["Ranks"]),
    ("evolution/training_task", ["Task", "CohortTask"]),
    ("evolution/task_", ["Task", "CohortTask"]),
    ("evolution/", ["EvolutionStrategy"]),
    ("plasticity/", ["PlasticityRule"]),
    ("signal/", ["Signal", "InterpretingSignal"]),
    ("control/environments/", ["Environment"]),
    ("control/reward_signal", ["Signal", "InterpretingSignal"]),
    ("control/", ["Task", "CohortTask"]),
    ("optimization/test_functions/", ["test_function"]),
    ("optimization/ranked_deviation", ["Signal", "InterpretingSignal"]),
    ("optimization/objective_signal", ["Signal", "InterpretingSignal"]),
    ("optimization/", ["Task", "CohortTask"]),
]

CONCEPTS = "|".join(
    name for path in (LIBRARY / "concepts").glob("*.hpp")
    for name in re.findall(r"^concept (\w+)", path.read_text(), re.M))

TABLE_ROW = re.compile(r"^(?:///)?\s*\|\s*(`.*?)\s*\|\s*(.*?)\s*\|\s*$")


def table_words(lines):
    """The meaning of each member that a table of `member` | meaning names."""
    words = {}
    for line in lines:
        row = TABLE_ROW.match(line)
        if not row:
            continue
        for member in re.findall(r"`([^`]+)`", row[1]):
            name = "operator()" if ")(" in member else re.match(r"\w+", member)[0]
            words[name] = row[2]
    return words


def contract_words(concept):
    """The table in the comment above `concept` (or a struct or namespace of that name)."""
    for path in sorted(LIBRARY.glob("**/*.hpp")):
        comment = []
        for line in path.read_text().splitlines():
            if line.startswith("///"):
                comment.append(line)
            elif re.match(rf"(concept|struct|namespace) {concept}\b", line) and comment:
                return table_words(comment)
            elif not line.startswith(("template", "    ")):
                comment = []
    sys.exit(f"{__file__}: no contract {concept}")


def words_for(name):
    """What names of members mean in the file `name`, with the contract that says so."""
    recurring = table_words((ROOT / "docs/names.md").read_text().splitlines())
    words = {member: (meaning, None) for member, meaning in recurring.items()}
    for prefix, concepts in CONTRACTS:
        if name.startswith(prefix):
            for concept in reversed(concepts):
                words |= {member: (meaning, concept)
                          for member, meaning in contract_words(concept).items()}
            break
    return words


class Declaration(NamedTuple):
    """A declaration at class or namespace scope."""

    first: int  # line
    last: int  # line of its name, or later
    name: str
    is_type: bool
    in_class: bool


def bare(text):
    """A declaration without template headers, attributes and alignment."""
    while match := re.match(r"\s*template\s*<", text):
        depth, i = 1, match.end()
        while depth and i < len(text):
            depth += (text[i] == "<") - (text[i] == ">" and text[i - 1] != "-")
            i += 1
        text = text[i:]
    text = re.sub(r"\[\[.*?\]\]|alignas\([^()]*\)", "", text).strip()
    return re.sub(r"^requires\s*\(.*?\)\s", "", text)


def name_of(text):
    """The name that a bare declaration introduces, or None."""
    if match := re.match(r"(?:using|struct|class|enum class|enum|concept)\s+(\w+)", text):
        return None if text.startswith("using namespace") else match[1]
    if match := re.search(r"\boperator\s*(\(\)|[^\s\w(]+)\s*\(", text):
        return "operator" + match[1]
    head = re.split(r"[={;]", text)[0]
    match = re.search(r"(\w+)\s*\(", head) or re.search(r"(\w+)\s*(?:\[[^\]]*\])*\s*$", head)
    return match[1] if match else None


def declarations(lines):
    """The declarations of a header in clang-format's layout; what is in bodies is skipped."""
    scopes = []  # "namespace", "class", or "body": all other braces
    text, first = "", 0  # of the declaration so far
    after_body = False
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])\'', '""', line)
        for character in re.sub(r"//.*", "", code) + "\n":
            in_body = scopes[-1:] == ["body"]
            if in_body and character not in "{}":
                continue
            if after_body and not character.isspace():
                # `{…}` may have been an initialiser: what follows belongs to the same declaration.
                text, after_body = "," if character in ",;(:" else "", False
            if not text.strip():
                first = number
            if character in "{;" and not in_body:
                found = bare(text)
                kind = re.match(r"(struct|class|union|namespace)\b", found)
                if found and found[0] not in ",:" and not found.startswith("namespace"):
                    is_type = re.match(r"struct|class|enum|union", found) is not None
                    yield Declaration(first, number, name_of(found), is_type, "class" in scopes)
            if character == "{":
                scopes.append("body" if in_body or not kind else
                              "namespace" if kind[1] == "namespace" else "class")
            elif character == "}":
                after_body = scopes.pop() == "body" and scopes[-1:] != ["body"]
            text = "" if character in "{};" else text + character
            if text.strip() in ("public:", "private:", "protected:"):
                text = ""


def comment_above(lines, first):
    """The first paragraph of the comment that ends above line `first`, or None."""
    above = first - 1
    while above >= 0 and re.match(r"\s*(// NOLINT|\[\[.*\]\]\s*$)", lines[above]):
        above -= 1
    comment = []
    while above >= 0 and re.match(r"\s*///(?!<)", lines[above]):
        comment.insert(0, re.sub(r"\s*///\s?", "", lines[above]))
        above -= 1
    if not comment:
        return None
    return " ".join(comment[: comment.index("")] if "" in comment else comment)


def set_equations(lines):
    """Comment lines indented by three spaces end up on lines of their own; code and what continues
    a command or a list item stays as it is."""
    in_command = in_equation = False
    for number, line in enumerate(lines):
        comment = re.match(r"(\s*///)( *)(.*)", line)
        if not comment or not comment[3]:
            in_command = in_equation = False
            continue
        if re.match(r"@|[-*|] |\d+\. ", comment[3]):
            in_command = True
        if len(comment[2]) in (3, 4) and not in_command:
            text = re.sub(r"   +", "&emsp; ", comment[3])
            lines[number] = f"{comment[1]} <br>&emsp; {text}"
            in_equation = True
        elif in_equation:
            lines[number] = f"{comment[1]} <br>{comment[3]}"
            in_equation = False


def words_above(lines, declaration, previous, words):
    """What a declaration says of itself, or None; and what it takes from elsewhere, or None."""
    own = comment_above(lines, declaration.first)
    if own is not None:
        return own, None
    if any("///<" in line for line in lines[declaration.first : declaration.last + 1]):
        return "", None
    before, text = previous
    if before and before.name == declaration.name and not before.is_type:
        return None, text and re.sub(r"\s*@\w.*", "", text)
    if declaration.in_class and declaration.name in words:
        text, contract = words[declaration.name]
        text = text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
        return None, text + (f' (\\ref tdca::{contract} "{contract}")' if contract else "")
    return None, None


def main(path):
    lines = path.read_text().splitlines()
    name = str(path.resolve().relative_to(LIBRARY))
    # Doxygen 1.9.4 finds a concept by its full name alone.
    out = [re.sub(rf"@ref ({CONCEPTS})\b(?! *\")", r'@ref tdca::\1 "\1"',
                  re.sub(r"::inline TDCA_ABI\b", "", line)) for line in lines]
    set_equations(out)

    words = words_for(name)
    previous = None, None  # the declaration above, and its words
    for declaration in declarations(lines):
        own, taken = words_above(lines, declaration, previous, words)
        if taken:
            line = out[declaration.first]
            indent = len(line) - len(line.lstrip())
            out[declaration.first] = f"{line[:indent]}/** {taken} */ {line[indent:]}"
        previous = declaration, own or taken

    # The file's first comment, and the group of its folder around what is in the namespace.
    end = next((i for i, line in enumerate(lines) if not line.startswith("//")), 0)
    if end:
        first = [html.escape(re.sub(r"^// ?", "", line), quote=False).replace("*", "&#42;")
                 for line in lines[:end]]
        out[:end] = ["/** @brief " + first[0], *first[1:]]
        out[end - 1] += " @file */"
    opens = [i for i, line in enumerate(out) if line.startswith("namespace tdca")]
    if opens:
        group = name.split("/")[0] if "/" in name else "core"
        closes = max(i for i, line in enumerate(out) if line.startswith("}"))
        out[opens[0]] += f" /** @addtogroup {group} */ /** @{{ */"
        out[closes] = "/** @} */ " + out[closes]
    print("\n".join(out))


main(Path(sys.argv[1]))
