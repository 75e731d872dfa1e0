"""What people and their tools do in an ordinary day, when a scenario asks for it; and firmware by FTP."""

import ftplib
import importlib
import io
import os
import threading
import time

import psycopg

from ..host import guarded
from ..serve import postgres


def firmware(life, step):
    """Brings a new firmware to a device by FTP, as its vendor's manual says."""
    with ftplib.FTP(life.address(step["to"]), timeout=5) as f:
        f.login(step["user"], step["password"])
        f.storbinary(f"STOR {step['name']}", io.BytesIO(os.urandom(step.get("bytes", 120000))))


def ftp_session(life, step):
    with ftplib.FTP(life.address(step["to"]), timeout=5) as f:
        f.login(step["user"], step["password"])
        f.nlst()
        time.sleep(1)
        f.nlst()


def history(life, step):
    """Reads the whole history, and the recipes."""
    with postgres.connect(life, step["to"], step) as c:
        try:
            c.execute("select * from history").fetchmany(step.get("rows", 40000))
            c.execute("select * from recipe").fetchall()
        except psycopg.Error as e:
            life.log(f"history: {e}")


def talk(life, step):
    """Does one of the plant's own talks for so many seconds: `talk` as in plant.yaml, its fields, `for`."""
    kind, _, verb = step["talk"].partition(".")
    fn = getattr(importlib.import_module(f"plant.serve.{kind}"), verb.replace("-", "_"))
    threading.Thread(target=guarded, args=(life, step["talk"], lambda: fn(life, step.get("to"), step), True), daemon=True).start()
    time.sleep(min(step.get("for", 10), 120))
