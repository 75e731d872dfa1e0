"""Cables, switches, the firewall and the mirror port.

One namespace `switch` holds a bridge for each zone. Each host hangs on a bridge by a veth pair.
What a host sends is mirrored, as it enters its bridge, to a sensor port; of the firewall only what
it says itself is mirrored, so that a routed packet is seen once, as its sender sent it."""

import ipaddress

from .run import run

SWITCH, SENSOR = "switch", "sensor"
ROUTER_TTL = 255


def inside(ns, *args):
    return run("ip", "netns", "exec", ns, *args)


def namespace(ns, ttl=64, forward=False):
    """Settings that belong to the namespace alone; IPv6 is off since the plant has none."""
    run("ip", "netns", "add", ns)
    inside(ns, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1",
           f"net.ipv4.ip_default_ttl={ttl}", f"net.ipv4.ip_forward={int(forward)}", "net.ipv4.conf.all.rp_filter=0",
           "net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.default.send_redirects=0",
           "net.ipv4.ping_group_range=0 65535", "net.ipv4.ip_unprivileged_port_start=0")
    run("ip", "-n", ns, "link", "set", "lo", "up")


def offload_off(ns, dev):
    inside(ns, "ethtool", "-K", dev, "tx", "off", "sg", "off", "tso", "off", "gso", "off", "gro", "off")


def bridge(zone):
    return f"br-{zone[:11]}"


class Wire:
    """The network of the plant while it runs."""

    def __init__(self, plant):
        self.plant = plant
        self.ports = {}

    def build(self):
        namespace(SWITCH)
        namespace(SENSOR)
        run("ip", "link", "add", "mirror0", "netns", SWITCH, "type", "veth", "peer", "name", "sensor0", "netns", SENSOR)
        run("ip", "-n", SWITCH, "link", "set", "mirror0", "up")
        run("ip", "-n", SENSOR, "link", "set", "sensor0", "up", "promisc", "on")
        for zone in self.plant.zones:
            run("ip", "-n", SWITCH, "link", "add", bridge(zone), "type", "bridge", "stp_state", "0", "ageing_time", "30000",
                "mcast_snooping", "0")
            run("ip", "-n", SWITCH, "link", "set", bridge(zone), "up")
        self._router()

    def _router(self):
        ns = self.plant.router["name"]
        namespace(ns, ttl=ROUTER_TTL, forward=True)
        for i, zone in enumerate(self.plant.zones.values()):
            nets = [zone.net, *zone.also]
            self._cable(ns, zone.key[:12], zone.key, f"{ns}-{i}", self.plant.router_mac(i),
                        [f"{self.plant.gateway(zone.key, n)}/{n.prefixlen}" for n in nets])
            # Only what the firewall says itself still has its first time to live; refusals bear another's address.
            self._mirror(f"{ns}-{i}", "ip", f"match u8 {ROUTER_TTL} 0xff at 8")
            self._mirror(f"{ns}-{i}", "arp", "match u32 0 0")
        self.firewall()

    def _cable(self, ns, dev, zone, port, mac, addresses):
        run("ip", "link", "add", port, "netns", SWITCH, "type", "veth", "peer", "name", dev, "address", mac, "netns", ns)
        run("ip", "-n", SWITCH, "link", "set", port, "master", bridge(zone), "up")
        offload_off(ns, dev)
        offload_off(SWITCH, port)
        inside(SWITCH, "tc", "qdisc", "add", "dev", port, "clsact")
        lines = [f"addr add {a} broadcast + dev {dev}" for a in addresses] + [f"link set {dev} up"]
        run("ip", "-n", ns, "-batch", "-", text="\n".join(lines) + "\n")
        self.ports[ns] = port

    def _mirror(self, port, proto, match):
        inside(SWITCH, "tc", "filter", "add", "dev", port, "ingress", "protocol", proto, "u32", *match.split(),
               "action", "mirred", "egress", "mirror", "dev", "mirror0")

    def attach(self, host, zone=None, dev="eth0", ip=None):
        """Plugs a host in; a second call with another dev gives it a second leg."""
        zone = zone or host.zone
        z = self.plant.zones[zone]
        first = dev == "eth0"
        if first:
            namespace(host.name, ttl=host.get("ttl", 64))
        ip = ip or host.ip
        net = next((n for n in [z.net, *z.also] if ipaddress.ip_address(ip) in n), z.net)
        port = host.name if first else f"{host.name[:11]}-{dev[-1]}"
        mac = host.mac if first else host.mac[:-2] + f"{(int(host.mac[-2:], 16) + 1) % 256:02x}"
        self._cable(host.name, dev, zone, port, mac, [] if host.dhcp and first else [f"{ip}/{net.prefixlen}"])
        self._mirror(port, "all", "match u32 0 0")
        if first and not host.dhcp:
            run("ip", "-n", host.name, "route", "add", "default", "via", self.plant.gateway(zone, net))

    def detach(self, name, netns=True):
        """Pulls the plug: the port is gone, the processes of the host must be ended before."""
        if netns:
            run("ip", "netns", "del", name, ok=False)
        run("ip", "-n", SWITCH, "link", "del", name, ok=False)

    def link(self, name, up):
        run("ip", "-n", SWITCH, "link", "set", name, "up" if up else "down")

    def firewall(self, more=()):
        """Writes the rules anew: what the conduits say, more as a scenario wants it, and nothing else."""
        rules = []
        for c in [*self.plant.conduits, *more]:
            for port in c["ports"]:
                proto, _, number = port.partition("/")
                what = f"{proto} dport {number}" if number else f"meta l4proto {proto}"
                rules.append(f"ip saddr {{ {self.plant.scope(c['from'])} }} ip daddr {{ {self.plant.scope(c['to'])} }} "
                             f"{what} accept")
        text = "flush ruleset\ntable inet plant {\n chain forward {\n  type filter hook forward priority 0; policy drop;\n" \
               "  ct state established,related accept\n" + "".join(f"  {r}\n" for r in rules) + \
               "  meta l4proto tcp reject with tcp reset\n  reject with icmpx admin-prohibited\n }\n}\n"
        ns = self.plant.router["name"]
        run("ip", "netns", "exec", ns, "nft", "-f", "-", text=text)

