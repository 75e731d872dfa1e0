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
    """Asks for an address and stays a DHCP client for the life of the host."""
    script = life.path("udhcpc.sh", SCRIPT, 0o755)
    args = ["udhcpc", "-i", dev, "-s", script, "-x", f"hostname:{life.host.get('hostname', life.host.name)}",
            "-V", life.host.get("dhcp_class", "MSFT 5.0"), "-t", "5", "-T", "2"]
    for _ in range(10):
        if subprocess.run([*args, "-n", "-q"], capture_output=True).returncode == 0:
            break
        time.sleep(1)
    threading.Thread(target=lambda: life.daemon(*args, "-f"), daemon=True).start()

