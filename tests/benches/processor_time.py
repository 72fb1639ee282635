"""The processor time of a program, user and system, and of its children that have ended."""

import os
import statistics
import subprocess
import sys


def cpu_s(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{command}: {status}")
    return usage.ru_utime + usage.ru_stime


def medians(ways, rounds, measure):
    """Of what `measure` says of each of `ways`, which are taken in turn."""
    taken = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            taken[way].append(measure(way))
    return {way: statistics.median(seconds) for way, seconds in taken.items()}
