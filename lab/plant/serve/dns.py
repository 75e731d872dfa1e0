"""DNS by dnsmasq: the names of the plant, and those who ask for them."""

import socket
import struct

from ..host import pace


def serve(life, s):
    """Answers for each host NAME.plant; `dhcp`: {zone: [first, last]} also gives out addresses."""
    names = "".join(f"{h.ip} {h.name}.plant {h.name}\n" for h in life.plant.hosts.values() if not h.extra)
    names += "".join(f"{a} {n}\n" for n, a in s.get("names", {}).items())
    text = (f"no-resolv\nno-hosts\nbind-interfaces\nlisten-address={life.ip}\ninterface=eth0\nuser=root\nlocal=/plant/\n"
            f"addn-hosts={life.path('hosts', names)}\npid-file={life.dir}/pid\ndhcp-leasefile={life.dir}/leases\n")
    for zone, (first, last) in s.get("dhcp", {}).items():
        z = life.plant.zones[zone]
        text += (f"dhcp-range=set:{zone},{z.net[first]},{z.net[last]},{z.net.netmask},10m\n"
                 f"dhcp-option=tag:{zone},3,{life.plant.gateway(zone)}\ndhcp-option=tag:{zone},6,{life.ip}\n")
    for h in life.plant.hosts.values():
        if h.dhcp and h.zone in s.get("dhcp", {}):
            text += f"dhcp-host={h.mac},{h.ip},{h.name}\n"
    if s.get("dhcp"):
        text += "dhcp-authoritative\n"
    life.daemon("dnsmasq", "-k", "-C", life.path("dnsmasq.conf", text))


def question(name, kind=1, ident=0x2b1d):
    out = struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0)
    for label in name.split("."):
        out += bytes([len(label)]) + label.encode()
    return out + b"\0" + struct.pack(">HH", kind, 1)


def ask(life, to, t):
    """Asks for `names` by turns."""
    for n, _ in enumerate(pace(t, 15)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(2)
            s.sendto(question(t["names"][n % len(t["names"])], ident=n & 0xFFFF), (life.address(to), 53))
            try:
                s.recv(2048)
            except TimeoutError:
                pass
