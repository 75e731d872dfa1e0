"""Reads plant.yaml and answers questions about it: who is where, who may talk to whom."""

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROLES = {
    "plc", "rtu", "safety-controller", "remote-io", "drive", "hmi", "scada-server", "engineering-station", "historian",
    "opc-server", "gateway", "switch", "router", "firewall", "access-point", "domain-controller", "server", "workstation",
    "camera", "printer", "phone", "protection-relay", "robot", "cnc", "sensor", "meter", "ups", "nas",
    "building-controller", "clock", "broker", "cloud-service",
}

MAC = re.compile(r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$")


class Wrong(Exception):
    """plant.yaml or a scenario says something that cannot be built."""


@dataclass
class Zone:
    key: str
    name: str
    net: ipaddress.IPv4Network
    level: float
    also: list = field(default_factory=list)


@dataclass
class Host:
    """One machine or device; `given` keeps every field of the file for the truth."""

    name: str
    zone: str
    ip: str
    mac: str
    role: str
    given: dict
    serves: list
    talks: list
    extra: bool = False
    dhcp: bool = False

    def get(self, key, default=None):
        return self.given.get(key, default)


class Plant:
    def __init__(self, doc):
        self.site = doc["site"]
        self.zones = {k: Zone(k, z["name"], ipaddress.ip_network(z["net"]), z["level"],
                              [ipaddress.ip_network(n) for n in z.get("also", [])]) for k, z in doc["zones"].items()}
        self.router = doc["router"]
        self.conduits = doc["conduits"]
        self.weaknesses = doc.get("weaknesses", [])
        self.hosts = {name: self._host(name, h) for name, h in doc["hosts"].items()}
        self.check()

    def _host(self, name, h):
        if h["zone"] not in self.zones:
            raise Wrong(f"host {name}: zone {h['zone']} is not declared")
        zone = self.zones[h["zone"]]
        ip = h["ip"] if "." in str(h["ip"]) else str(zone.net[h["ip"]])
        return Host(name, h["zone"], ip, h["mac"], h["role"], h, h.get("serves", []), h.get("talks", []),
                    h.get("extra", False), h.get("dhcp", False))

    def check(self):
        macs, ips = {}, {}
        for h in self.hosts.values():
            if not MAC.match(h.mac):
                raise Wrong(f"host {h.name}: {h.mac} is no MAC address in lower case")
            if h.role not in ROLES:
                raise Wrong(f"host {h.name}: role {h.role} is unknown")
            if len(h.name) > 14:
                raise Wrong(f"host {h.name}: a name may have 14 letters")
            for seen, key in ((macs, h.mac), (ips, h.ip)):
                if key in seen and not h.get("imitates"):
                    raise Wrong(f"hosts {seen[key]} and {h.name} share {key}")
                seen[key] = h.name
            for t in h.talks:
                for to in self.targets(t):
                    if to not in self.hosts and to != self.router["name"]:
                        raise Wrong(f"host {h.name} talks to {to}, which is not there")
        for c in self.conduits:
            for end in (c["from"], c["to"]):
                if end not in self.zones and end not in self.hosts:
                    raise Wrong(f"conduit from {c['from']} to {c['to']}: {end} is neither zone nor host")

    @staticmethod
    def targets(talk):
        to = talk.get("to", [])
        return to if isinstance(to, list) else [to]

    def users(self):
        """Names that file servers want to know from the machine."""
        return sorted({u for h in self.hosts.values() for s in h.serves if s["kind"] == "smb" for u in s["users"]})

    def gateway(self, zone, net=None):
        return str((net or self.zones[zone].net)[self.router["ip"]])

    def address(self, name):
        """The address of a host, or of the router in the cloud."""
        return self.hosts[name].ip if name in self.hosts else name

    def scope(self, end):
        """A zone's networks or a host's address, as nftables writes them."""
        if end in self.zones:
            z = self.zones[end]
            return ", ".join(str(n) for n in [z.net, *z.also])
        return self.hosts[end].ip

    def router_mac(self, index):
        return f"{self.router['mac'][:-2]}{index + 1:02x}"


def load(path=None):
    path = Path(path or Path(__file__).parent.parent / "plant.yaml")
    return Plant(yaml.safe_load(path.read_text()))
