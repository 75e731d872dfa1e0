"""Reads scenarios and plays them on the running plant.

A scenario names its steps, what must be detected, and what must stay quiet. A step without `on` is
something that happens to the plant (plug, unplug, stop, start, restart, cut, mend, leg, tag, note);
a step with `on` is something that a host does: a function of plant/attack."""

import importlib
import os
import re
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

import yaml

from . import host as life
from . import isolate, model, process, truth
from .capture import Recording
from .spec import Wrong
from .world import World

LAB = Path(__file__).resolve().parent.parent
FOLDER = LAB / "scenarios"
WORLD = {"plug", "unplug", "stop", "start", "restart", "cut", "mend", "leg", "tag", "note", "say"}
FIELDS = {"title", "about", "order", "seconds", "conduits", "steps", "want", "quiet", "restore", "approved", "startup"}
SETTLE = 7


def say(text):
    print(f"lab: {text}", file=sys.stderr, flush=True)


def catalogue():
    """Numbers and names of the detections that scenarios may ask for."""
    lines = (LAB / "detections.txt").read_text().splitlines()
    return {int(n): name for n, name in (line.split("\t") for line in lines if line and not line.startswith("#"))}


def load_all(plant):
    known = catalogue()
    out = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        doc = read(path)
        check(plant, known, path.stem, doc)
        out[path.stem] = doc
    return dict(sorted(out.items(), key=lambda kv: (kv[1].get("order", 50), kv[0])))


class Words(yaml.SafeLoader):
    """YAML in which `on` is a word, as in the steps, and only true and false are truth."""


