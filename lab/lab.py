#!/usr/bin/env python3
"""Runs the demo plant: `lab.py run`, `lab.py captures [NAME ...]`, `lab.py check`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def arguments():
    p = argparse.ArgumentParser(prog="lab", description="The demo plant in network namespaces of its own.")
    sub = p.add_subparsers(dest="do", required=True)
    r = sub.add_parser("run", help="run the plant for a time and record it")
    r.add_argument("--seconds", type=float, default=float(os.environ.get("LAB_SECONDS", "120")))
    r.add_argument("--out", default=str(HERE.parent / "dist" / "lab"))
    r.add_argument("--only", nargs="*", help="only these hosts")
    c = sub.add_parser("captures", help="run the scenarios, each into its own capture")
    c.add_argument("names", nargs="*", help="all when none is named")
    c.add_argument("--out", default=str(HERE / "captures"))
    sub.add_parser("check", help="read plant.yaml and the scenarios, and say what is wrong with them")
    return p.parse_args()


def main():
    a = arguments()
    from plant import isolate, spec
    plant = spec.load()
    if a.do == "check":
        from plant import scenario
        print(f"{len(plant.hosts)} hosts, {len(scenario.load_all(plant))} scenarios")
        return 0
    if not isolate.inside():
        os.makedirs(a.out, exist_ok=True)
        return isolate.enter([__file__, *sys.argv[1:]])
    work = tempfile.mkdtemp(prefix="bulkhead-lab-")
    try:
        isolate.private_mounts(work, plant.users())
        from plant import certs
        certs.write(plant, f"{work}/certs")
        from plant import scenario
        if a.do == "run":
            return scenario.run(plant, work, a.out, a.seconds, a.only)
        return scenario.captures(plant, work, a.out, a.names)
    finally:
        # The namespaces and what is mounted in them end with this process; the empty folder does not.
        scenario_end(work)


def scenario_end(work):
    import subprocess
    subprocess.run(["umount", "-l", work], capture_output=True)
    try:
        os.rmdir(work)
    except OSError:
        pass


if __name__ == "__main__":
    sys.exit(main())
