"""Prints medians of the runs in a folder: table.py FOLDER PACKETS NAME..."""
import os
import statistics
import sys

folder, packets, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
rows = {}
for n in names:
    with open(os.path.join(folder, n)) as f:
        runs = [tuple(map(float, line.split())) for line in f if len(line.split()) == 3]
    rows[n] = [statistics.median(c) for c in zip(*runs)]
base = rows[names[0]]
print(f"{packets} packets; medians of {len(runs)} runs, taking turns")
print(f"{'program':<22}{'CPU s':>9}{'ns/packet':>11}{'wall s':>9}{'peak MiB':>10}{'CPU ratio':>11}{'wall ratio':>12}")
for n in names:
    cpu, wall, peak = rows[n]
    print(f"{n:<22}{cpu:>9.3f}{cpu / packets * 1e9:>11.0f}{wall:>9.3f}{peak / 1024:>10.0f}{cpu / base[0]:>11.2f}{wall / base[1]:>12.2f}")
