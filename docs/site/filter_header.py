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

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "include/tdca"

# Whose contracts the types of a file meet: (path below include/tdca starts so, concepts).
CONTRACTS = [
    ("bottom_up/activations", ["ElementwiseActivation", "NormalizingActivation"]),
    ("bottom_up/dense", ["BoundLayer"]),
    ("concepts/ranks", ["Ranks"]),
    ("credit/diffusion", ["Diffusion"]),
    ("distributed/", ["Ranks"]),
    ("evolution/", ["EvolutionStrategy"]),
    ("plasticity/", ["PlasticityRule"]),
    ("signal/", ["Signal", "InterpretingSignal"]),
    ("task/control/", ["Environment"]),
    ("task/test_functions/", ["test_function"]),
    ("task/", ["Task", "CohortTask"]),
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
    words = {k: (v, None) for k, v in table_words((ROOT / "docs/names.md").read_text().splitlines()).items()}
    for prefix, concepts in CONTRACTS:
        if name.startswith(prefix):
            for concept in reversed(concepts):
                words |= {k: (v, concept) for k, v in contract_words(concept).items()}
            break
    return words


class Declaration:
    """A declaration at class or namespace scope: its first and last line, and its name."""

    def __init__(self, first, last, name, in_class):
        self.first, self.last, self.name, self.in_class = first, last, name, in_class


def bare(text):
    """A declaration without template headers, attributes and macros' arguments."""
    while match := re.match(r"\s*template\s*<", text):
        depth, i = 1, match.end()
        while depth and i < len(text):
            depth += (text[i] == "<") - (text[i] == ">" and text[i - 1] != "-")
            i += 1
        text = text[i:]
    return re.sub(r"\[\[.*?\]\]|alignas\([^()]*\)", "", text).strip()


def name_of(text):
    """The name that a declaration introduces, or None."""
    text = re.sub(r"^requires\s*\(.*?\)\s", "", bare(text))
    if match := re.match(r"(?:using|struct|class|enum class|enum|concept)\s+(\w+)", text):
        return None if text.startswith("using namespace") else match[1]
    if match := re.search(r"\boperator\s*(\(\)|[^\s\w(]+)\s*\(", text):
        return "operator" + match[1]
    head = re.split(r"[={;]", text)[0]
    if match := re.search(r"(\w+)\s*\(", head):
        return match[1]
    match = re.search(r"(\w+)\s*(?:\[[^\]]*\])*\s*$", head)
    return match[1] if match else None


def declarations(lines):
    """The declarations of a header in clang-format's layout; bodies of functions are skipped."""
    scopes, text, first, closed_body = [], "", None, False
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])\'', '""', line)
        code = re.sub(r"//.*", "", code)
        for character in code + "\n":
            if character not in "{}" and scopes and scopes[-1] == "body":
                continue
            if closed_body and not character.isspace():
                # `{…}` may have been an initialiser: what follows belongs to the same declaration.
                text, closed_body = "," if character in ",;(:" else "", False
            if not text.strip():
                first = number
            if character == "{":
                head = bare(text)
                is_scope = re.match(r"(struct|class|union|namespace)\b", head)
                if (not scopes or scopes[-1] != "body") and head and not head.startswith((",", ":")):
                    if not head.startswith("namespace"):
                        yield Declaration(first, number, name_of(text), "class" in scopes)
                scopes.append(("namespace" if head.startswith("namespace") else "class") if is_scope
                              and scopes[-1:] != ["body"] else "body")
                text = ""
            elif character == "}":
                closed_body = scopes.pop() == "body" and scopes[-1:] != ["body"]
                text = ""
            elif character == ";":
                if text.strip() and not text.strip().startswith(","):
                    yield Declaration(first, number, name_of(text), "class" in scopes)
                text = ""
            else:
                text += character
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


def main(path):
    lines = path.read_text().splitlines()
    name = str(path.resolve().relative_to(LIBRARY))
    # Doxygen 1.9.4 finds a concept by its full name alone.
    out = [re.sub(rf"@ref ({CONCEPTS})\b(?! *\")", r'@ref tdca::\1 "\1"',
                  re.sub(r"::inline TDCA_ABI\b", "", line)) for line in lines]
    set_equations(out)
    words = words_for(name)
    previous = None  # the declaration above and its words
    for declaration in declarations(lines):
        own = comment_above(lines, declaration.first)
        trailing = any("///<" in lines[i] for i in range(declaration.first, declaration.last + 1))
        if own is None and not trailing and declaration.name:
            text = None
            if previous and previous[0] == declaration.name:
                text = previous[1] and re.sub(r"\s*@\w.*", "", previous[1])
            elif declaration.in_class and declaration.name in words:
                text, contract = words[declaration.name]
                text = text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
                if contract:
                    text += f" (\\ref tdca::{contract} \"{contract}\")"
            if text:
                own = text
                line = out[declaration.first]
                indent = len(line) - len(line.lstrip())
                out[declaration.first] = f"{line[:indent]}/** {text} */ {line[indent:]}"
        previous = (declaration.name, own)

    # The file's first comment, and the group of its folder around what is in the namespace.
    end = next((i for i, line in enumerate(lines) if not line.startswith("//")), 0)
    if end:
        first = [re.sub(r"^// ?", "", line) for line in lines[:end]]
        first = [line.replace("<", "&lt;").replace(">", "&gt;").replace("*", "&#42;") for line in first]
        out[:end] = ["/** @brief " + first[0], *first[1:]]
        out[end - 1] += " @file */"
    group = name.split("/")[0] if "/" in name else "core"
    opens = next((i for i, line in enumerate(out) if line.startswith("namespace tdca")), None)
    if opens is not None:
        closes = max(i for i, line in enumerate(out) if line.startswith("}"))
        out[opens] += f" /** @addtogroup {group} */ /** @{{ */"
        out[closes] = "/** @} */ " + out[closes]
    print("\n".join(out))


main(Path(sys.argv[1]))
