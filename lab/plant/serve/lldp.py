"""LLDP by lldpd: switches tell their neighbours who they are."""

import os
import shutil


def serve(life, s):
    """`descr`: the system description; `platform`."""
    os.makedirs("/run/lldpd", exist_ok=True)
    os.makedirs(f"{life.dir}/lldpd", exist_ok=True)
    conf = life.path("lldpd.conf", f"configure system description \"{s['descr']}\"\nconfigure lldp tx-interval 10\n"
                                   f"configure lldp portidsubtype local \"{s.get('port', 'port-001')}\"\n"
                                   f"configure system hostname \"{life.host.name}\"\n")
    args = ["lldpd", "-d", "-c" if s.get("cdp") else "-M", *([] if s.get("cdp") else ["4"]), "-I", "eth0", "-C", "eth0", "-u",
            f"{life.dir}/lldpd.socket", "-S", s["descr"], "-m", life.ip]
    life.daemon(shutil.which("lldpd") or "lldpd", *args[1:])
    return conf
