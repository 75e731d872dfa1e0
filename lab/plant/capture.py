"""Records what the mirror port gives, with the packets' times, and packs the file."""

import os
import signal
import subprocess
import time

from .net import SENSOR
from .run import run


class Recording:
    """One capture file; `with Recording(...)` starts and ends it."""

    def __init__(self, path, limit_mb=40):
        self.path, self.limit = path, limit_mb
        self.raw = path + ".raw"

    def __enter__(self):
        self.p = subprocess.Popen(
            ["ip", "netns", "exec", SENSOR, "dumpcap", "-q", "-P", "-i", "sensor0", "-B", "16", "-s", "65535",
             "-a", f"filesize:{self.limit * 1000}", "-w", self.raw], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(100):
            if os.path.exists(self.raw):
                break
            if self.p.poll() is not None:
                raise RuntimeError("dumpcap: " + self.p.stderr.read().decode())
            time.sleep(0.05)
        time.sleep(0.3)
        self.first = time.time()
        return self

    def __exit__(self, *_):
        time.sleep(0.5)
        self.last = time.time()
        self.p.send_signal(signal.SIGINT)
        try:
            self.p.wait(10)
        except subprocess.TimeoutExpired:
            self.p.kill()
        run("zstd", "-19", "-q", "-f", "--rm", self.raw, "-o", self.path)
