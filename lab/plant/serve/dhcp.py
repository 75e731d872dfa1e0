"""DHCP by udhcpc, and the relay of the firewall by dnsmasq."""

import subprocess
import threading
import time

SCRIPT = """#!/bin/sh
[ "$1" = bound ] || [ "$1" = renew ] || exit 0
ip -4 addr flush dev "$interface"
ip addr add "$ip/${mask:-24}" broadcast + dev "$interface"
[ -n "$router" ] && ip route replace default via "${router%% *}"
exit 0
"""


def lease(life, dev="eth0"):
    """Asks for an address, and stays a DHCP client for the life of the host."""
    subprocess.run(["ip", "-4", "addr", "flush", "dev", dev], check=True)  # nothing is left of an earlier life
    script = life.path("udhcpc.sh", SCRIPT, 0o755)
    args = ["udhcpc", "-f", "-i", dev, "-s", script, "-x", f"hostname:{life.host.get('hostname', life.host.name)}",
            "-V", life.host.get("dhcp_class", "MSFT 5.0"), "-t", "5", "-T", "2", "-A", "3"]
    threading.Thread(target=lambda: life.daemon(*args), daemon=True).start()
    for _ in range(100):
        if subprocess.run(["ip", "-4", "-o", "addr", "show", "dev", dev], capture_output=True).stdout:
            return
        time.sleep(0.2)
