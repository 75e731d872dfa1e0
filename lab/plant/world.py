"""The plant as it runs: hosts are started, stopped, plugged in and pulled out."""

import os
import signal
import time

from . import host as life
from . import isolate, process
from .net import Wire


class World:
    def __init__(self, plant, work):
        self.plant, self.work = plant, work
        self.tags_path = f"{work}/tags"
        self.tags = process.Tags(self.tags_path, create=True)
        self.wire = Wire(plant)
        self.pids = {}

    def build(self, only=None):
        self.cable(only)
        self.begin()

    def cable(self, only=None):
        """Everything is plugged in, nothing is switched on."""
        self.wire.build()
        self.there = [h.name for h in self.plant.hosts.values() if not h.extra and (not only or h.name in only)]
        for name in self.there:
            self.wire.attach(self.plant.hosts[name])

    def begin(self):
        """Switches everything on."""
        self._fork("process", lambda: process.live(self.tags_path))
        for name in self.there:
            self.start(name)
        self._fork(self.plant.router["name"], self._router)

    def _router(self):
        """The firewall relays DHCP for the cells."""
        ns = self.plant.router["name"]
        isolate.join(ns, ns)
        os.setsid()
        s = next(s for s in self.plant.router["serves"] if s["kind"] == "dhcp-relay")
        to = self.plant.address(s["to"])
        args = ["dnsmasq", "-k", "--port=0", "--user=root", "--pid-file=", "--leasefile-ro", "-C", "/dev/null"]
        args += [f"--dhcp-relay={self.plant.gateway(z)},{to}" for z in s["zones"]]
        os.execvp(args[0], args)

    def _fork(self, name, body):
        pid = os.fork()
        if pid == 0:
            try:
                body()
            finally:
                os._exit(1)
        self.pids[name] = pid

    def dead(self):
        """Hosts whose process ended by itself: name and how."""
        out = {}
        for name, pid in list(self.pids.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                out[name] = status
                del self.pids[name]
        return out

    def start(self, name):
        h = self.plant.hosts[name]
        self._fork(name, lambda: life.main(self.plant, h, self.work, self.tags_path))

    def stop(self, name):
        """Ends a host's processes; its cable stays."""
        pid = self.pids.pop(name, None)
        if not pid:
            return
        for p in self.family(pid):
            try:
                os.kill(p, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            pass

    @staticmethod
    def family(pid):
        """A process and all that descend from it."""
        parents = {}
        for d in os.listdir("/proc"):
            if d.isdigit():
                try:
                    with open(f"/proc/{d}/stat") as f:
                        parents[int(d)] = int(f.read().rpartition(")")[2].split()[1])
                except (FileNotFoundError, ProcessLookupError):
                    continue
        found, grew = {pid}, True
        while grew:
            more = {p for p, parent in parents.items() if parent in found} - found
            grew = bool(more)
            found |= more
        return found

    def plug(self, name, zone=None, ip=None):
        self.wire.attach(self.plant.hosts[name], zone=zone, ip=ip)
        self.start(name)

    def unplug(self, name):
        self.stop(name)
        self.wire.detach(name)

    def restart(self, name, pause=2.0):
        self.stop(name)
        time.sleep(pause)
        self.start(name)
