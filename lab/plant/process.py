"""The physical plant: tanks, valves, speeds and power, in a piece of memory that all controllers share.

This is the world that sensors measure and actuators move; nothing of it crosses the network by
itself. A control program runs inside the process of its controller, so a stopped controller lets
the world drift and a forged setpoint moves it."""

import math
import mmap
import os
import struct
import time

# name: (start value, unit)
TAGS = {
    "tank.level": (62.0, "%"), "tank.sp": (60.0, "%"), "tank.inlet": (40.0, "%"), "tank.temp": (8.2, "degC"),
    "tank.temp_sp": (8.0, "degC"), "tank.cool": (30.0, "%"), "tank.spilled": (0.0, "l"), "tank.pressure": (1.42, "bar"),
    "fill.run": (1.0, ""), "fill.sp": (240.0, "bottles/min"), "fill.speed": (240.0, "bottles/min"), "fill.count": (18250.0, ""),
    "fill.rejects": (41.0, ""), "flow.rate": (7.9, "m3/h"), "flow.total": (10233.0, "m3"), "drive.hz": (42.0, "Hz"),
    "drive.ref": (42.0, "Hz"), "drive.amps": (6.1, "A"), "rio.inputs": (37.0, ""), "rio.outputs": (9.0, ""),
    "safety.ok": (1.0, ""), "safety.estop": (0.0, ""), "safety.guard": (1.0, ""),
    "pack.run": (1.0, ""), "pack.sp": (120.0, "packs/h"), "pack.speed": (118.0, "packs/h"), "pack.count": (3010.0, ""),
    "pack.jam": (0.0, ""), "robot.axis1": (0.0, "deg"), "robot.axis2": (30.0, "deg"), "robot.cycles": (90400.0, ""),
    "conv.hz": (35.0, "Hz"), "conv.ref": (35.0, "Hz"), "air.pressure": (7.1, "bar"), "air.sp": (7.0, "bar"),
    "air.load": (64.0, "%"), "power.kw": (412.0, "kW"), "power.volt": (398.0, "V"), "power.amp": (640.0, "A"),
    "power.kwh": (88211.0, "kWh"), "power.hz": (50.0, "Hz"), "breaker.q1": (1.0, ""), "breaker.q2": (1.0, ""),
    "trafo.temp": (61.0, "degC"), "ahu.supply": (18.4, "degC"), "ahu.sp": (18.0, "degC"), "ahu.fan": (70.0, "%"),
    "ahu.return": (22.8, "degC"), "chiller.supply": (6.3, "degC"), "chiller.sp": (6.0, "degC"), "chiller.load": (55.0, "%"),
    "ups.load": (34.0, "%"), "shift": (1.0, ""), "hour": (6.0, "h"),
}
INDEX = {name: i for i, name in enumerate(TAGS)}


class Tags:
    """Named numbers in shared memory; reading and writing is a plain eight-byte store."""

    def __init__(self, path, create=False):
        size = 8 * len(TAGS)
        if create:
            with open(path, "wb") as f:
                f.write(b"".join(struct.pack("<d", v) for v, _ in TAGS.values()))
        fd = os.open(path, os.O_RDWR)
        self._m = mmap.mmap(fd, size)
        os.close(fd)

    def __getitem__(self, name):
        return struct.unpack_from("<d", self._m, 8 * INDEX[name])[0]

    def __setitem__(self, name, value):
        struct.pack_into("<d", self._m, 8 * INDEX[name], float(value))

    def all(self):
        return {n: round(self[n], 3) for n in TAGS}


def toward(value, goal, step):
    return value + max(-step, min(step, goal - value))


