"""Reads scenarios and plays them on the running plant."""

import importlib
import os
import shutil
import sys
import time
from pathlib import Path

import yaml

from . import truth
from .capture import Recording
from .spec import Wrong
from .world import World

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"


def say(text):
    print(f"lab: {text}", file=sys.stderr, flush=True)


def run(plant, work, out, seconds, only=None):
    """The quiet plant for some seconds."""
    world = World(plant, work)
    say(f"builds {len([h for h in plant.hosts.values() if not h.extra])} hosts")
    world.build(only)
    time.sleep(12)
    path = f"{out}/plant.pcap.zst"
    before = world.tags.all()
    say(f"records {seconds:.0f} s")
    with Recording(path) as rec:
        time.sleep(seconds)
    truth.write(f"{out}/plant.truth.json", truth.document(plant, "plant", [], [], [], rec.first, rec.last,
                                                        before=before, after=world.tags.all()))
    say(f"wrote {path}, {os.path.getsize(path)} bytes")
    for name, status in world.dead().items():
        say(f"{name} ended by itself with {status}")
    keep_logs(work, out)
    return 0


def keep_logs(work, out):
    """What the hosts complained about, for whoever asks why something is quiet."""
    shutil.rmtree(f"{out}/log", ignore_errors=True)
    os.makedirs(f"{out}/log")
    for name in sorted(os.listdir(work)):
        if name.startswith("log.") and os.path.getsize(f"{work}/{name}"):
            shutil.copy(f"{work}/{name}", f"{out}/log/{name[4:]}")


def load_all(plant):
    return {}
