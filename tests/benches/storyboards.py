#!/usr/bin/env python3
"""What the forms that players read cost beside a sprite alone.

    python3 tests/benches/storyboards.py PROGRAM VIDEO [ROUNDS]

Takes the same sheets of VIDEO without a form, as BIF too, and in all six forms, in turn. Prints the median of
the processor time, user and system, of the program and its decoders, and its ratio to the sprite alone.
"""

import os
import statistics
import subprocess
import sys
import tempfile

SPRITE = '{"CellWidth":320,"Columns":10,"Lines":10,"KeepCellPic":"delete"}'
FORMS = ["", "bif", "vtt,hls,dash,json,bif,jellyfin"]


def cpu_s(program, video, forms, interval):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "snapshot", video, "--interval", interval, "--sprite", SPRITE]
        command += ["--out", folder] + (["--formats", forms] if forms else [])
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{command}: {status}")
        return usage.ru_utime + usage.ru_stime


def main():
    program, video = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    interval = os.environ.get("STORYBOARDS_INTERVAL", "1")
    taken = {forms: [] for forms in FORMS}
    for _ in range(rounds):
        for forms in FORMS:
            taken[forms].append(cpu_s(program, video, forms, interval))
    alone = statistics.median(taken[""])
    print("| forms | CPU s | ratio |\n|---|---|---|")
    for forms in FORMS:
        median = statistics.median(taken[forms])
        print(f"| {forms or 'none'} | {median:.2f} | {median / alone:.3f} |")


main()
