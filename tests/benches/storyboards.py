#!/usr/bin/env python3
"""What the forms that players read cost beside a sprite alone.

    python3 tests/benches/storyboards.py PROGRAM VIDEO [ROUNDS]

Takes the same sheets of VIDEO without a form, as BIF too, and in all six forms, in turn. Prints the median of
the processor time, user and system, of the program and its decoders, and its ratio to the sprite alone.
"""

import os
import sys
import tempfile

from processor_time import cpu_s, medians

SPRITE = '{"CellWidth":320,"Columns":10,"Lines":10,"KeepCellPic":"delete"}'
FORMS = ["", "bif", "vtt,hls,dash,json,bif,jellyfin"]


def sheets_s(program, video, forms, interval):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "snapshot", video, "--interval", interval, "--sprite", SPRITE]
        command += ["--out", folder] + (["--formats", forms] if forms else [])
        return cpu_s(command)


def main():
    program, video = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    interval = os.environ.get("STORYBOARDS_INTERVAL", "1")
    taken = medians(FORMS, rounds, lambda forms: sheets_s(program, video, forms, interval))
    print("| forms | CPU s | ratio |\n|---|---|---|")
    for forms, median in taken.items():
        print(f"| {forms or 'none'} | {median:.2f} | {median / taken['']:.3f} |")


main()
