#!/usr/bin/env python3
"""Runs the demo plant: `lab.py run`, `lab.py captures [NAME ...]`, `lab.py check`, `lab.py table`,
`lab.py score`."""

import argparse
import os
import sys
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
    c.add_argument("--logs", default=str(HERE.parent / "dist" / "lab"))
    g = sub.add_parser("score", help="hold what bulkhead analyze --format json said against the truth")
    g.add_argument("analysis")
    g.add_argument("truth")
    g.add_argument("--detail", action="store_true")
    sub.add_parser("table", help="the scenarios as the table of docs/lab.md")
    sub.add_parser("check", help="read plant.yaml and the scenarios, and say what is wrong with them")
    return p.parse_args()


def main():
    a = arguments()
    if a.do == "score":
        from plant import score
        return score.main(a.analysis, a.truth, a.detail)
    from plant import isolate, scenario, spec
    try:
        plant = spec.load()
        docs = scenario.load_all(plant)
    except spec.Wrong as e:
        sys.exit(f"lab: {e}")
    if a.do == "check":
        print(f"{len(plant.hosts)} hosts, {len(docs)} scenarios")
        return 0
    if a.do == "table":
        print(scenario.table(docs))
        return 0
    if a.do == "captures" and (unknown := set(a.names) - set(docs)):
        sys.exit(f"lab: no scenario {', '.join(sorted(unknown))}; there are {', '.join(docs)}")
    if not isolate.inside():
        os.makedirs(a.out, exist_ok=True)
        return isolate.enter([os.path.abspath(__file__), *sys.argv[1:]])
    work = isolate.settle(plant.users())
    from plant import certs
    certs.write(plant, f"{work}/certs")
    if a.do == "run":
        return scenario.run(plant, work, a.out, a.seconds, a.only)
    return scenario.captures(plant, work, a.out, {n: d for n, d in docs.items() if not a.names or n in a.names}, a.logs)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("lab: interrupted; everything is torn down", file=sys.stderr)
        sys.exit(130)
