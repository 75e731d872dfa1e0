"""Plain TCP: label printers on 9100, and other ports that only need to be open."""

import socket
import threading

from ..host import pace


def serve(life, s):
    """Takes what comes on `port`; `max` limits how many may be connected, as on a small device."""
    slots = threading.Semaphore(s.get("max", 32))

    def one(conn):
        with conn:
            conn.settimeout(30)
            try:
                while conn.recv(65536):
                    pass
            except OSError:
                pass
        slots.release()

    with socket.create_server((life.ip, s["port"])) as server:
        while True:
            conn, _ = server.accept()
            if not slots.acquire(blocking=False):
                conn.close()
                continue
            threading.Thread(target=one, args=(conn,), daemon=True).start()


def label(life, to, t):
    """Prints a label in ZPL."""
    for n, _ in enumerate(pace(t, 10)):
        with socket.create_connection((life.address(to), t.get("port", 9100)), timeout=4) as c:
            c.sendall(f"^XA^FO50,50^A0N,40^FDLot {int(life.tags['pack.count'])}^FS^XZ".encode())
