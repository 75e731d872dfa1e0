"""Syslog over UDP: Python's own handler as the sender, a socket as the collector."""

import logging
import logging.handlers
import socket

from ..host import pace

LINES = ["link state of port P3 is up", "user admin logged out", "configuration saved", "temperature of the housing is 41 degC",
         "time synchronised"]


def serve(life, s):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((life.ip, 514))
        while True:
            sock.recv(4096)


def send(life, to, t):
    log = logging.Logger(life.host.name)
    log.manager.disable = 0
    log.addHandler(logging.handlers.SysLogHandler((life.address(to), 514), facility="local4"))
    log.handlers[0].setFormatter(logging.Formatter(f"{life.host.name} {t.get('program', 'system')}: %(message)s"))
    for n, _ in enumerate(pace(t, 20)):
        record = log.makeRecord(log.name, logging.INFO, "", 0, LINES[n % len(LINES)], (), None)
        log.handlers[0].emit(record)
