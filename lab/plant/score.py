"""Holds the engine's document against the truth: which hosts were found, and what was said of them."""

import json
import re

ATTRIBUTES = {"vendor": "vendor", "model": "model", "order_number": "order", "serial": "serial", "firmware": "firmware",
              "hostname": "hostname"}


def plain(text):
    return re.sub(r"[^a-z0-9]", "", str(text).lower())


def same(said, true):
    """Whether two writings mean the same: one inside the other, or the same first word."""
    a, b = plain(said), plain(true)
    if not a or not b:
        return False
    first = lambda s: plain(re.split(r"[\s/,+-]", s.strip())[0])
    return a in b or b in a or len(first(said)) > 3 and first(said) == first(true)


def exact(said, true):
    """For numbers: 20.012 and 20.12 are one version, a version inside a longer text does not count."""
    parts = lambda text: [p.lstrip("0") or "0" for p in re.findall(r"[0-9a-z]+", str(text).lower().removeprefix("0x").lstrip("v"))]
    return parts(said) == parts(true)


def asset_of(host, assets):
    """The asset that has the host's MAC, else one of its addresses."""
    for a in assets:
        if any(i.get("mac") in host["macs"] for i in a["interfaces"]):
            return a
    for a in assets:
        if any(ip in host["ips"] for i in a["interfaces"] for ip in i.get("ips", [])):
            return a
    return None


def score(analysis, truth):
    """One row a host, and the sums: {attribute: [right, wrong, not said]}."""
    rows, sums, used = [], {k: [0, 0, 0] for k in ["found", "role", *ATTRIBUTES]}, set()
    active = [h for h in truth["hosts"] if not h.get("extra")]
    for h in active:
        a = asset_of(h, analysis["assets"])
        row = {"host": h["name"], "role": h["role"]}
        sums["found"][0 if a else 2] += 1
        if not a:
            rows.append({**row, "found": False})
            continue
        used.add(a["id"])
        said = a.get("role", {}).get("value") or ""
        verdict = 2 if said in ("", "unknown") else 0 if said == h["role"] else 1
        sums["role"][verdict] += 1
        row.update(found=True, said_role=said)
        for key, mine in ATTRIBUTES.items():
            if mine not in h:
                continue
            values = [v["value"] for v in a.get("attributes", {}).get(key, [])]
            ok = exact if key in ("firmware", "serial") else same
            verdict = 2 if not values else 0 if ok(values[0], h[mine]) else 1
            sums[key][verdict] += 1
            if verdict:
                row[key] = f"{values[0] if values else '-'} (is {h[mine]})"
        rows.append(row)
    macs = {m for h in truth["hosts"] for m in h["macs"]}
    strangers = [a for a in analysis["assets"] if a["id"] not in used and not any(i.get("mac") in macs for i in a["interfaces"])]
    split = [a for a in analysis["assets"] if a["id"] not in used and a not in strangers]
    if split:
        sums["one asset each"] = [len(used), len(split), 0]
    return rows, sums, strangers


def table(sums, strangers):
    lines = ["| what | right | wrong | not said | precision | recall |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for what, (right, wrong, silent) in sums.items():
        wrong_ = wrong + (len(strangers) if what == "found" else 0)
        said, there = right + wrong_, right + wrong + silent
        lines.append(f"| {what.replace('_', ' ')} | {right} | {wrong_} | {silent} | {right / said if said else 0:.2f} | "
                     f"{right / there if there else 0:.2f} |")
    return "\n".join(lines)


def main(analysis_path, truth_path, detail=False):
    with open(analysis_path) as f, open(truth_path) as g:
        rows, sums, strangers = score(json.load(f), json.load(g))
    print(table(sums, strangers))
    for a in strangers:
        print("no host of the plant:", a["id"], [(i.get("mac"), i.get("ips")) for i in a["interfaces"]])
    if detail:
        for r in rows:
            print(json.dumps(r, ensure_ascii=False))
    return 0
