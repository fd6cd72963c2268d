#!/usr/bin/env python3
"""Learning on small machines: compiles, proves, runs and measures it.

For each machine the learning unit, and plain backpropagation in the same style, are compiled without
exceptions, run-time types and guarded statics, and linked twice: with no C library, which proves that
they need no heap, thread, file or exception; and into a program that trains on the UCI digits, under
qemu where the machine is not this one.

usage: small_machines.py --writer PROGRAM [--check] [--quick] [--json FILE] [MACHINE...]

--writer  build/.../examples/small/write_arrays
--check   for tests: short lives, judged; exits 1 where something does not hold, 77 where a machine's
          compiler or emulator is missing
--quick   fewer seeds: shows that everything runs
"""

import argparse
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEVICE = ROOT / "examples" / "small"
BASELINE = ROOT / "benchmarks" / "small" / "backprop_on_device.cpp"
GENOME = "universal_without_mnist_digits_1.safetensors"  # its evolution saw no digits
# Neither did theirs.
INTEGER_GENOMES = {"": "integers_1.safetensors", "backprop": "integers_backprop_1.safetensors"}


@dataclass
class Machine:
    name: str
    prefix: str  # of the compiler and its tools
    flags: list
    runner: list  # empty: this machine
    runs: bool = True  # else the unit is compiled, checked and measured, but not linked


MACHINES = {
    "host": Machine("x86-64, SSE2", "", ["-O2"], []),
    "arm": Machine("ARMv7-A, NEON", "arm-linux-gnueabihf-",
                   ["-O2", "-march=armv7-a", "-mfpu=neon"], ["qemu-arm"]),
    "arm_scalar": Machine("ARMv7-A, no SIMD", "arm-linux-gnueabihf-", ["-Os"], ["qemu-arm"]),
    "aarch64": Machine("AArch64", "aarch64-linux-gnu-", ["-O2"], ["qemu-aarch64"]),
    "cortex_m4": Machine("Cortex-M4F", "arm-linux-gnueabihf-",
                         ["-Os", "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16"], [], runs=False),
}

@dataclass
class Board:
    """A machine without a system, or with two calls of one, that runs examples/small/count_answers.cpp."""
    name: str
    prefix: str
    flags: list
    source: str  # of examples/small
    link: list
    runner: list


def cortex_m(cpu, machine):
    # As much memory as the smallest board has: 256 kB and 16 kB.
    return (["-Os", "-mthumb", *cpu], "board_cortex_m.cpp",
            ["-T", DEVICE / "cortex_m.ld", "-Wl,--defsym=FLASH=0", "-Wl,--defsym=RAM=0x20000000",
             "-Wl,--defsym=RAM_SIZE=0x4000"],
            ["qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none", "-serial", "none",
             "-chardev", "stdio,id=terminal", "-semihosting-config", "enable=on,chardev=terminal",
             "-kernel"])


# The standard library's headers of another machine without a system: they hold nothing of it.
NEWLIB = Path("/usr/include/newlib")
BARE_HEADERS = [flag for folder in sorted(NEWLIB.glob("c++/*"))[-1:]
                for flag in ("-isystem", folder, "-isystem", folder / "arm-none-eabi", "-isystem", NEWLIB)]
