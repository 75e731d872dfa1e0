"""What an engineering tool can do to an S7 controller, done by whoever has one."""

import datetime
import struct
import time

import snap7
from snap7.type import Block


def client(life, step):
    c = snap7.Client()
    c.connect(life.address(step["to"]), 0, 2)
    return c


def stop(life, step):
    c = client(life, step)
    c.read_szl(0x0424, 0)
    c.plc_stop()
    time.sleep(step.get("for", 8))
    if step.get("start", True):
        c.plc_hot_start()
    c.disconnect()


def download(life, step):
    """A data block of `size` bytes goes into the controller; the rest of the session is an engineer's."""
    c = client(life, step)
    c.get_cpu_info()
    c.list_blocks()
    number, size = step.get("block", 10), step.get("size", 480)
    body = bytearray(b"pp\x01\x01\x05\x0a" + struct.pack(">HI", number, size) + bytes(size - 12))
    c.download(body, number)
    time.sleep(1)
    c.disconnect()


def upload(life, step):
    """Reads blocks out of the controller."""
    c = client(life, step)
    for number in step.get("blocks", [1, 2, 10]):
        try:
            c.full_upload(Block.DB, number)
        except Exception:  # a controller may keep a block to itself
            pass
    c.disconnect()


def delete(life, step):
    c = client(life, step)
    try:
        c.delete(Block.DB, step.get("block", 10))
    finally:
        c.disconnect()


def clock(life, step):
    """Sets the controller's clock off by so many hours."""
    c = client(life, step)
    c.get_plc_datetime()
    c.set_plc_datetime(datetime.datetime.now() + datetime.timedelta(hours=step.get("hours", -26)))
    time.sleep(1)
    c.get_plc_datetime()
    c.disconnect()


def setpoint(life, step):
    """Writes REAL numbers: `values`: [[byte, value], ...]."""
    c = client(life, step)
    for _ in range(min(step.get("times", 1), 200)):
        for at, value in step["values"]:
            c.db_write(1, at, bytearray(struct.pack(">f", value)))
        time.sleep(step.get("every", 1))
    c.disconnect()
