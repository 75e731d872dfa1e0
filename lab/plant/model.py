"""Writes the plant as Bulkhead's own plant file, so that the engine can be told what was intended."""

import yaml

PROTOCOLS = {
    "tcp/102": "s7comm", "tcp/502": "modbus", "tcp/44818": "enip", "udp/44818": "enip", "tcp/4840": "opcua", "tcp/2404": "iec104",
    "tcp/20000": "dnp3", "udp/47808": "bacnet", "udp/161": "snmp", "udp/53": "dns", "udp/123": "ntp", "udp/514": "syslog",
    "udp/67": "dhcp", "tcp/22": "ssh", "tcp/21": "ftp", "tcp/443": "tls", "tcp/8883": "tls",
}
# Target levels: the cells must stand a simple intruder with intent, the safety controller more.
TARGET = {1: {"IAC": 2, "UC": 2, "SI": 2, "DC": 1, "RDF": 3, "TRE": 2, "RA": 2}, 3: {"IAC": 2, "UC": 2, "SI": 2, "DC": 2, "RDF": 2, "TRE": 2, "RA": 2},
          3.5: {"IAC": 3, "UC": 2, "SI": 2, "DC": 2, "RDF": 3, "TRE": 2, "RA": 1}, 4: {"IAC": 1, "UC": 1, "SI": 1, "DC": 1, "RDF": 1, "TRE": 1, "RA": 1}}


def zones(plant):
    out = []
    for z in plant.zones.values():
        row = {"id": z.key, "name": z.name, "at": "demo", "purdue_level": z.level,
               "members": [{"ip": str(n)} for n in [z.net, *z.also]], "owner": "ot"}
        if z.level in TARGET:
            row["sl_t"] = TARGET[z.level]
        out.append(row)
    return out


def conduits(plant):
    def end(name):
        return (name, None) if name in plant.zones else (plant.hosts[name].zone, plant.hosts[name].ip)

    out = []
    for i, c in enumerate(plant.conduits):
        (source, client), (target, server) = end(c["from"]), end(c["to"])
        if source == target:
            continue
        row = {"id": f"{c['from']}-{c['to']}-{i + 1}", "from": source, "to": target}
        if client:
            row["clients"] = [{"ip": client}]
        if server:
            row["servers"] = [{"ip": server}]
        named = {}
        for port in c["ports"]:
            named.setdefault(PROTOCOLS.get(port, "any"), []).append(port)
        row["protocols"] = [{"protocol": p, "ports": ports} for p, ports in named.items()]
        out.append({**row, "owner": "ot", "reason": c["why"]})
    return out


def document(plant):
    return {"plant": 1, "name": "Demo bottling plant", "sites": [{"id": "demo", "kind": "site", "name": "Demo bottling"}],
            "people": [{"id": "olga", "name": "Olga Otte", "roles": ["ot"]}], "roles": [{"id": "ot", "name": "OT engineers"}],
            "zones": zones(plant), "conduits": conduits(plant)}


def write(plant, path):
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data):
            return True

    with open(path, "w") as f:
        f.write("# Made by lab.py from lab/plant.yaml.\n")
        yaml.dump(document(plant), f, Plain, sort_keys=False, allow_unicode=True, width=140, default_flow_style=None)
