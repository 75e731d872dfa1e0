"""S7 communication by python-snap7: controllers with their identity and data blocks, panels that poll them."""

import struct
import time

import snap7
from snap7.server import CPUState, Server
from snap7.type import SrvArea

from ..host import pace

DB_SIZE = 512


class Controller(Server):
    """The snap7 server with the identity of a host of the plant instead of its built-in one."""

    def __init__(self, host):
        super().__init__(log=False)
        self.device = host

    def _get_szl_data(self, szl_id, szl_index):
        h = self.device
        order = h.get("order", "").encode().ljust(20)
        if szl_id in (0x0011, 0x0111):
            v = [int(x) for x in h.get("firmware", "V0.0.0").lstrip("V").split(".")]
            rows = [(1, order, 0, 1, 0), (6, order, 0, 1, 0), (7, b" " * 20, 0x00C0, 0x5600 | v[0], v[1] << 8 | v[2])]
            if szl_id == 0x0111:
                rows = [r for r in rows if r[0] == szl_index]
            return struct.pack(">HH", 28, len(rows)) + b"".join(struct.pack(">H20sHHH", *r) for r in rows)
        if szl_id in (0x001C, 0x011C):
            texts = {1: h.get("station", "SIMATIC 300"), 2: h.name.upper(), 3: life_site, 4: "Original Siemens Equipment",
                     5: h.get("serial", ""), 7: h.get("model"), 8: "MMC 267FF11F"}
            if szl_id == 0x011C:
                texts = {k: v for k, v in texts.items() if k == szl_index}
            return struct.pack(">HH", 34, len(texts)) + b"".join(struct.pack(">H32s", i, x.encode()) for i, x in texts.items())
        if szl_id == 0x0424:
            state = 0x08 if self.cpu_state == CPUState.RUN else 0x04
            return struct.pack(">HHBBBB16s", 20, 1, 0x51, 0x43, 0xFF, state, b"")
        return super()._get_szl_data(szl_id, szl_index)


life_site = "DEMO-BOTTLING"


def serve(life, s):
    """`reads`: tags at every four bytes from 0, REAL; `setpoints`: tags from byte 100 that clients may write;
    `outputs`: tags that fall to nought when the controller stops."""
    plc = Controller(life.host)
    plc.cpu_state = CPUState.RUN
    db1, db2 = bytearray(DB_SIZE), bytearray(DB_SIZE)
    for number, block in ((1, db1), (2, db2), (10, bytearray(DB_SIZE))):
        plc.register_area(SrvArea.DB, number, block)
    plc.register_area(SrvArea.MK, 0, bytearray(256))
    plc.register_area(SrvArea.PE, 0, bytearray(128))
    plc.register_area(SrvArea.PA, 0, bytearray(128))
    for i, tag in enumerate(s.get("setpoints", [])):
        struct.pack_into(">f", plc.memory_areas[key(plc, 1)], 100 + 4 * i, life.tags[tag])
    plc.start_to(life.ip, 102)
    block = plc.memory_areas[key(plc, 1)]
    seen = {}
    while True:
        time.sleep(0.1)
        life.state["run"] = plc.cpu_state == CPUState.RUN
        if not life.state["run"]:
            for tag in s.get("outputs", []):  # a stopped controller lets go of its outputs
                life.tags[tag] = 0.0
            continue
        for i, tag in enumerate(s.get("reads", [])):
            struct.pack_into(">f", block, 4 * i, life.tags[tag])
        for i, tag in enumerate(s.get("setpoints", [])):
            value, tagged = struct.unpack_from(">f", block, 100 + 4 * i)[0], life.tags[tag]
            if value == value and value != seen.get(tag, value):
                life.tags[tag] = tagged = value
            struct.pack_into(">f", block, 100 + 4 * i, tagged)
            seen[tag] = struct.unpack_from(">f", block, 100 + 4 * i)[0]


def key(plc, number):
    return next(k for k in plc.memory_areas if k[1] == number and k[0].name == "DB")


def client(life, to, rack=0, slot=2):
    c = snap7.Client()
    c.connect(life.address(to), rack, slot)
    return c


def poll(life, to, t):
    """`read`: list of [data block, start, size]."""
    c = client(life, to)
    for _ in pace(t):
        for db, start, size in t.get("read", [[1, 0, 40]]):
            c.db_read(db, start, size)


def setpoint(life, to, t):
    """An operator moves a setpoint a little, now and then, inside its usual range."""
    c = client(life, to)
    for n, _ in enumerate(pace(t, 20)):
        low, high = t["range"]
        c.db_write(1, t["at"], bytearray(struct.pack(">f", low + (high - low) * (n % 5) / 4)))


def identify(life, to, t):
    """What an asset tool asks a controller."""
    c = client(life, to)
    for _ in pace(t, 60):
        c.get_cpu_info()
        c.get_order_code()
        c.read_szl(0x0424, 0)
