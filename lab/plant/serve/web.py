"""HTTP and HTTPS: device pages, reports, patches. Python's own server and client over OpenSSL."""

import base64
import http.client
import http.server
import json
import os
import ssl
import threading

from ..host import pace


def serve(life, s):
    """`banner`, `pages`: path to text or number of bytes; `tls`: certificate name; `login`: {user: password}."""
    pages, users = s.get("pages", {}), s.get("login")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = s.get("banner", "httpd"), ""

        def answer(self, code, body, kind="text/html", **headers):
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for k, v in headers.items():
                self.send_header(k.replace("_", "-"), v)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if users is not None and self.path != "/":
                word = self.headers.get("Authorization", "")
                user, _, password = base64.b64decode(word[6:] or b"").decode(errors="replace").partition(":")
                if users.get(user) != password:
                    return self.answer(401, b"no", WWW_Authenticate=f'Basic realm="{life.host.get("model", life.host.name)}"')
            if self.path == "/tags":
                return self.answer(200, json.dumps(life.tags.all()).encode(), "application/json")
            page = pages.get(self.path)
            if page is None and self.path != "/":
                return self.answer(404, b"not here")
            if isinstance(page, int):
                return self.answer(200, os.urandom(page), "application/octet-stream")
            body = page or f"<html><head><title>{life.host.get('vendor', '')} {life.host.get('model', life.host.name)}</title></head></html>"
            self.answer(200, body.encode())

        def do_POST(self):
            left = min(int(self.headers.get("Content-Length", 0)), 64 << 20)
            while left > 0:
                got = self.rfile.read(min(left, 65536))
                if not got:
                    break
                left -= len(got)
            self.answer(200, b"{}", "application/json")

        do_PUT = do_POST

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer((life.ip, s.get("port", 443 if s.get("tls") else 80)), Handler)
    if s.get("tls"):
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        name = life.host.name if s["tls"] is True else s["tls"]
        ctx.load_cert_chain(f"{life.certs}/{name}.crt", f"{life.certs}/{name}.pem")
        if s.get("tls12"):
            ctx.maximum_version = ssl.TLSVersion.TLSv1_2
        server.socket = ctx.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    if s.get("also"):
        threading.Thread(target=serve, args=(life, {**s, **s["also"], "also": None}), daemon=True).start()
    server.serve_forever()


def connection(life, to, t):
    name = t.get("name", to)
    if not t.get("tls"):
        return http.client.HTTPConnection(life.address(to), t.get("port", 80), timeout=5)
    ctx = ssl.create_default_context(cafile=f"{life.certs}/ca.crt")
    ctx.check_hostname, ctx.verify_mode = False, ssl.CERT_NONE

    class Named(http.client.HTTPSConnection):
        def connect(self):
            http.client.HTTPConnection.connect(self)
            self.sock = ctx.wrap_socket(self.sock, server_hostname=name)

    return Named(life.address(to), t.get("port", 443), timeout=5)


def get(life, to, t):
    """One request each time, on a connection of its own: `path`, `login`: "user:password"."""
    headers = {"Host": t.get("name", life.address(to)), "User-Agent": t.get("agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)")}
    if t.get("login"):
        headers["Authorization"] = "Basic " + base64.b64encode(t["login"].encode()).decode()
    for _ in pace(t, 10):
        c = connection(life, to, t)
        try:
            c.request(t.get("method", "GET"), t.get("path", "/"), body=os.urandom(t["upload"]) if t.get("upload") else None, headers=headers)
            c.getresponse().read()
        finally:
            c.close()
