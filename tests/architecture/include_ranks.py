#!/usr/bin/env python3
"""Walks the includes under include/tdca and fails where one goes against the design.

Usage: include_ranks.py FOLDER        FOLDER is include/tdca
       include_ranks.py --self-test   plants each kind of violation and sees it caught
"""

import re
import sys
import tempfile
from pathlib import Path

# A folder may include itself and folders of lower rank; folders of equal rank never meet, but for ONE_FLOOR.
RANKS = {
    "core": 0, "math": 0,
    "concepts": 1,
    "data": 2, "bottom_up": 2, "signal": 2, "top_down": 2, "credit": 2, "plasticity": 2,
    "training": 3, "integer": 3,
    "evolution": 4,
    "control": 5, "optimization": 5,
}
# One floor of two rooms: keys fill with packs, kernels take parameter blocks. No two files include each other.
ONE_FLOOR = {"core", "math"}
# Each of these can be deleted, and all else compiles (without_room.py): nothing but the umbrella includes them.
REMOVABLE = {"control", "optimization"}
SPINE = RANKS.keys() - REMOVABLE
# Side rooms are entered only from programs, or from another side room that is listed here.
SIDE_ROOMS = {
    "analysis": SPINE,
    "io": SPINE,
    "tables": {*SPINE, "io"},
    "distributed": {*SPINE, "io"},
}
FOR_ALL = {"analysis"}  # side rooms that need no library of their own: the umbrella has them
# The one door of each library: the headers, or folders, that may include it.
DOORS = {
    "xtensor": (r"xtensor/|xtl/", {"core/tensor.hpp"}),
    "xsimd": (r"xsimd/", {"math/simd.hpp"}),
    "OpenMP": (r"omp\.h", {"core/parallel.hpp"}),
    "Random123": (r"Random123/", {"core/random.hpp"}),
    "zlib": (r"zlib\.h", {"data/detail/gzip_reader.hpp", "io"}),
    "nlohmann_json": (r"nlohmann/", {"io"}),
    "libcsv": (r"csv\.h$", {"tables/detail/csv_records.hpp"}),
    "MPI": (r"mpi\.h", {"distributed"}),
    "Box2D": (r"box2d/", {"control/environments/lunar_lander.hpp"}),
}
# What belongs to an optional target. The rest must work without it, tdca.hpp too.
COMPONENTS = {
    "tdca::io": {"data/idx.hpp", "data/csv.hpp", "data/inflated_text.hpp", "data/detail/gzip_reader.hpp", "io"},
    "tdca::tables": {"tables"},
    "tdca::box2d": {"control/environments/lunar_lander.hpp",
                    "control/environments/lunar_lander_continuous.hpp",
                    "control/environments/lunar_lander_drawing.hpp"},
}
# Rooms whose own target links that of a component.
USERS = {"tdca::io": {"distributed", "tables"}}
UMBRELLA = "tdca.hpp"
PRESETS = "presets.hpp"  # the other front door: designs of training by name
VERSION = "version.hpp"  # includes nothing, and everyone may include it
MAX_LINES = 300

# What messages must not use, and what to use.
BANNED = [(re.compile(r"\bstd::to_string\("), "std::to_string hides what differs: use to_text (core/number.hpp)")]

