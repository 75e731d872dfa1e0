"""Reads scenarios and plays them on the running plant."""

import importlib
import os
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
    for name in os.listdir(work):
        if name.startswith("log."):
            text = open(f"{work}/{name}", errors="replace").read()
            os.makedirs(f"{out}/log", exist_ok=True)
            Path(f"{out}/log/{name[4:]}").write_text(text)
    return 0


def load_all(plant):
    return {}
