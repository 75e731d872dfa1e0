"""FTP: pyftpdlib as the server, Python's own client."""

import ftplib
import io
import os

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

from ..host import pace


def serve(life, s):
    """`users`: name to password."""
    auth = DummyAuthorizer()
    os.makedirs(f"{life.dir}/ftp", exist_ok=True)
    for user, password in s.get("users", {}).items():
        auth.add_user(user, password, f"{life.dir}/ftp", perm="elradfmwMT")

    class Handler(FTPHandler):
        authorizer = auth
        banner = s.get("banner", "FTP server ready.")
        passive_ports = range(30000, 30100)
        auth_failed_timeout = 0.2

    FTPServer((life.ip, 21), Handler).serve_forever()


def put(life, to, t):
    """Uploads a picture of so many bytes each time."""
    for n, _ in enumerate(pace(t, 20)):
        with ftplib.FTP(life.address(to), timeout=5) as f:
            f.login(t["user"], t["password"])
            f.storbinary(f"STOR reject{n % 20:04d}.jpg", io.BytesIO(b"\xff\xd8\xff\xe0" + os.urandom(t.get("bytes", 6000))))
