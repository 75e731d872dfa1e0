"""The far end on the internet: takes what comes on TCP and UDP ports and answers a little."""

import socket
import threading


def tcp(ip, port):
    def one(conn):
        with conn:
            conn.settimeout(20)
            try:
                while data := conn.recv(65536):
                    conn.sendall(b"\x17\x24" + data[:46])
            except OSError:
                pass

    with socket.create_server((ip, port)) as server:
        while True:
            conn, _ = server.accept()
            threading.Thread(target=one, args=(conn,), daemon=True).start()


def udp(ip, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((ip, port))
        while True:
            data, peer = s.recvfrom(4096)
            if port == 53 and len(data) > 12:
                # The answer of a name server that carries data: the question back with one TXT record.
                body = data[:2] + b"\x84\x00\x00\x01\x00\x01\x00\x00\x00\x00" + data[12:]
                s.sendto(body + b"\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x00\x00\x21\x20" + b"k7Qa0bX9rT2mZ4vC8nL1pW5sD3fG6hJy", peer)
            else:
                s.sendto(data[:64], peer)


def serve(life, s):
    threads = [threading.Thread(target=tcp, args=(life.ip, p), daemon=True) for p in s.get("ports", [])]
    threads += [threading.Thread(target=udp, args=(life.ip, p), daemon=True) for p in s.get("udp", [])]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
