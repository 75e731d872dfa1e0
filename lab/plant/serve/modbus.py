"""Modbus TCP by pymodbus: servers whose registers are the plant's tags, and the masters that poll them."""

import asyncio

from pymodbus import ModbusDeviceIdentification
from pymodbus.client import ModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.server import StartAsyncTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from ..host import pace

SIZE = 200
WRITES = {5, 6, 15, 16, 22, 23}


def identity(host):
    return ModbusDeviceIdentification(info_name={
        "VendorName": host.get("vendor"), "ProductCode": host.get("order") or host.get("model"),
        "MajorMinorRevision": host.get("firmware", ""), "VendorUrl": "", "ProductName": host.get("model"),
        "ModelName": host.get("model"), "UserApplicationName": host.name})


def serve(life, s):
    """`registers` maps a register to [tag, factor] or [tag, factor, "w"] where masters may move it."""
    registers = {int(k): v for k, v in s.get("registers", {}).items()}

    async def access(function, start, address, count, current, values):
        if address + count > SIZE:
            return ExcCodes.ILLEGAL_ADDRESS
        for reg, (tag, factor, *mode) in registers.items():
            if not address <= reg < address + count:
                continue
            if values is not None and function in WRITES:
                if mode and reg - address < len(values):
                    life.tags[tag] = int(values[reg - address]) / factor
            else:
                current[reg - start] = int(life.tags[tag] * factor) & 0xFFFF
        return None

    async def run():
        device = SimDevice(id=s.get("unit", 1), simdata=[SimData(0, values=0, count=SIZE, datatype=DataType.REGISTERS)],
                           use_bit_addressing=True, action=access, identity=identity(life.host))
        await StartAsyncTcpServer(device, address=(life.ip, 502), identity=identity(life.host))

    asyncio.run(run())


def client(life, to):
    c = ModbusTcpClient(life.address(to), timeout=2, retries=1)
    if not c.connect():
        raise ConnectionError(f"no Modbus at {to}")
    return c


def poll(life, to, t):
    """`read`: list of [function, address, count]; the connection stays open, as masters do."""
    c = client(life, to)
    unit = t.get("unit", 1)
    read = {1: c.read_coils, 2: c.read_discrete_inputs, 3: c.read_holding_registers, 4: c.read_input_registers}
    for _ in pace(t):
        for function, address, count in t.get("read", [[3, 0, 10]]):
            if read[function](address, count=count, device_id=unit).isError():
                raise ConnectionError(f"{to} answers with an error")


def write(life, to, t):
    """`write`: [address, tag, factor]: copies a tag into a register, as a PLC does with its drive."""
    c = client(life, to)
    for _ in pace(t):
        for address, tag, factor in t["write"]:
            c.write_register(address, int(life.tags[tag] * factor), device_id=t.get("unit", 1))


def identify(life, to, t):
    """Asks a device who it is, as an asset list of an engineering tool does."""
    c = client(life, to)
    for _ in pace(t, 60):
        c.read_device_information(read_code=1, object_id=0, device_id=t.get("unit", 1))
        c.read_device_information(read_code=2, object_id=0, device_id=t.get("unit", 1))
