"""SNMP by net-snmp: agents of switches and power supplies, and the network management that asks them."""

import subprocess

from ..host import pace


def serve(life, s):
    """`descr`, `oid`: what the device says of itself; a version 3 `user` and `password`, or a `community`."""
    h = life.host
    who = f"rocommunity {s.get('community', 'public')}"
    if s.get("user"):
        who = f"createUser {s['user']} SHA {s['password']} AES {s['password']}\nrouser {s['user']} priv"
    conf = (f"agentAddress udp:{life.ip}:161\n{who}\nsysDescr {s['descr']}\n"
            f"sysObjectID {s['oid']}\nsysName {h.name}\nsysLocation {life.plant.zones[h.zone].name}\nsysContact maintenance\n"
            "sysServices 6\n")
    life.daemon("snmpd", "-f", "-Lf", "/dev/null", "-C", "-c", life.path("snmpd.conf", conf), "-p", f"{life.dir}/pid", "-I",
                "system_mib,sysORTable,ifTable,ifXTable,interfaces,snmpv3mibs", env={"SNMP_PERSISTENT_DIR": life.dir})


OBJECTS = ["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"]


def poll(life, to, t):
    who = ["-v2c", "-c", t.get("community", "public")]
    if t.get("user"):
        who = ["-v3", "-l", "authPriv", "-u", t["user"], "-a", "SHA", "-A", t["password"], "-x", "AES", "-X", t["password"]]
    for _ in pace(t, 15):
        subprocess.run(["snmpget", *who, "-On", "-t", "2", "-r", "0", life.address(to), *OBJECTS],
                       capture_output=True, env={"MIBS": "", "PATH": "/usr/bin", "SNMP_PERSISTENT_DIR": life.dir})
