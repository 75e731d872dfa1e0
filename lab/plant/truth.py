"""Writes down what is true: hosts, zones, allowed conversations, and what happened when."""

import json
import time


PROTOCOLS = {
    "modbus": ("modbus", "tcp", 502), "s7": ("s7comm", "tcp", 102), "opcua": ("opcua", "tcp", 4840),
    "enip": ("enip", "tcp", 44818), "bacnet": ("bacnet", "udp", 47808), "iec104": ("iec104", "tcp", 2404),
    "dnp3": ("dnp3", "tcp", 20000), "mqtt": ("mqtt", "tcp", 1883), "snmp": ("snmp", "udp", 161), "http": ("http", "tcp", 80),
    "https": ("tls", "tcp", 443), "ssh": ("ssh", "tcp", 22), "ftp": ("ftp", "tcp", 21), "dns": ("dns", "udp", 53),
    "dhcp": ("dhcp", "udp", 67), "ntp": ("ntp", "udp", 123), "syslog": ("syslog", "udp", 514), "smb": ("smb", "tcp", 445),
    "ldap": ("ldap", "tcp", 389), "postgres": ("postgres", "tcp", 5432), "lldp": ("lldp", "", 0),
}
SAID = ("vendor", "model", "order", "serial", "firmware", "hostname", "os")


def stamp(t):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + f".{int(t % 1 * 1000):03d}Z"


def host(plant, h):
    out = {"name": h.name, "ips": [h.ip], "macs": [h.mac], "role": h.role, "zone": h.zone,
           "purdue_level": h.get("level", plant.zones[h.zone].level)}
    out.update({k: h.get(k) for k in SAID if h.get(k) is not None})
    out["serves"] = sorted({s["kind"] for s in h.serves})
    if h.extra:
        out["extra"] = True
    return out


def router(plant):
    r = plant.router
    nets = [(z, n) for z in plant.zones.values() for n in [z.net, *z.also]]
    return {"name": r["name"], "ips": [plant.gateway(z.key, n) for z, n in nets],
            "macs": [plant.router_mac(i) for i in range(len(plant.zones))], "role": r["role"], "zone": "",
            "purdue_level": r["level"], **{k: r[k] for k in SAID if k in r}, "serves": []}


def way(t):
    """Protocol, transport and port of a talk."""
    kind, secure = t["do"].partition(".")[0], t.get("tls")
    if kind == "web":
        kind = "https" if secure else "http"
    if kind == "mqtt" and secure:
        return "tls", "tcp", 8883
    if kind == "raw":
        return "", "tcp", t.get("port", 9100)
    return PROTOCOLS[kind]


def allowed(plant):
    out = []
    for h in plant.hosts.values():
        for t in h.talks:
            protocol, transport, port = way(t)
            for to in plant.targets(t):
                out.append({"client": h.name, "server": to, "protocol": protocol, "transport": transport, "port": port,
                            "does": t["do"], "every": t.get("every"), "quiet": bool(t.get("quiet"))})
    return sorted(out, key=lambda c: (c["client"], c["server"], c["protocol"], c["does"]))


def plant(p):
    """What holds for every capture of the plant."""
    return {
        "schema": "bulkhead.truth/1", "site": p.site,
        "zones": [{"name": z.key, "title": z.name, "networks": [str(n) for n in [z.net, *z.also]], "purdue_level": z.level}
                  for z in p.zones.values()],
        "hosts": [router(p)] + [host(p, h) for h in p.hosts.values()],
        "conduits": p.conduits, "allowed": allowed(p), "weaknesses": p.weaknesses,
    }


def scenario(name, doc, events, want, rec, tags):
    """What holds for one capture: what happened when, what must be detected, what must stay quiet."""
    return {
        "schema": "bulkhead.scenario/1", "scenario": name, "title": doc.get("title", ""), "about": doc.get("about", ""),
        "first": stamp(rec.first), "last": stamp(rec.last),
        "events": [{**e, "time": stamp(e["time"]), **({"end": stamp(e["end"])} if "end" in e else {})} for e in events],
        "want": want, "quiet": doc.get("quiet", "all else"), "approved": doc.get("approved", []),
        "process": {n: {k: v[n] for k, v in tags.items()} for n in next(iter(tags.values())) if len({v[n] for v in tags.values()}) > 1},
    }


def write(path, doc):
    with open(path, "w") as f:
        json.dump(doc, f, indent=1, ensure_ascii=False)
        f.write("\n")