BOARDS = {
    "cortex_m0": Board("Cortex-M0+, 16 kB of RAM", "arm-none-eabi-",
                       *cortex_m(["-mcpu=cortex-m0plus"], "microbit")),
    "cortex_m4f": Board("Cortex-M4F", "arm-none-eabi-",
                        *cortex_m(["-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
                                  "mps2-an386")),
    "rv32": Board("RISC-V RV32IMC", "riscv64-unknown-elf-",
                  ["-Os", "-march=rv32imc", "-mabi=ilp32", *BARE_HEADERS], "board_linux_rv32.cpp",
                  ["-Wl,--no-relax"], ["qemu-riscv32"]),
}
INTEGERS = DEVICE / "train_in_integers.cpp"
UNITS = {
    "tdca": (DEVICE / "train_on_device.cpp", []),
    "adam": (BASELINE, ["-DTDCA_RULE=Adam", "-I", ROOT / "benchmarks"]),
    "sgd": (BASELINE, ["-DTDCA_RULE=Sgd", "-I", ROOT / "benchmarks"]),
    "integers": (INTEGERS, []),
    "integer_backprop": (ROOT / "benchmarks" / "small" / "integer_backprop_on_device.cpp",
                         ["-I", ROOT / "benchmarks"]),
}
# Which of them know their steps, and take no step size.
EVOLVED = {"tdca", "integers", "integer_backprop"}
DIGITS = Path(os.environ.get("TDCA_SKLEARN_DATA") or
              "/usr/lib/python3/dist-packages/sklearn/datasets/data") / "digits.csv.gz"
# Whose headers the inner loop includes, besides the standard library's.
LIBRARIES = ["xsimd", "Random123"]
# Random123's own settings for a world without exceptions.
NO_THROW = ["-DR123_THROW(x)=__builtin_trap()", "-DR123_USE_SSE=0"]

# -Wno-psabi: g++ notes that ARM passes pairs, of which xsimd has some, otherwise than g++ 9 did.
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-Wno-psabi"]
# What a learning unit may leave for the linker to find: mathematics, memory, the compiler's own.
ALLOWED = re.compile(
    r"(a?cos|a?sin|exp|exp2|fma|fmax|fmin|log|log10|log1p|pow|scalbn|sincos|sqrt|tanh)f?"
    r"|mem(cpy|move|set)|__aeabi_\w+|_GLOBAL_OFFSET_TABLE_")
# One that learns in whole numbers: memory, and quotients of whole numbers.
ALLOWED_WHOLE = re.compile(r"mem(cpy|move|set)|__aeabi_(mem\w+|u?idiv(mod)?)|_GLOBAL_OFFSET_TABLE_")


class Failure(Exception):
    """Something does not hold."""


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


class Build:
    """One machine's objects and programs."""

    def __init__(self, key, folder):
        self.machine = MACHINES[key]
        self.folder = folder / key
        self.folder.mkdir(parents=True, exist_ok=True)
        self.include = self.folder / "include"

    def compile(self, source, name, *flags):
        output = self.folder / f"{name}.o"
        run([self.machine.prefix + "g++", "-std=c++20", *self.machine.flags, *WARNINGS,
             "-ffunction-sections", "-fdata-sections", "-I", ROOT / "include", "-I", DEVICE,
             "-isystem", DEVICE / "no_streams", "-isystem", self.include, *flags, "-c", source, "-o",
             output])
        return output

    def compile_unit(self, unit):
        source, flags = UNITS[unit]
        include = ["-I", self.include / "backprop"] if unit == "integer_backprop" else []
        return self.compile(source, unit, *include, "-fno-exceptions", "-fno-rtti",
                            "-fno-threadsafe-statics", *NO_THROW, *flags)

    def undefined(self, unit):
        """What the unit leaves to the linker. Raises where it may not."""
        names = run([self.machine.prefix + "nm", "-u", unit]).split()[1::2]
        if wrong := [name for name in names if not ALLOWED.fullmatch(name)]:
            raise Failure(f"{unit} needs {', '.join(wrong)}")
        return names

    def require_whole_numbers(self):
        """Compiled where floating-point numbers have no registers, which fails where there is one; and
        nothing is called that works on them."""
        flags = ["-mgeneral-regs-only", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
        unit = self.compile(INTEGERS, "integers_only", *flags)
        names = run([self.machine.prefix + "nm", "-u", unit]).split()[1::2]
        if wrong := [name for name in names if not ALLOWED_WHOLE.fullmatch(name)]:
            raise Failure(f"learning in whole numbers needs {', '.join(wrong)}")
        source = self.folder / "real.cpp"
        source.write_text("float half(float x);\nfloat half(float x) { return x * 0.5F; }\n")
        try:
            self.compile(source, "real", *flags)
        except Failure:
            return
        raise Failure("a unit with a floating-point number passes for one without")

    def link_without_system(self, unit):
        """The unit and all that it calls, with libm, libgcc and no_system.cpp alone."""
        bare = self.folder / "no_system.o"
        if not bare.exists():
            self.compile(DEVICE / "no_system.cpp", "no_system", "-ffreestanding", "-fno-exceptions",
                         "-Wno-builtin-declaration-mismatch")
        output = unit.with_suffix(".bare")
        run([self.machine.prefix + "g++", "-nostdlib", "-static", "-no-pie", "-Wl,--gc-sections",
             "-Wl,-e,device_train", "-Wl,-u,device_classify", unit, bare, "-lm", "-lgcc", "-o",
             output])
        return output

    def require_that_the_proof_can_fail(self):
        source = self.folder / "allocates.cpp"
        source.write_text("int* leak;\n"
                          'extern "C" void device_classify() {}\n'
                          'extern "C" void device_train() { leak = new int; }\n')
        unit = self.compile(source, "allocates")
        for proof in (self.undefined, self.link_without_system):
            try:
                proof(unit)
            except Failure:
                continue
            raise Failure(f"a unit that allocates passes {proof.__name__}")

    def link_program(self, unit):
        main = self.folder / "main.o"
        if not main.exists():
            self.compile(DEVICE / "main.cpp", "main")
        output = unit.with_suffix("")
        run([self.machine.prefix + "g++", "-static", "-Wl,--gc-sections", main, unit, "-o", output])
        return output

    def sizes(self, file):
        """Bytes of code and constants, and of variables."""
        text, data, bss = run([self.machine.prefix + "size", file]).splitlines()[1].split()[:3]
        return int(text) + int(data), int(data) + int(bss)

    def constant(self, file, symbol):
        """Bytes of an array in read-only memory."""
        for line in run([self.machine.prefix + "nm", "-CS", file]).splitlines():
            if line.endswith(symbol):
                return int(line.split()[1], 16)
        return 0

    def live(self, program, first, seeds, updates, pace=1.0):
        """One record for each seed."""
        output = run([*self.machine.runner, program, first, seeds, updates, pace])
        return [json.loads(line) for line in output.splitlines()]


def instructions(build, program, pace):
    """Of learning from one sample: what a further update of 16 takes, in an emulator that tells each."""
    def executed(updates):
        command = [*build.machine.runner, "-singlestep", "-d", "exec,nochain", program, 1, 1, updates, pace]
        with subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE) as emulator:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: emulator.stderr.read(1 << 20), b""))
    return (executed(2) - executed(1)) // 16