def step(t, dt, now):
    """The laws of nature, as far as a bottling plant needs them."""
    wave = lambda period, size, phase=0.0: size * math.sin(2 * math.pi * now / period + phase)
    power = t["breaker.q1"] > 0.5
    fill = t["fill.run"] > 0.5 and power and t["safety.ok"] > 0.5 and t["tank.level"] > 2
    t["drive.hz"] = toward(t["drive.hz"], t["drive.ref"] if fill else 0, 8 * dt)
    t["fill.speed"] = toward(t["fill.speed"], 240 * t["drive.hz"] / 42 if fill else 0, 60 * dt)
    t["fill.count"] += t["fill.speed"] / 60 * dt
    t["fill.rejects"] += 0.002 * t["fill.speed"] / 60 * dt + (0.3 * dt if t["tank.temp"] > 12 else 0)
    t["drive.amps"] = 0.14 * t["drive.hz"] + wave(3, 0.1)
    out = t["fill.speed"] * 0.033
    inflow = t["tank.inlet"] * 0.2 if power else 0
    level = t["tank.level"] + (inflow - out) * 0.12 * dt
    if level > 100:
        t["tank.spilled"] += (level - 100) * 50
        level = 100
    t["tank.level"] = max(0.0, level)
    t["tank.pressure"] = 1.0 + t["tank.level"] * 0.007 + wave(7, 0.003)
    t["tank.temp"] += (0.05 * (18 - t["tank.temp"]) - 0.0017 * t["tank.cool"] * (t["tank.temp"] - 2) * 1.6) * dt * 0.5
    t["flow.rate"] = out + wave(5, 0.04) if out else 0
    t["flow.total"] += t["flow.rate"] / 3600 * dt
    pack = t["pack.run"] > 0.5 and t["breaker.q2"] > 0.5 and t["pack.jam"] < 0.5
    t["conv.hz"] = toward(t["conv.hz"], t["conv.ref"] if pack else 0, 6 * dt)
    t["pack.speed"] = toward(t["pack.speed"], t["pack.sp"] * t["conv.hz"] / 35 if pack else 0, 20 * dt)
    t["pack.count"] += t["pack.speed"] / 3600 * dt
    t["robot.axis1"] = 85 * math.sin(now * t["pack.speed"] / 300)
    t["robot.axis2"] = 30 + 20 * math.cos(now * t["pack.speed"] / 300)
    t["robot.cycles"] += t["pack.speed"] / 3600 * dt
    t["air.load"] = 40 + 0.2 * t["pack.speed"] + wave(11, 2)
    t["air.pressure"] = toward(t["air.pressure"], t["air.sp"] + wave(13, 0.08), 0.05 * dt)
    t["power.kw"] = (120 + 0.9 * t["fill.speed"] + 0.5 * t["pack.speed"] + t["chiller.load"]) * (1 if power else 0.1) + wave(9, 3)
    t["power.volt"] = 398 + wave(17, 1.5)
    t["power.amp"] = t["power.kw"] * 1000 / (1.732 * t["power.volt"])
    t["power.kwh"] += t["power.kw"] / 3600 * dt
    t["power.hz"] = 50 + wave(19, 0.02)
    t["trafo.temp"] = toward(t["trafo.temp"], 35 + t["power.kw"] / 16, 0.05 * dt)
    t["ahu.supply"] = toward(t["ahu.supply"], t["ahu.sp"] + wave(23, 0.3), 0.1 * dt)
    t["ahu.return"] = 22.5 + wave(60, 0.4)
    t["chiller.supply"] = toward(t["chiller.supply"], t["chiller.sp"] + wave(29, 0.2), 0.1 * dt)
    t["chiller.load"] = 50 + wave(31, 6)
    t["ups.load"] = 34 + wave(37, 1)
    t["rio.inputs"] = 32 + 4 * (t["fill.speed"] > 1) + (int(now * 2) & 3)


def live(path):
    """Moves the world ten times a second until the lab ends."""
    t, last = Tags(path), time.time()
    while True:
        time.sleep(0.1)
        now = time.time()
        step(t, min(1.0, now - last), now)
        last = now


def filling(t):
    """Program of the filling controller: level, temperature, speed reference."""
    error = t["tank.sp"] - t["tank.level"]
    t["tank.inlet"] = max(0.0, min(100.0, 40 + 6 * error))
    t["tank.cool"] = max(0.0, min(100.0, 30 + 25 * (t["tank.temp"] - t["tank.temp_sp"])))
    t["rio.outputs"] = 1 + 8 * (t["fill.run"] > 0.5) + 2 * (t["tank.inlet"] > 50)


def dosing(t):
    """Program of the second filling controller: the drive follows the wanted speed."""
    t["drive.ref"] = max(0.0, min(60.0, 42 * t["fill.sp"] / 240))


def guarding(t):
    """Program of the safety controller: emergency stop and guard door."""
    t["safety.ok"] = float(t["safety.estop"] < 0.5 and t["safety.guard"] > 0.5 and t["tank.level"] < 99.5)


def packing(t):
    """Program of the packaging controller."""
    t["conv.ref"] = max(0.0, min(60.0, 35 * t["pack.sp"] / 120))


PROGRAMS = {"filling": filling, "dosing": dosing, "guarding": guarding, "packing": packing}