Words.yaml_implicit_resolvers = {
    first: [(tag, rx) for tag, rx in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read(path):
    return yaml.load(path.read_text(), Words)


def check(plant, known, name, doc):
    def wrong(text):
        raise Wrong(f"scenario {name}: {text}")

    if unknown := set(doc) - FIELDS:
        wrong(f"unknown fields {sorted(unknown)}")
    for step in doc.get("steps", []):
        if not 0 <= step["at"] <= doc["seconds"]:
            wrong(f"step at {step['at']} is outside its {doc['seconds']} seconds")
        for key in ("on", "host", "to", "victim", "peer"):
            if key in step and step[key] not in plant.hosts:
                wrong(f"step at {step['at']}: no host {step[key]}")
        if "on" not in step and step["do"] not in WORLD:
            wrong(f"step at {step['at']}: {step['do']} is nothing that happens to the plant")
        if "on" in step and not (LAB / "plant" / "attack" / f"{step['do'].partition('.')[0]}.py").exists():
            wrong(f"step at {step['at']}: no module for {step['do']}")
    for w in doc.get("want", []):
        if w["detection"] not in known:
            wrong(f"no detection {w['detection']}")
    if not doc.get("want") and doc.get("quiet") != "all":
        wrong("wants nothing, and does not say quiet: all")


def table(docs):
    """Scenarios for the handbook."""
    known = catalogue()
    lines = ["| scenario | what happens | must be detected |", "| --- | --- | --- |"]
    for name, doc in docs.items():
        want = "; ".join(dict.fromkeys(f"{w['detection']} {known[w['detection']]}" for w in doc.get("want", []))) or "nothing"
        lines.append(f"| `{name}` | {doc['title']}: {doc['about'][0].lower()}{doc['about'][1:].rstrip('.')} | {want} |")
    return "\n".join(lines)


def labelled(plant, doc):
    """The wishes of a scenario with the names of the detections and the addresses of hosts."""
    known = catalogue()
    out = []
    for w in doc.get("want", []):
        row = {"detection": w["detection"], "name": known[w["detection"]], **{k: v for k, v in w.items() if k != "detection"}}
        for side in ("actor", "target"):
            if w.get(side) in plant.hosts:
                row[f"{side}_ip"], row[f"{side}_mac"] = plant.hosts[w[side]].ip, plant.hosts[w[side]].mac
        out.append(row)
    return out


def end_group(pid):
    """Ends what a step has started and left behind; each step has a process group of its own."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Play:
    """One scenario on the plant."""

    def __init__(self, world, doc):
        self.world, self.plant, self.doc = world, world.plant, doc
        self.events, self.running, self.plugged = [], {}, []
        self.low, self.high = world.tags.all(), world.tags.all()

    def run(self, seconds):
        start = time.time()
        for step in sorted(self.doc.get("steps", []), key=lambda s: s["at"]):
            self.until(start + step["at"])
            self.begin(step)
        self.until(start + seconds)
        deadline = time.time() + 20
        while self.running and time.time() < deadline:
            self.until(time.time() + 0.5)
        for pid in list(self.running):
            end_group(pid)
            os.waitpid(pid, 0)
            self.running.pop(pid)["end"] = time.time()

    def until(self, when):
        while True:
            for pid, event in list(self.running.items()):
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    end_group(pid)
                    event["end"] = time.time()
                    if status:
                        event["failed"] = True
                    del self.running[pid]
            for tag, value in self.world.tags.all().items():
                self.low[tag], self.high[tag] = min(self.low[tag], value), max(self.high[tag], value)
            if time.time() >= when:
                return
            time.sleep(min(0.1, max(0.0, when - time.time())))

    def begin(self, step):
        event = {"time": time.time(), **{k: v for k, v in step.items() if k not in ("at",)}}
        self.events.append(event)
        if "on" in step:
            pid = os.fork()
            if pid == 0:
                self.act(step)
            self.running[pid] = event
        else:
            self.happen(step)

    def act(self, step):
        """The body of the process in which a host does what the step says."""
        status = 1
        try:
            h = self.plant.hosts[step["on"]]
            isolate.join(h.name, h.get("hostname", h.name))
            os.setsid()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            me = life.Life(self.plant, h, self.world.work, self.world.tags_path)
            os.makedirs(me.dir, exist_ok=True)
            module, _, function = step["do"].partition(".")
            getattr(importlib.import_module(f"plant.attack.{module}"), function)(me, step)
            status = 0
        except BaseException:
            with open(f"{self.world.work}/log.step.{step['on']}", "a") as f:
                f.write(f"{step['do']}: {traceback.format_exc(limit=4)}\n")
        os._exit(status)

    def happen(self, step):
        do, name, w = step["do"], step.get("host"), self.world
        if do == "plug":
            self.plugged.append(name)
            w.plug(name, zone=step.get("zone"), ip=step.get("ip"))
        elif do == "unplug":
            self.plugged.remove(name)
            w.unplug(name)
        elif do == "stop":
            w.stop(name)
        elif do == "start":
            self.given(name, step)
            w.start(name)
        elif do == "restart":
            self.given(name, step)
            w.restart(name, step.get("pause", 2))
        elif do in ("cut", "mend"):
            w.wire.link(name, do == "mend")
        elif do == "leg":
            w.wire.attach(self.plant.hosts[name], zone=step["zone"], dev="eth1", ip=step["ip"])
        elif do == "tag":
            w.tags[step["tag"]] = step["value"]

    def given(self, name, step):
        """A device may come back with another firmware or another certificate."""
        h = self.plant.hosts[name]
        if "certificate" in step:
            # An older TLS too: 1.3 hides certificates from whoever only listens.
            h.serves = [{**s, "tls": step["certificate"], "tls12": True} if s.get("tls") else s for s in h.serves]
        if "firmware" in step:
            old, new = h.given.get("firmware", ""), step["firmware"]
            h.given = {**h.given, "firmware": new}
            h.serves = yaml.safe_load(re.sub(re.escape(old), new, yaml.safe_dump(h.serves))) if old else h.serves

    def undo(self):
        """Puts the plant back as plant.yaml has it."""
        from . import spec
        fresh = spec.load()
        for name in list(self.plugged):
            self.world.unplug(name)
        touched = set(self.doc.get("restore", []))
        for step in self.doc.get("steps", []):
            if step["do"] in ("stop", "start", "restart", "cut", "leg") and "host" in step:
                touched.add(step["host"])
        for name, value in process.TAGS.items():
            self.world.tags[name] = value[0]
        for name in touched:
            self.world.stop(name)
            self.plant.hosts[name] = fresh.hosts[name]
            if any(s["do"] == "leg" and s.get("host") == name for s in self.doc.get("steps", [])):
                self.world.wire.detach(f"{name[:11]}-1", netns=False)
            self.world.wire.link(name, True)
            self.world.start(name)
        for name in self.world.dead():
            say(f"{name} ended by itself and is started again")
            if name in self.plant.hosts:
                self.world.start(name)
        self.world.wire.firewall()
        return bool(touched or self.plugged)


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
    truth.write(f"{out}/plant.truth.json", {**truth.plant(plant), **truth.scenario(
        "plant", {"quiet": "all", "title": "The plant at work"}, [], [], rec, {"before": before, "after": world.tags.all()})})
    say(f"wrote {path}, {os.path.getsize(path)} bytes")
    for name, status in world.dead().items():
        say(f"{name} ended by itself with {status}")
    keep_logs(work, out)
    return 0


def captures(plant, work, out, chosen, logs):
    """Plays scenarios one after the other on one plant; the one with `startup` sees it start."""
    truth.write(f"{out}/plant.json", truth.plant(plant))
    model.write(plant, f"{out}/bulkhead.yaml")
    world, wrong = World(plant, work), 0
    world.cable()
    if not any(d.get("startup") for d in chosen.values()):
        world.begin()
        time.sleep(15)
    for name, doc in chosen.items():
        path = f"{out}/{name}.pcap.zst"
        play = Play(world, doc)
        world.wire.firewall(doc.get("conduits", []))
        with Recording(path) as rec:
            if doc.get("startup"):
                world.begin()
            play.run(doc["seconds"])
        truth.write(f"{out}/{name}.json", truth.scenario(name, doc, play.events, labelled(plant, doc), rec,
                                                    {"low": play.low, "high": play.high}))
        failed = [e["do"] for e in play.events if e.get("failed")]
        wrong += bool(failed)
        say(f"{name}: {doc['seconds']} s, {os.path.getsize(path)} bytes" + (f", FAILED {failed}" if failed else ""))
        if play.undo():
            time.sleep(SETTLE)
    keep_logs(work, logs)
    return 1 if wrong else 0


def keep_logs(work, out):
    """What the hosts complained about, for whoever asks why something is quiet."""
    shutil.rmtree(f"{out}/log", ignore_errors=True)
    os.makedirs(f"{out}/log")
    for name in sorted(os.listdir(work)):
        if name.startswith("log.") and os.path.getsize(f"{work}/{name}"):
            shutil.copy(f"{work}/{name}", f"{out}/log/{name[4:]}")