def count_answers(compiler, flags, folder, runner=()):
    """What a device's whole program tells."""
    program = folder / "count_answers"
    run([compiler, "-std=c++20", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
         "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", *WARNINGS,
         "-I", ROOT / "include", "-I", DEVICE, "-I", folder / "include", INTEGERS,
         DEVICE / "count_answers.cpp", *flags, "-o", program])
    return run([*runner, program])


def board_flags(board):
    return [*board.flags, "-ffreestanding", "-nostdlib", DEVICE / board.source, *board.link, "-lgcc"]


def measure_board(key, folder):
    """Answers, bytes, and what of floating point the unit calls or does."""
    board, folder = BOARDS[key], folder / key
    told = count_answers(board.prefix + "g++", board_flags(board), folder, board.runner)
    unit = folder / "integers.o"
    run([board.prefix + "g++", "-std=c++20", *board.flags, "-fno-exceptions", "-fno-rtti",
         "-fno-threadsafe-statics", "-ffreestanding", "-I", ROOT / "include", "-I", DEVICE, "-I",
         folder / "include", "-c", INTEGERS, "-o", unit])
    names = run([board.prefix + "nm", "-u", unit]).split()[1::2]
    if wrong := [name for name in names if not ALLOWED_WHOLE.fullmatch(name)]:
        raise Failure(f"{board.name}: learning in whole numbers needs {', '.join(wrong)}")
    code = run([board.prefix + "objdump", "-d", "--no-show-raw-insn", unit])
    real = re.findall(r"^\s*[0-9a-f]+:\s+(v\w+|f(?:add|sub|mul|div|madd|cvt|lw|sw|mv)\S*)", code,
                      re.MULTILINE)
    if real:
        raise Failure(f"{board.name}: instructions on floating-point numbers: {', '.join(set(real))}")
    text, data, bss = run([board.prefix + "size", unit]).splitlines()[1].split()[:3]
    sizes = {line.split()[3].split("::")[-1]: int(line.split()[1], 16)
             for line in run([board.prefix + "nm", "-CS", unit]).splitlines() if len(line.split()) == 4}
    data_bytes = sum(sizes[name] for name in ("train_images", "train_labels"))
    plans = sizes["integer_plans"]
    return {"answers": told, "code": int(text) + int(data) - data_bytes - plans, "plans": plans,
            "static": int(data) + int(bss)}