NAMESPACE = re.compile(r"^namespace tdca\b(?!::inline TDCA_ABI\b)", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


def folder_of(header):
    return header.split("/")[0] if "/" in header else ""


def is_among(header, places):
    return header in places or folder_of(header) in places


def may_include(source, target):
    """Whether a header of folder `source` may include one of folder `target`."""
    if source == target or {source, target} == ONE_FLOOR:
        return True
    if source in SIDE_ROOMS:
        return target in SIDE_ROOMS[source]
    if target in SIDE_ROOMS:
        return False
    return RANKS[target] < RANKS[source]


def check_own(header, target, headers):
    """What is wrong with `header` including our own `target`, or None."""
    if target not in headers:
        return f"tdca/{target} does not exist"
    if target == UMBRELLA:
        return "nobody inside the library includes the umbrella tdca.hpp"
    if target == PRESETS:
        return None if header == UMBRELLA else "nobody inside the library includes the front door presets.hpp"
    if target == VERSION:
        return None
    source_folder, target_folder = folder_of(header), folder_of(target)
    if "/detail/" in target and source_folder != target_folder:
        return f"tdca/{target} is private to {target_folder}/"
    for component, places in COMPONENTS.items():
        if is_among(target, places) and not is_among(header, places | USERS.get(component, set())):
            return f"tdca/{target} belongs to {component}: only its own headers and programs may include it"
    if header == UMBRELLA:
        if target_folder in SIDE_ROOMS and target_folder not in FOR_ALL:
            return f"{target_folder}/ is a side room: programs include it themselves"
        return None
    if header == PRESETS:
        return None if target_folder in SPINE else f"presets.hpp must not depend on {target_folder}/ (tdca/{target})"
    if not may_include(source_folder, target_folder):
        return f"{source_folder}/ must not depend on {target_folder}/ (tdca/{target})"
    return None


def check(root):
    """All violations under `root`, a sentence each."""
    headers = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*.hpp"))}
    violations = []
    for header, path in headers.items():
        text = path.read_text(encoding="utf-8")
        folder = folder_of(header)

        def report(offset, sentence):
            line = text.count("\n", 0, offset) + 1
            violations.append(f"{path}:{line}: {sentence}")

        if folder not in RANKS and folder not in SIDE_ROOMS and header not in (UMBRELLA, PRESETS, VERSION):
            report(0, f"'{folder or header}' has no rank: give it one in RANKS")
            continue
        if (lines := text.count("\n")) > MAX_LINES:
            report(0, f"{lines} lines; a header stays below {MAX_LINES}: split it")
        if "#pragma once" not in text:
            report(0, "no #pragma once")
        for match in NAMESPACE.finditer(text):
            report(match.start(), "write namespace tdca::inline TDCA_ABI (core/abi.hpp says why)")
        for pattern, sentence in BANNED:
            for match in pattern.finditer(text):
                report(match.start(), sentence)
        for match in INCLUDE.finditer(text):
            included = match.group(1)
            if included.startswith("tdca/"):
                if sentence := check_own(header, included.removeprefix("tdca/"), headers):
                    report(match.start(1), sentence)
            elif (path.parent / included).exists() and '"' in match.group(0):
                report(match.start(1), f'write "tdca/…" instead of the relative "{included}"')
            for library, (pattern, doors) in DOORS.items():
                if re.match(pattern, included) and not is_among(header, doors):
                    report(match.start(1), f"{library} is included only by {', '.join(sorted(doors))}")
    return violations + [f"{root / cycle[0]}:1: includes itself: {' → '.join(cycle)}" for cycle in cycles(headers)]


def cycles(headers):
    """The first circle of includes that is met, as the headers on it; none in a sound tree."""
    own = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]tdca/([^>"]+)[>"]', re.MULTILINE)
    finished = set()

    def walk(header, path):
        if header in path:
            return path[path.index(header):] + [header]
        if header in finished or header not in headers:
            return None
        for included in own.findall(headers[header].read_text(encoding="utf-8")):
            if cycle := walk(included, path + [header]):
                return cycle
        finished.add(header)
        return None

    return [cycle for header in headers if (cycle := walk(header, []))][:1]


# For the self-test: a sound tree, then one change each with the sentence that it must provoke.
SOUND = {
    "version.hpp": "",
    "tdca.hpp": '#include "tdca/analysis/probe.hpp"\n#include "tdca/control/outer.hpp"\n#include "tdca/version.hpp"\n'
                '#include "tdca/presets.hpp"',
    "presets.hpp": '#include "tdca/training/learner.hpp"',
    "core/tensor.hpp": "#if __has_include(<xtensor/new.hpp>)\n#include <xtensor/xtensor.hpp>\n#endif",
    "core/detail/bits.hpp": "",
    "math/simd.hpp": "#include <xsimd/xsimd.hpp>",
    "core/random.hpp": '#include <Random123/philox.h>\n#include "tdca/math/simd.hpp"',
    "math/gemm.hpp": '#include "tdca/core/shape.hpp"',
    "analysis/probe.hpp": '#include "tdca/training/learner.hpp"',
    "core/shape.hpp": '#include "tdca/core/detail/bits.hpp"\nnamespace tdca::inline TDCA_ABI {',
    "concepts/layer.hpp": '#include "tdca/core/shape.hpp"\n#include <concepts>',
    "data/detail/gzip_reader.hpp": "#include <zlib.h>",
    "data/idx.hpp": '#include "tdca/data/detail/gzip_reader.hpp"',
    "data/sampler.hpp": '#include "tdca/core/tensor.hpp"',
    "credit/field.hpp": '#include "tdca/concepts/layer.hpp"',
    "training/learner.hpp": '#include <tdca/credit/field.hpp>\n#include "tdca/data/sampler.hpp"',
    "evolution/task.hpp": '#include "tdca/training/learner.hpp"',
    "control/environments/lunar_lander.hpp": '#include <box2d/box2d.h>\n#include "tdca/core/shape.hpp"',
    "evolution/snes.hpp": '#include "tdca/core/shape.hpp"',
    "control/outer.hpp": '#include "tdca/evolution/snes.hpp"\n#include "tdca/evolution/task.hpp"',
    "io/file.hpp": '#include <zlib.h>\n#include <nlohmann/json.hpp>\n#include "tdca/core/shape.hpp"',
    "tables/detail/csv_records.hpp": "#include <csv.h>",
    "tables/model.hpp": '#include "tdca/tables/detail/csv_records.hpp"\n#include "tdca/io/file.hpp"\n#include "tdca/training/learner.hpp"',
    "distributed/ranks.hpp": '#include <mpi.h>\n#include "tdca/evolution/task.hpp"\n#include "tdca/io/file.hpp"',
}
VIOLATIONS = [
    ("core/bad.hpp", '#include "tdca/concepts/layer.hpp"', "core/ must not depend on concepts/"),
    ("concepts/bad.hpp", '#include "tdca/credit/field.hpp"', "concepts/ must not depend on credit/"),
    ("credit/bad.hpp", '#include "tdca/data/sampler.hpp"', "credit/ must not depend on data/"),
    ("credit/bad.hpp", "#  include <tdca/data/sampler.hpp>", "credit/ must not depend on data/"),
    ("training/bad.hpp", '#include "tdca/evolution/task.hpp"', "training/ must not depend on evolution/"),
    ("evolution/bad.hpp", '#include "tdca/control/outer.hpp"', "evolution/ must not depend on control/"),
    ("optimization/bad.hpp", '#include "tdca/control/outer.hpp"', "optimization/ must not depend on control/"),
    ("analysis/bad.hpp", '#include "tdca/control/outer.hpp"', "analysis/ must not depend on control/"),
    ("math/bad.hpp", '#include "tdca/concepts/layer.hpp"', "math/ must not depend on concepts/"),
    ("training/bad.hpp", '#include "tdca/analysis/probe.hpp"', "training/ must not depend on analysis/"),
    ("control/bad.hpp", '#include "tdca/io/file.hpp"', "belongs to tdca::io"),
    ("control/bad.hpp", '#include "tdca/distributed/ranks.hpp"', "must not depend on distributed/"),
    ("io/bad.hpp", '#include "tdca/control/outer.hpp"', "io/ must not depend on control/"),
    ("io/bad.hpp", '#include "tdca/distributed/ranks.hpp"', "io/ must not depend on distributed/"),
    ("training/bad.hpp", '#include "tdca/data/idx.hpp"', "belongs to tdca::io"),
    ("tdca.hpp", '#include "tdca/data/idx.hpp"', "belongs to tdca::io"),
    ("data/bad.hpp", '#include "tdca/data/detail/gzip_reader.hpp"', "belongs to tdca::io"),
    ("tdca.hpp", '#include "tdca/control/environments/lunar_lander.hpp"', "belongs to tdca::box2d"),
    ("evolution/bad.hpp", '#include "tdca/control/environments/lunar_lander.hpp"', "belongs to tdca::box2d"),
    ("tdca.hpp", '#include "tdca/distributed/ranks.hpp"', "is a side room"),
    ("control/bad.hpp", '#include "tdca/tables/model.hpp"', "belongs to tdca::tables"),
    ("io/bad.hpp", '#include "tdca/tables/model.hpp"', "belongs to tdca::tables"),
    ("tables/bad.hpp", '#include "tdca/control/outer.hpp"', "tables/ must not depend on control/"),
    ("tables/bad.hpp", "#include <csv.h>", "libcsv is included only by"),
    ("control/bad.hpp", '#include "tdca/tdca.hpp"', "includes the umbrella"),
    ("control/bad.hpp", '#include "tdca/presets.hpp"', "includes the front door"),
    ("presets.hpp", '#include "tdca/control/outer.hpp"', "must not depend on control/"),
    ("concepts/bad.hpp", '#include "tdca/core/detail/bits.hpp"', "is private to core/"),
    ("core/bad.hpp", "#include <xtensor/xadapt.hpp>", "xtensor is included only by"),
    ("core/bad.hpp", "#include <xsimd/xsimd.hpp>", "xsimd is included only by"),
    ("core/bad.hpp", "#include <omp.h>", "OpenMP is included only by"),
    ("core/bad.hpp", "#include <Random123/philox.h>", "Random123 is included only by"),
    ("data/bad.hpp", "#include <zlib.h>", "zlib is included only by"),
    ("data/bad.hpp", "#include <nlohmann/json.hpp>", "nlohmann_json is included only by"),
    ("control/bad.hpp", "#include <mpi.h>", "MPI is included only by"),
    ("evolution/bad.hpp", "#include <box2d/b2_world.h>", "Box2D is included only by"),
    ("core/bad.hpp", '#include "tdca/core/missing.hpp"', "does not exist"),
    ("core/shape.hpp", '#include "tdca/math/gemm.hpp"', "includes itself: core/shape.hpp"),
    ("core/bad.hpp", '#include "shape.hpp"', "instead of the relative"),
    ("core/bad.hpp", "\n" * MAX_LINES, "split it"),
    ("io/bad.hpp", "auto text = std::to_string(1.0F);", "use to_text"),
    ("core/bad.hpp", "namespace tdca::simd {", "namespace tdca::inline TDCA_ABI"),
    ("stray/bad.hpp", "", "'stray' has no rank"),
    ("bad.hpp", "", "'bad.hpp' has no rank"),
]


def self_test():
    def violations_of(tree):
        with tempfile.TemporaryDirectory() as folder:
            for header, text in tree.items():
                path = Path(folder, header)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"// A header.\n#pragma once\n{text}\n", encoding="utf-8")
            return check(Path(folder))

    failures = [f"the sound tree: {sentence}" for sentence in violations_of(SOUND)]
    for header, text, expected in VIOLATIONS:
        found = violations_of({**SOUND, header: text})
        if len(found) != 1 or expected not in found[0] or f"{header}:" not in found[0]:
            failures.append(f"{header} with {text.strip()!r}: expected '{expected}', got {found}")
    for failure in failures:
        print(failure)
    print(f"self-test: {len(VIOLATIONS)} kinds of violation planted, {len(failures)} failures")
    return 1 if failures else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__)
        return 2
    violations = check(Path(arguments[0]))
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
