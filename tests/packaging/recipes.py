#!/usr/bin/env python3
"""Checks what recipes and changelog say, and runs Conan's recipe with stand-ins for Conan's modules.

Usage: recipes.py SOURCE FOLDER VERSION CMAKE GENERATOR COMPILER

The stand-ins do what Conan's documentation says of the few functions that the recipe uses: the tree
is exported, configured and installed for real, and the package is found as a consumer would find it.
"""

import json
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

source, folder, version, cmake_program, generator, compiler = sys.argv[1:7]
source, folder = Path(source), Path(folder)


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected}, found {found}")


def check_changelog():
    sections = re.findall(r"^## \[(.+?)\]", (source / "CHANGELOG.md").read_text(), re.MULTILINE)
    if not sections or sections[0] not in ("Unreleased", version):
        sys.exit(f"CHANGELOG.md: expected [Unreleased] or [{version}] first, found {sections[:1]}")


def check_citation():
    found = re.search(r"^version: (.+)$", (source / "CITATION.cff").read_text(), re.MULTILINE)
    expect("CITATION.cff: version", version, found and found[1])


def check_vcpkg():
    port = json.loads((source / "packaging/vcpkg/vcpkg.json").read_text())
    expect("vcpkg.json: version", version, port["version-semver"])
    identifier = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
    for key in port:
        if key not in ("name", "version-semver", "description", "license", "supports",
                       "dependencies", "default-features", "features"):
            sys.exit(f"vcpkg.json: unknown field {key}")
    wanted = [port, *port["features"].values()]
    names = [d if isinstance(d, str) else d["name"] for part in wanted for d in part["dependencies"]]
    for name in [port["name"], *port["features"], *names]:
        if not identifier.fullmatch(name):
            sys.exit(f"vcpkg.json: '{name}' is no name of a port or a feature")
    expect("vcpkg.json: default features that there are not", set(),
           set(port["default-features"]) - set(port["features"]))


class Settings:
    def clear(self):
        self.is_clear = True


class CppInfo:
    def __init__(self):
        self.properties = {}

    def set_property(self, name, value):
        self.properties[name] = value


class ConanFile:
    def __init__(self, recipe_folder):
        self.recipe_folder = str(recipe_folder)
        self.export_sources_folder = self.source_folder = str(folder / "sources")
        self.build_folder, self.package_folder = str(folder / "build"), str(folder / "package")
        self.options = types.SimpleNamespace(
            **{name: value for name, value in self.default_options.items() if "/" not in name})
        self.info = types.SimpleNamespace(settings=Settings())
        self.cpp_info = CppInfo()
        self.required = []

    def requires(self, reference, **traits):
        self.required.append(reference)


class CMakeToolchain:
    def __init__(self, recipe):
        self.cache_variables, self.recipe = {}, recipe

    def generate(self):
        self.recipe.cache_variables = self.cache_variables


class CMakeDeps:
    def __init__(self, recipe):
        pass

    def generate(self):
        pass


class CMake:
    def __init__(self, recipe):
        self.recipe = recipe

    def configure(self):
        options = [f"-D{name}={'ON' if value else 'OFF'}"
                   for name, value in self.recipe.cache_variables.items()]
        subprocess.run([cmake_program, "-S", self.recipe.source_folder, "-B",
                        self.recipe.build_folder, "-G", generator,
                        f"-DCMAKE_CXX_COMPILER={compiler}", *options], check=True)

    def install(self):
        subprocess.run([cmake_program, "--install", self.recipe.build_folder, "--prefix",
                        self.recipe.package_folder], check=True, stdout=subprocess.DEVNULL)


class Apt:
    def __init__(self, recipe):
        pass

    def install(self, packages):
        scripts = (source / "scripts/lib/packages.sh").read_text().split()
        expect("system packages that our scripts do not know", set(), set(packages) - set(scripts))


def copy(recipe, pattern, start, destination):
    for path in Path(start).glob(pattern.replace("*", "**/*")):
        if path.is_file():
            target = Path(destination) / path.relative_to(start)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def load(recipe, path):
    return Path(path).read_text()


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def check_conan():
    for name in ("conan.tools", "conan.tools.system"):
        stand_in(name)
    stand_in("conan", ConanFile=ConanFile)
    stand_in("conan.tools.build", check_min_cppstd=lambda recipe, standard: None)
    stand_in("conan.tools.cmake", CMake=CMake, CMakeDeps=CMakeDeps, CMakeToolchain=CMakeToolchain,
             cmake_layout=lambda recipe: None)
    stand_in("conan.tools.files", copy=copy, load=load)
    stand_in("conan.tools.system.package_manager", Apt=Apt)
    recipe_file = source / "packaging/conan/conanfile.py"
    members = {"__name__": "conanfile"}
    exec(compile(recipe_file.read_text(), recipe_file, "exec"), members)
    recipe = members["TdcaConan"](recipe_file.parent)
    recipe.set_version()
    expect("conanfile.py: version", version, recipe.version)
    for step in ("export_sources", "layout", "requirements", "system_requirements", "validate",
                 "package_id", "generate", "build", "package", "package_info"):
        getattr(recipe, step)()
    for reference in recipe.required:
        if not re.fullmatch(r"[a-z0-9_]+/(\d+(\.\d+)+|\[>=[\d.]+ <\d+\])", reference):
            sys.exit(f"conanfile.py: '{reference}' is no reference of a recipe")
    expect("conanfile.py: settings cleared", True, recipe.info.settings.is_clear)
    if not (Path(recipe.package_folder) / "licenses/LICENSE").is_file():
        sys.exit("conanfile.py: the package has no licence")
    # As CMakeToolchain does: builddirs go to CMAKE_PREFIX_PATH.
    prefixes = ";".join(str(Path(recipe.package_folder) / d) for d in recipe.cpp_info.builddirs)
    subprocess.run([cmake_program, "-S", source / "tests/packaging/find", "-B", folder / "find",
                    "-G", generator, f"-DCMAKE_CXX_COMPILER={compiler}",
                    f"-DCMAKE_PREFIX_PATH={prefixes}", f"-Dprefix={recipe.package_folder}"],
                   check=True)
    test = source / "packaging/conan/test_package/conanfile.py"
    compile(test.read_text(), test, "exec")


shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
check_changelog()
check_citation()
check_vcpkg()
check_conan()