def missing(machine):
    tools = [machine.prefix + "g++", *machine.runner[:1]]
    return [tool for tool in tools if shutil.which(tool) is None]


def mean(records, key):
    return statistics.fmean(record[key] for record in records)


def measure_memory(build, unit, name):
    """Bytes in read-only memory and in RAM."""
    own, ram = build.sizes(unit)
    samples = build.constant(unit, "train_images") + build.constant(unit, "train_labels")
    genome = build.constant(unit, "evolved") or build.constant(unit, "integer_plans")
    result = {"code": own - samples - genome, "genome": genome, "samples": samples, "static": ram}
    if build.machine.runs:
        whole, _ = build.sizes(build.link_without_system(unit))
        result["mathematics"] = whole - own
        program = build.link_program(unit)
        result["stack"] = build.live(program, 1, 1, 3, 1 if name in EVOLVED else 0.01)[0]["stack_bytes"]
    return result


def tune(build, program, rate, updates, seeds):
    """The best step size on the validation samples: factors of 2, until the best is not at an end."""
    judged = {}

    def judge(candidate):
        judged[candidate] = mean(build.live(program, 1001, seeds, updates, candidate),
                                 "validation_accuracy")

    for power in range(-2, 3):
        judge(rate * 2.0**power)
    while (best := max(judged, key=judged.get)) in (min(judged), max(judged)):
        judge(best / 2 if best == min(judged) else best * 2)
    return best


def check(key, folder):
    """The short form, for tests. Accuracies go to a file, for other machines to compare with."""
    build = Build(key, folder)
    build.require_that_the_proof_can_fail()
    if key == "host":
        build.require_whole_numbers()
        (folder / "host_answers.txt").write_text(count_answers(
            "g++", ["-O2", DEVICE / "board_hosted.cpp"], build.folder))
    unit = build.compile_unit("tdca")
    names = build.undefined(unit)
    print(f"{build.machine.name}: undefined in the learning unit: {' '.join(sorted(names))}")
    if not build.machine.runs:
        return
    build.link_without_system(unit)
    program = build.link_program(unit)
    born = mean(build.live(program, 1, 2, 0), "test_accuracy")
    accuracies = [life["test_accuracy"] for life in build.live(program, 1, 2, 200)]
    whole = build.live(build.link_program(build.compile_unit("integers")), 1, 2, 300)
    print(f"in whole numbers {[life['test_accuracy'] for life in whole]} after 300 updates")
    if min(life["test_accuracy"] for life in whole) < 0.92:
        raise Failure("a network of bytes should reach 92 %")
    print(f"accuracy {born:.3f} at birth, {accuracies} after 200 updates of 16 samples")
    if born > 0.3:
        raise Failure("a network that has not learned should be near 10 %")
    if min(accuracies) < 0.9:
        raise Failure("a network should reach 90 %")
    told = folder / "host.json"
    if key == "host":
        told.write_text(json.dumps(accuracies))
        for baseline in ("adam", "sgd"):  # what it is measured beside needs no exceptions either
            build.undefined(build.compile_unit(baseline))
        return
    # The last places of a float differ between machines, and lives drift apart: 2 points are four
    # standard deviations of an accuracy between seeds.
    for here, there in zip(accuracies, json.loads(told.read_text())):
        if abs(here - there) > 0.02:
            raise Failure(f"accuracy {here} where this machine reaches {there}")


