#!/usr/bin/env python3
"""What it costs to choose a cover by its look, beside a cover at a given time.

    python3 tests/benches/covers.py PROGRAM VIDEO [ROUNDS]

Takes a keyframe of VIDEO at half of its duration, and the cover that --cover auto chooses among up to 8
keyframes, in turn. Prints the median of the processor time, user and system, of the program and its decoders,
and its ratio to the first.
"""

import os
import sys
import tempfile

from processor_time import cpu_s, medians

WAYS = {
    "at a time": ["--at", "50%", "--frame-type", "intra"],
    "--cover auto": ["--cover", "auto"],
}


def cover_s(program, video, way):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "cover.jpg")
        return cpu_s([program, "snapshot", video, *WAYS[way], "--out", out])


def main():
    program, video = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    taken = medians(WAYS, rounds, lambda way: cover_s(program, video, way))
    print("| cover | CPU s | ratio |\n|---|---|---|")
    for way, median in taken.items():
        print(f"| {way} | {median:.3f} | {median / taken['at a time']:.2f} |")


main()
