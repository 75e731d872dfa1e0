"""Looking around: nmap, and sweeps of functions and units on controllers."""

import socket
import struct
import subprocess
import time

from pymodbus.client import ModbusTcpClient


def nmap(life, step):
    """`args`, `targets`: host names or addresses; nmap never asks names and ends in time."""
    targets = [life.address(t) for t in step["targets"]]
    subprocess.run(["nmap", "-n", "--host-timeout", "40s", "--max-retries", "1", *step["args"], *targets], capture_output=True,
                   timeout=step.get("seconds", 60))


def functions(life, step):
    """Every Modbus function code once, and what the device says."""
    with socket.create_connection((life.address(step["to"]), 502), timeout=2) as s:
        for code in range(1, step.get("last", 128)):
            s.sendall(struct.pack(">HHHBBHH", code, 0, 6, step.get("unit", 1), code, 0, 1))
            try:
                s.recv(260)
            except TimeoutError:
                pass
            time.sleep(0.02)


def units(life, step):
    """One read from every unit number."""
    c = ModbusTcpClient(life.address(step["to"]), timeout=0.2, retries=0)
    c.connect()
    for unit in range(1, step.get("last", 248)):
        c.read_holding_registers(0, count=1, device_id=unit)
        c.connect()


def names(life, step):
    """Who are you, to every device that may answer: Modbus, S7, EtherNet/IP."""
    import snap7
    from pycomm3 import CIPDriver
    for host in step.get("modbus", []):
        c = ModbusTcpClient(life.address(host), timeout=1, retries=0)
        if c.connect():
            c.read_device_information(read_code=2, object_id=0, device_id=1)
            c.close()
    for host in step.get("s7", []):
        c = snap7.Client()
        c.connect(life.address(host), 0, 2)
        c.get_cpu_info()
        c.get_order_code()
        c.disconnect()
    for host in step.get("enip", []):
        CIPDriver.list_identity(life.address(host))
