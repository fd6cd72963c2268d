#!/usr/bin/env python3
"""without_room.py INCLUDE ROOM COMPILER FLAG...: deletes the folder ROOM from a copy of include/tdca, and its lines from
the umbrella, and compiles all the headers that are left."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

include, room, *compiler = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    copy = Path(folder, "include/tdca")
    shutil.copytree(Path(include, "tdca"), copy)
    if not (copy / room).is_dir():
        sys.exit(f"there is no folder {room}/ to delete")
    shutil.rmtree(copy / room)
    umbrella = copy / "tdca.hpp"
    umbrella.write_text(re.sub(rf'^#include "tdca/{room}/.*\n', "", umbrella.read_text(), flags=re.M))
    # MPI and Box2D need not be installed.
    headers = sorted(path.relative_to(copy.parent).as_posix() for path in copy.rglob("*.hpp")
                     if not re.search(r"<(mpi\.h|box2d/)", path.read_text()))
    unit = Path(folder, "rest.cpp")
    unit.write_text("".join(f'#include "{header}"\n' for header in headers))
    command = [*compiler, "-fsyntax-only", f"-I{copy.parent}", str(unit)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"without {room}/ the rest does not compile:\n{run.stderr[:4000]}")
print(f"without {room}/, {len(headers)} headers compile")
