"""EtherNet/IP: controllers by cpppo, clients by pycomm3 and by cpppo's own client."""

import signal
import types

from cpppo.server.enip import client as enip_client
from cpppo.server.enip import device, main as enip_main
from pycomm3 import CIPDriver

from ..host import pace


def serve(life, s):
    """`reads`, `setpoints`: tags by the controller's name for them, {Pack_Speed: pack.speed}; all are REAL."""
    h = life.host
    major, minor = (int(x) for x in h.get("firmware", "1.1").split(".")[:2])
    life.path("cpppo.cfg", "[Identity]\n"
              f"Vendor Number = {s.get('vendor', 1)}\nDevice Type = {s.get('type', 14)}\n"
              f"Product Code Number = {s.get('product', 54)}\nProduct Revision = {minor << 8 | major}\n"
              f"Status Word = {0x3160}\nSerial Number = {int(h.get('serial', '0x1'), 16)}\nProduct Name = {h.get('order')}\nState = 3\n"
              "[TCPIP]\n" f"Host Name = {h.name}\n")
    tags = {**s.get("reads", {}), **s.get("setpoints", {})}
    moved = set(s.get("setpoints", {}))

    class Tag(device.Attribute):
        def __getitem__(self, key):
            if self.name in tags:
                super().__setitem__(0, life.tags[tags[self.name]])
            return super().__getitem__(key)

        def __setitem__(self, key, value):
            super().__setitem__(key, value)
            if self.name in moved:
                first = value[0] if isinstance(value, (list, tuple)) else value
                life.tags[tags[self.name]] = first

    # cpppo sets signal handlers, which Python allows in the main thread only.
    enip_main.signal = types.SimpleNamespace(signal=lambda *_: None, SIGHUP=signal.SIGHUP, SIGUSR1=signal.SIGUSR1)
    enip_main.main(argv=["--no-print", "--address", f"{life.ip}:44818", "--config", life.path("cpppo.cfg"), "-l", "/dev/null",
                         *[f"{name}=REAL" for name in tags], "Program_Name=SSTRING"], attribute_class=Tag)
    raise RuntimeError("the EtherNet/IP server ended")


def poll(life, to, t):
    """`tags` are read in one multiple service packet."""
    with enip_client.connector(host=life.address(to), timeout=3) as c:
        for _ in pace(t):
            ops = enip_client.parse_operations(t["tags"])
            bad, _ = c.process(operations=ops, depth=1, multiple=250, timeout=3)
            if bad:
                raise ConnectionError(f"{to}: {bad} tags failed")


def write(life, to, t):
    """`write`: {tag of the controller: tag of the plant}."""
    with enip_client.connector(host=life.address(to), timeout=3) as c:
        for _ in pace(t, 10):
            for name, tag in t["write"].items():
                c.process(operations=enip_client.parse_operations([f"{name}=(REAL){life.tags[tag]:.2f}"]), timeout=3)


def identify(life, to, t):
    """List Identity as an asset tool sends it."""
    for _ in pace(t, 60):
        CIPDriver.list_identity(life.address(to))