def write_arrays(writer, headers, folder):
    """A machine's own: machines may be tested at the same time."""
    include = folder / "include"
    include.mkdir(parents=True, exist_ok=True)
    # These alone: /usr/include itself would show this machine's C library to another's compiler.
    for library, place in headers.items():
        link = include / library
        link.unlink(missing_ok=True)
        link.symlink_to(place / library)
    for place, genome in INTEGER_GENOMES.items():
        (include / place).mkdir(exist_ok=True)
        run([writer, include / place / "device_arrays.hpp", GENOME, genome, DIGITS])


def table(head, rows):
    print("\n| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


NAMES = {"tdca": "TDCA", "adam": "backprop, Adam", "sgd": "backprop, SGD", "integers": "TDCA, integers",
         "integer_backprop": "backprop, integers"}


def report(keys, folder, quick):
    seeds, tuning_seeds = (2, 2) if quick else (32, 8)
    horizons = [100] if quick else [100, 300, 1000]
    result = {"genome": GENOME, "seeds": seeds, "memory": {}, "accuracy": {}, "machines": {}}
    builds, programs = {}, {}
    for key in keys:
        build = builds[key] = Build(key, folder)
        result["memory"][key] = {}
        for name in UNITS:
            unit = build.compile_unit(name)
            result["memory"][key][name] = measure_memory(build, unit, name)
            programs[key, name] = unit.with_suffix("")
    table(["machine", "learner", "own code", "mathematics", "genome", "RAM, static", "stack", "RAM, all"],
          [[builds[key].machine.name, NAMES[name], m["code"], m.get("mathematics", ""), m["genome"] or "",
            m["static"], m.get("stack", ""), m["static"] + m["stack"] if "stack" in m else ""]
           for key in keys for name, m in result["memory"][key].items()])

    host = Build("host", folder)
    for updates in horizons:
        for name in UNITS:
            program = programs["host", name]
            rate = 1.0
            if name not in EVOLVED:
                rate = tune(host, program, 0.02 if name == "adam" else 0.3, updates, tuning_seeds)
            lives = host.live(program, 1, seeds, updates, rate)
            accuracies = [100 * life["test_accuracy"] for life in lives]
            result["accuracy"][f"{name} {updates}"] = {
                "rate": rate, "mean": statistics.fmean(accuracies),
                "deviation": statistics.stdev(accuracies),
                "samples_per_second": statistics.median(life["samples_per_second"] for life in lives)}
    table(["updates", "learner", "step size", "test accuracy, %", "samples/s, this machine"],
          [[key.split()[1], NAMES[key.split()[0]], "" if key.split()[0] in EVOLVED else f"{a['rate']:g}",
            f"{a['mean']:.2f} ± {a['deviation'] / math.sqrt(seeds) * 1.96:.2f}",
            f"{a['samples_per_second']:,.0f}"] for key, a in result["accuracy"].items()])

    # The same lives elsewhere; an emulator takes its time.
    lives = 2 if quick else 8
    updates = horizons[0] if quick else 300
    rows = []
    for key in keys:
        build = builds[key]
        if not build.machine.runs:
            continue
        for name in ("tdca", "adam", "integers"):
            rate = result["accuracy"][f"{name} {updates}"]["rate"]
            records = build.live(programs[key, name], 1, lives, updates, rate)
            result["machines"][f"{key} {name}"] = 100 * mean(records, "test_accuracy")
            rows.append([build.machine.name, NAMES[name],
                         f"{100 * mean(records, 'test_accuracy'):.2f}",
                         f"{100 * mean(records, 'validation_accuracy'):.2f}"])
    table(["machine", "learner", f"test accuracy, {lives} lives of {updates} updates, %",
           "validation, %"], rows)
    counted = {name: instructions(builds["arm_scalar"], programs["arm_scalar", name],
                                  1 if name in EVOLVED else 0.01)
               for name in (["integers"] if quick else UNITS) if "arm_scalar" in builds}
    if counted:
        result["instructions_per_sample_armv7_Os"] = counted
        table(["learner", "instructions a sample, ARMv7-A, no SIMD"],
              [[NAMES[name], f"{count:,}"] for name, count in counted.items()])
    result["boards"] = report_boards(folder)
    return result


def report_boards(folder):
    told = count_answers("g++", ["-O2", DEVICE / "board_hosted.cpp"], folder / "host")
    print(f"\nA device's whole program, here:\n{told}")
    boards = {"host": {"answers": told}}
    for key, board in BOARDS.items():
        if not missing(board):
            boards[key] = measure_board(key, folder)
    table(["board", "own code", "plans", "RAM, static", "answers"],
          [[BOARDS[key].name, b["code"], b["plans"], b["static"],
            "the same" if b["answers"] == told else "OTHERS"]
           for key, b in boards.items() if key != "host"])
    return boards


def check_board(key, folder):
    board = BOARDS[key]
    measured = measure_board(key, folder)
    print(f"{board.name}: {measured['code']} bytes of code, {measured['static']} of RAM\n{measured['answers']}")
    here = (folder / "host_answers.txt").read_text()
    if measured["answers"] != here:
        raise Failure(f"{board.name} answers otherwise than this machine:\n{here}")
    if measured["static"] > 10_000 or measured["code"] > 10_000:
        raise Failure(f"{board.name}: more than 10 kB of RAM or of code")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writer", required=True, type=Path, help="the program write_arrays")
    for library in LIBRARIES:
        parser.add_argument(f"--{library.lower()}", type=Path, default=Path("/usr/include"),
                            help=f"where {library}/ is")
    parser.add_argument("--work", type=Path, default=Path("small_machines"), help="folder to work in")
    parser.add_argument("--check", action="store_true", help="short lives, judged")
    parser.add_argument("--quick", action="store_true", help="few seeds")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("machines", nargs="*", help=f"of {', '.join([*MACHINES, *BOARDS])}; all by default")
    options = parser.parse_args()
    keys = options.machines or list(MACHINES)
    boards = [key for key in keys if key in BOARDS]
    keys = [key for key in keys if key not in BOARDS]
    if not options.check and keys:  # what others are compared with comes first
        keys = ["host", *(key for key in keys if key != "host")]
    for key in [*keys, *boards]:
        if tools := missing({**MACHINES, **BOARDS}[key]):
            print(f"SKIPPED: {key} needs {', '.join(tools)}")
            return 77
    folder = options.work.resolve()
    try:
        headers = {library: getattr(options, library.lower()) for library in LIBRARIES}
        for key in [*keys, *(boards if options.check else BOARDS)]:
            write_arrays(options.writer.resolve(), headers, folder / key)
        if options.check:
            for key in keys:
                check(key, folder)
            for key in boards:
                check_board(key, folder)
            return 0
        result = report(keys, folder, options.quick)
        if options.json:
            options.json.write_text(json.dumps(result, indent=1) + "\n")
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
