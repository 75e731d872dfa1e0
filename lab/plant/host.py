"""The life of one host: a process in the host's namespace whose threads serve and talk."""

import faulthandler
import importlib
import logging
import os
import random
import signal
import subprocess
import threading
import time
import traceback

from . import isolate
from .process import PROGRAMS, Tags


class Life:
    """What a service or a talk is given: its host, the plant, the tags, and a few helpers."""

    def __init__(self, plant, host, work, tags_path):
        self.plant, self.host = plant, host
        self.dir = f"{work}/{host.name}"
        self.certs = f"{work}/certs"
        self.work = work
        self.tags = Tags(tags_path)
        self.state = {"run": True}
        self.ip = host.ip
        self.children = []

    def address(self, name):
        return self.plant.address(name)

    def path(self, name, text=None, mode=0o644):
        """A file of this host; written when text is given."""
        os.makedirs(self.dir, exist_ok=True)
        p = f"{self.dir}/{name}"
        if text is not None:
            with open(p, "w") as f:
                f.write(text)
            os.chmod(p, mode)
        return p

    def log(self, text):
        with open(f"{self.work}/log.{self.host.name}", "a") as f:
            f.write(f"{time.strftime('%H:%M:%S')} {text}\n")

    def daemon(self, *args, user=None, env=None):
        """Runs a program for as long as the host lives."""
        out = open(f"{self.work}/log.{self.host.name}.{os.path.basename(args[0])}", "ab")
        p = subprocess.Popen([str(a) for a in args], stdout=out, stderr=out, stdin=subprocess.DEVNULL, user=user,
                             env=dict(os.environ, **(env or {})), cwd=self.dir)
        self.children.append(p)
        p.wait()
        raise RuntimeError(f"{args[0]} ended with {p.returncode}")


def guarded(life, what, fn, again):
    """Runs fn; what goes wrong is written to the host's log and, for talks, tried again."""
    while True:
        try:
            fn()
            return
        except Exception:  # a device must not die of one conversation
            life.log(f"{what}: {traceback.format_exc(limit=3)}")
        if not again:
            return
        time.sleep(1.5 + random.random())


def program(life, name):
    fn = PROGRAMS[name]
    while True:
        if life.state["run"]:
            fn(life.tags)
        time.sleep(0.1)


def main(plant, host, work, tags_path):
    """Never returns: the body of the forked process."""
    try:
        live(plant, host, work, tags_path)
    except BaseException:
        with open(f"{work}/log.{host.name}", "a") as f:
            traceback.print_exc(file=f)


def live(plant, host, work, tags_path):
    isolate.join(host.name, host.get("hostname", host.name))
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger().setLevel(logging.CRITICAL)
    logging.disable(logging.CRITICAL)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    life = Life(plant, host, work, tags_path)
    os.makedirs(life.dir, exist_ok=True)
    os.chdir(life.dir)
    random.seed(host.name)
    if os.environ.get("LAB_STACKS"):
        faulthandler.dump_traceback_later(float(os.environ["LAB_STACKS"]), file=open(f"{work}/log.{host.name}.stacks", "w"))
    if host.dhcp:
        importlib.import_module("plant.serve.dhcp").lease(life)
    started = []
    if host.get("program"):
        started.append((f"program {host.get('program')}", lambda: program(life, host.get("program")), False))
    for s in host.serves:
        mod = importlib.import_module(f"plant.serve.{s['kind'].replace('-', '_').split('.')[0]}")
        started.append((f"serve {s['kind']}", lambda mod=mod, s=s: mod.serve(life, s), True))
    for what, fn, again in started:
        threading.Thread(target=guarded, args=(life, what, fn, again), daemon=True).start()
    time.sleep(plant_settle(host))
    for t in host.talks:
        if t.get("quiet"):
            continue
        kind, _, verb = t["do"].partition(".")
        mod = importlib.import_module(f"plant.serve.{kind.replace('-', '_')}")
        fn = getattr(mod, verb.replace("-", "_"))
        for to in plant.targets(t) or [None]:
            threading.Thread(target=guarded, args=(life, f"talk {t['do']} to {to}",
                             lambda fn=fn, t=t, to=to: fn(life, to, t), not t.get("once")), daemon=True).start()
    while True:
        time.sleep(3600)


def plant_settle(host):
    """Talkers wait for the servers to be up, each a little longer than the one before."""
    return host.get("settle", 4.0 + random.random() * 2)


def pace(t, default=1.0):
    """Sleeps that keep a talk's own rhythm: for _ in pace(t): ..."""
    every = float(t.get("every", default))
    due = time.monotonic() + random.random() * min(every, 1.0)
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        yield
        due = max(due + every, time.monotonic() - every)
