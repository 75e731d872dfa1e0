"""Runs a command and prints its CPU seconds, wall seconds and peak memory in KiB."""
import os
import subprocess
import sys
import time

begin = time.monotonic()
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, use = os.wait4(p.pid, 0)
print(use.ru_utime + use.ru_stime, time.monotonic() - begin, use.ru_maxrss)
sys.exit(0 if os.waitstatus_to_exitcode(status) == 0 else "command failed: " + " ".join(sys.argv[1:]))
