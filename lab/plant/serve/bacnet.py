"""BACnet/IP by bacpypes3: controllers of the building, and the station that reads them."""

import asyncio

from bacpypes3.app import Application
from bacpypes3.local.analog import AnalogInputObject, AnalogValueObject
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.networkport import NetworkPortObject
from bacpypes3.pdu import Address
from bacpypes3.primitivedata import ObjectIdentifier


def application(life, instance, more=()):
    h = life.host
    plain = life.plant.zones[h.zone].net
    dev = DeviceObject(objectIdentifier=("device", instance), objectName=h.name.upper(), vendorIdentifier=h.get("bacnet_vendor", 7),
                       vendorName=h.get("vendor", ""), modelName=h.get("model", ""), firmwareRevision=h.get("firmware", ""),
                       applicationSoftwareVersion=h.get("firmware", ""), description=h.get("about", ""), location="Utilities")
    port = NetworkPortObject(f"{life.ip}/{plain.prefixlen}", objectIdentifier=("network-port", 1), objectName="NetworkPort-1",
                             networkNumber=0)
    return Application.from_object_list([dev, port, *more])


def serve(life, s):
    """`inputs`, `values`: tags; values may be written."""
    asyncio.run(_serve(life, s))


async def _serve(life, s):
    objects = []
    for kind, cls, tags in (("analog-input", AnalogInputObject, s.get("inputs", [])), ("analog-value", AnalogValueObject, s.get("values", []))):
        for i, tag in enumerate(tags):
            objects.append((tag, kind, cls(objectIdentifier=(kind, i + 1), objectName=tag, presentValue=life.tags[tag],
                                           eventState="normal", outOfService=False, units="no-units",
                                           statusFlags=[0, 0, 0, 0], covIncrement=0.5)))
    app = application(life, s["instance"], [o for _, _, o in objects])
    app.i_am()
    while True:
        await asyncio.sleep(0.5)
        for tag, kind, o in objects:
            if kind == "analog-input":
                o.presentValue = life.tags[tag]
            else:
                life.tags[tag] = float(o.presentValue)


def station(life, to, t):
    """Finds the devices, then reads them by turns: `devices`: {host: [object, ...]}."""
    async def go():
        app = application(life, t["instance"])
        await app.who_is(timeout=3)
        known = {}
        while True:
            for name, objects in t["devices"].items():
                address = Address(life.address(name))
                if name not in known:
                    instance = life.plant.hosts[name].serves[0]["instance"]
                    for prop in ("object-name", "vendor-name", "model-name", "firmware-revision"):
                        await app.read_property(address, ObjectIdentifier(f"device,{instance}"), prop)
                    known[name] = True
                for obj in objects:
                    await app.read_property(address, ObjectIdentifier(obj), "present-value")
            await asyncio.sleep(t.get("every", 2))
    asyncio.run(go())


def adjust(life, to, t):
    """A small change of a setpoint, by the building station."""
    async def go():
        app = application(life, t["instance"])
        n = 0
        while True:
            await asyncio.sleep(t.get("every", 30))
            n += 1
            await app.write_property(Address(life.address(to)), ObjectIdentifier(t["object"]), "present-value",
                                     float(t["range"][n % 2]))
    asyncio.run(go())
