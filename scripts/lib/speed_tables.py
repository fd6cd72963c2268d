#!/usr/bin/env python3
"""Writes the tables of docs/performance.md from the JSON files of the speed benchmarks.

speed_tables.py FOLDER: the folder of kernels.json, update_step.json, evolution.json, scaling.json,
diffusion.json and compile_time.json; a file that is not there is left out.
"""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])


def load(name):
    path = folder / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def table(head, rows):
    print("\n| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" for _ in head) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def times(spread):
    low, high = spread["quartiles"]
    return f"{spread['median']:.2f} ({low:.2f}–{high:.2f})"


def microseconds(contestant):
    return f"{1e6 * contestant['seconds']['median']:.3g}"


def percent(contestant):
    return f"{100 * contestant['fraction_of_peak']['median']:.0f} %"


if kernels := load("kernels"):
    names = list(next(iter(kernels["contests"].values()))["contestants"])
    print("\nkernels: microseconds and share of the FMA peak")
    table(["product"] + names,
          [[name] + [f"{microseconds(c)} ({percent(c)})" for c in contest["contestants"].values()]
           for name, contest in kernels["contests"].items()])

if steps := load("update_step"):
    print("\nupdate_step: microseconds; peers also as multiples of ours")
    rows = []
    for name, contest in steps["contests"].items():
        entries = contest["contestants"]
        if name.startswith("share") or "tdca" not in entries:
            continue
        row = [name, f"{microseconds(entries['tdca'])} ({percent(entries['tdca'])})"]
        for peer in ("libtorch", "PyTorch"):
            row.append(f"{microseconds(entries[peer])}, "
                       f"{times(entries[peer]['times_as_long_as_tdca'])} ×"
                       if peer in entries else "missing")
        two = steps["contests"].get(name + ", peer on 2 threads", {"contestants": {}})["contestants"]
        row.append(" / ".join(microseconds(two[peer]) if peer in two else "–"
                              for peer in ("libtorch", "PyTorch")))
        rows.append(row)
    table(["step", "tdca", "libtorch", "PyTorch", "both on 2 threads"], rows)
    for name, contest in steps["contests"].items():
        if name.startswith("share"):
            print(f"\n{name}: {100 * contest['contestants']['TDCA-network']['times_as_long_as_tdca']['median']:.1f} %")

if evolution := load("evolution"):
    print("\nevolution: one generation")
    table(["contestant", "seconds", "times as long as tdca"],
          [[name, f"{c['seconds']['median']:.3f}",
            times(c["times_as_long_as_tdca"]) if "times_as_long_as_tdca" in c else "1"]
           for name, c in evolution["generation"]["contestants"].items()])
    print(f"\n{percent(evolution['generation']['contestants']['tdca'])} of the FLOP limit at "
          f"{evolution['generation']['fma_peak_gflops']:.0f} GFLOP/s")

if scaling := load("scaling"):
    print("\nscaling: microseconds at each size")
    table(["axis", "sizes", "microseconds", "growth", "off a straight line"],
          [[name, ", ".join(f"{size:g}" for size in axis["sizes"]),
            ", ".join(microseconds(c) for c in axis["contestants"].values()),
            f"{axis['growth']:.2f}", f"{100 * axis['line']['largest_relative_deviation']:.1f} %"]
           for name, axis in scaling["axes"].items()])
    table(["layers side by side", "times as fast on 2 threads"],
          [[name, times(c["times_as_fast_on_2_threads"])]
           for name, c in scaling["layers_side_by_side"].items()])

if diffusion := load("diffusion"):
    print("\ndiffusion: microseconds")
    table(["layer", "credit", "forward pass, 256 inputs", "credit / forward"],
          [[name, microseconds(c["contestants"]["credit"]),
            microseconds(c["contestants"]["forward"]),
            f"{c['contestants']['credit']['seconds']['median'] / c['contestants']['forward']['seconds']['median']:.2f}"]
           for name, c in diffusion["contests"].items()])

if compiling := load("compile_time"):
    print("\ncompile_time")
    rows = {}
    for compiler in compiling["compilers"]:
        for case in compiler["cases"]:
            row = rows.setdefault(case["case"], [])
            row += [f"{case['wall_seconds']:.2f} s", f"{case['peak_bytes'] / 1e6:.0f} MB"]
            if case["instantiations"] is not None:
                row.append(f"{case['instantiations']:,}")
    head = ["file"]
    for compiler in compiling["compilers"]:
        head += [compiler["command"], "peak memory"]
        if compiler["cases"][0]["instantiations"] is not None:
            head.append("instantiations")
    table(head, [[name] + row for name, row in rows.items()])
