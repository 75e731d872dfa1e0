"""SMB: samba as the file server, impacket as the client.

Encryption is off, as on file servers of many plants: else nobody who listens sees which files are touched."""

import io
import os

from impacket.smbconnection import SMBConnection

from ..host import pace

CONF = """[global]
 workgroup = PLANT
 netbios name = {name}
 server string = {descr}
 interfaces = {ip}/24
 bind interfaces only = yes
 smb ports = 445
 disable netbios = yes
 private dir = {dir}/private
 state directory = {dir}/state
 cache directory = {dir}/cache
 lock directory = {dir}/lock
 pid directory = {dir}/pid
 ncalrpc dir = {dir}/ncalrpc
 log file = /dev/null
 passdb backend = smbpasswd:{dir}/smbpasswd
 security = user
 map to guest = never
 server min protocol = SMB2
 server smb encrypt = off
 load printers = no
 printing = bsd
 disable spoolss = yes
 rpc start on demand helpers = yes
 svcctl list = cron
[{share}]
 path = {dir}/share
 read only = no
 force user = root
[ADMIN$]
 path = {dir}/admin
 read only = no
 force user = root
"""


def ntlm(password):
    from impacket.ntlm import compute_nthash
    return compute_nthash(password).hex().upper()


def serve(life, s):
    """`share`, `users`: name to password; the share starts with `files` small files."""
    for d in ("private", "state", "cache", "lock", "pid", "ncalrpc", "share", "admin"):
        os.makedirs(f"{life.dir}/{d}", exist_ok=True)
    os.chmod(f"{life.dir}/private", 0o700)
    for i in range(s.get("files", 30)):
        with open(f"{life.dir}/share/order-{i:03d}.xlsx", "wb") as f:
            f.write(b"PK\x03\x04" + os.urandom(300))
    lines = [f"{u}:0:{'X' * 32}:{ntlm(p)}:[U          ]:LCT-65A00000:\n" for u, p in s["users"].items()]
    life.path("smbpasswd", "".join(lines), 0o600)
    conf = life.path("smb.conf", CONF.format(name=life.host.name.upper()[:15], descr=life.host.get("model", "file server"), ip=life.ip,
                                             dir=life.dir, share=s.get("share", "data")))
    life.daemon("smbd", "-F", "--no-process-group", "-s", conf, "-d", "0")


def connect(life, to, t):
    c = SMBConnection(to.upper(), life.address(to), sess_port=445, timeout=8)
    c.login(t["user"], t["password"], "PLANT")
    return c


def office(life, to, t):
    """Opens a document, reads it, writes it back."""
    for n, _ in enumerate(pace(t, 15)):
        c = connect(life, to, t)
        share, name = t.get("share", "data"), f"order-{n % 8:03d}.xlsx"
        buf = io.BytesIO()
        c.listPath(share, "*")
        c.getFile(share, name, buf.write)
        c.putFile(share, name, io.BytesIO(buf.getvalue()).read)
        c.logoff()
