"""Runs a program and complains with its own words."""

import subprocess


def run(*args, ok=True, text=None, timeout=60, quiet=True):
    """Runs a command; raises with what it printed unless ok is False."""
    p = subprocess.run([str(a) for a in args], input=text, capture_output=True, text=True, timeout=timeout)
    if ok and p.returncode:
        raise RuntimeError(f"{' '.join(str(a) for a in args)}: {p.stderr.strip() or p.stdout.strip() or p.returncode}")
    return p.stdout

