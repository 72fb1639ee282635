#!/usr/bin/env python3
"""What it costs to choose a cover by its look, beside a cover at a given time.

    python3 tests/benches/covers.py PROGRAM VIDEO [ROUNDS]

Takes a keyframe of VIDEO at half of its duration, and the cover that --cover auto chooses among up to 8
keyframes, in turn. Prints the median of the processor time, user and system, of the program and its decoders,
and its ratio to the first.
"""

import os
import statistics
import subprocess
import sys
import tempfile

WAYS = {
    "at a time": ["--at", "50%", "--frame-type", "intra"],
    "--cover auto": ["--cover", "auto"],
}


def cpu_s(program, video, options):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "snapshot", video, *options, "--out", os.path.join(folder, "cover.jpg")]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{command}: {status}")
        return usage.ru_utime + usage.ru_stime


def main():
    program, video = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    taken = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, options in WAYS.items():
            taken[way].append(cpu_s(program, video, options))
    alone = statistics.median(taken["at a time"])
    print("| cover | CPU s | ratio |\n|---|---|---|")
    for way in WAYS:
        median = statistics.median(taken[way])
        print(f"| {way} | {median:.3f} | {median / alone:.2f} |")


main()
