"""Shell and CMake blocks: whatever they name must exist."""

import re
import shutil

import pages
from pages import Block, Wrong, all_blocks, check_all, execute, folder_of, without_code

PROJECT = "cmake_minimum_required(VERSION 3.24)\nproject(app LANGUAGES CXX)\nadd_executable(app main.cpp)\n"
# Options that our scripts hand on to our programs.
HANDED_ON = "--help --quick --threads --seed --output"


def commands_of(text):
    """The commands of a shell block, as lists of words: comments and assignments are gone."""
    text = re.sub(r"<<'(\w+)'.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(^|\s)#.*", "", text.replace("\\\n", " "))
    for line in re.split(r"\n|&&|\||;", text):
        words = line.split()
        while words and (re.match(r"\w+=", words[0]) or words[0] in ("sudo", "srun", "exec", "time")):
            words.pop(0)
        if words and words[0] == "mpirun":  # mpirun OPTIONS PROGRAM
            words = next((words[i:] for i in range(1, len(words)) if "/" in words[i]), words)
        if words:
            yield words


def inline_commands(path):
    """Commands of ours that running text names: `scripts/show.sh speed a`."""
    for number, line in enumerate(without_code(path).splitlines(), 1):
        for command in re.findall(r"`((?:scripts/\w+\.sh|build/\w+/(?:examples|benchmarks)/)[^`]*)`", line):
            yield Block(str(path.relative_to(pages.SOURCE)), number, "sh", [], command)


def require_options(block, name, options, known):
    for option in options:
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", known):
            raise Wrong(f"{block.place}: {name} has no option {option}")


def require_preset(block, name):
    if f'"name": "{name}"' not in source_text("CMakePresets.json"):
        raise Wrong(f"{block.place}: no such preset: {name}")


def source_text(path):
    return (pages.SOURCE / path).read_text()


def check_script(block, script, options):
    if not (pages.SOURCE / script).is_file():
        raise Wrong(f"{block.place}: no such script: {script}")
    require_options(block, script, options, source_text(script) + HANDED_ON)


def check_program(block, path, options):
    if not path.is_file():
        raise Wrong(f"{block.place}: no such program: {path}")
    require_options(block, path, options, execute([path, "--help"], block.place))


def check_cmake(block, words):
    files = [pages.SOURCE / "CMakeLists.txt", pages.SOURCE / "packaging/python/CMakeLists.txt",
             *pages.SOURCE.glob("cmake/*.cmake")]
    known = "".join(path.read_text() for path in files if path.is_file())
    for variable in re.findall(r"-D(TDCA_\w+)", " ".join(words)):
        if variable not in known:
            raise Wrong(f"{block.place}: no such CMake variable: {variable}")
    for preset in re.findall(r"--preset (\w+)", " ".join(words)):
        require_preset(block, preset)


def check_packages(block, words):
    known = re.findall(r"[\w.+-]+", source_text("scripts/lib/packages.sh"))
    for word in words:
        if word not in ("install", "update") and not word.startswith("-") and word not in known:
            raise Wrong(f"{block.place}: scripts/lib/packages.sh does not know the package {word}")


def check_command(block, words, build):
    program, *rest = words
    options = [word.split("=")[0] for word in rest if word.startswith("--")]
    if program.startswith("./") and f"-o {program[2:]}\n" not in source_text(block.page):
        raise Wrong(f"{block.place}: nothing on this page makes {program}")
    program = program.removeprefix("./").removeprefix("tdca/")
    if program.startswith("scripts/"):
        check_script(block, program, options)
    elif built := re.match(r"build/(\w+)/((?:examples|benchmarks)/.*)", program):
        require_preset(block, built[1])
        check_program(block, build / built[2], options)
    elif program == "cmake":
        check_cmake(block, rest)
    elif program == "apt-get":
        check_packages(block, rest)
    elif "/" in program and not (pages.SOURCE / program).exists():
        raise Wrong(f"{block.place}: no such program: {program}")


def shell(arguments):
    """Looks for all that shell blocks, and commands in running text, name."""
    blocks = all_blocks("sh", "bash") + [block for path in pages.pages() for block in inline_commands(path)]
    commands = [(block, words) for block in blocks for words in commands_of(block.text)]
    count = check_all(commands, lambda command: check_command(*command, arguments.build))
    print(f"{count} commands")


def cmake(arguments):
    """A block with project() is a whole CMakeLists.txt; others stand behind the usual beginning."""
    if arguments.work.exists():
        shutil.rmtree(arguments.work)
    prefix = arguments.work / "prefix"
    execute(["cmake", "--install", arguments.build, "--prefix", prefix], "cmake --install")

    def check(block):
        folder = folder_of(arguments.work, block.place)
        text = block.text if "project(" in block.text else PROJECT + block.text
        (folder / "CMakeLists.txt").write_text(text)
        for name in re.findall(r"\b\w+\.cpp\b", text):
            (folder / name).write_text("#include <tdca/tdca.hpp>\nint main() {}\n")
        execute(["cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
                 f"-DCMAKE_CXX_COMPILER={arguments.compiler}", f"-DFETCHCONTENT_SOURCE_DIR_TDCA={pages.SOURCE}"],
                block.place)

    print(f"{check_all(all_blocks('cmake'), check)} projects")
