"""IEC 60870-5-104 by c104: the substation's remote terminal unit and the control centre."""

import time

from ..host import pace


def serve(life, s):
    """`measures`: {address: tag}; `states`: {address: tag}; `commands`: {address: tag} as single commands."""
    import c104
    server = c104.Server(ip=life.ip, port=2404, tick_rate_ms=200)
    station = server.add_station(common_address=s.get("station", 1))
    points = []
    for address, tag in s.get("measures", {}).items():
        p = station.add_point(io_address=int(address), type=c104.Type.M_ME_NC_1, report_ms=s.get("report", 2000))
        points.append((p, tag, float))
    for address, tag in s.get("states", {}).items():
        p = station.add_point(io_address=int(address), type=c104.Type.M_SP_NA_1)
        points.append((p, tag, lambda v: v > 0.5))
    # c104 asks for a callback with exactly these annotations, one for each command.
    for address, tag in s.get("commands", {}).items():
        p = station.add_point(io_address=int(address), type=c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.DIRECT)
        p.on_receive(callable=_commanded(c104, life, tag))
    for p, tag, to in points:
        p.value = to(life.tags[tag])
    server.start()
    seen = {}
    while True:
        time.sleep(0.5)
        for p, tag, to in points:
            value = to(life.tags[tag])
            p.value = value
            if isinstance(value, bool):
                if seen.get(tag, value) != value:
                    p.transmit(cause=c104.Cot.SPONTANEOUS)
                seen[tag] = value


def _commanded(c104, life, tag):
    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        life.tags[tag] = 1.0 if point.value else 0.0
        return c104.ResponseState.SUCCESS
    return on_receive


def connection(life, to, init="ALL"):
    import c104
    client = c104.Client(tick_rate_ms=200)
    conn = client.add_connection(ip=life.address(to), port=2404, init=getattr(c104.Init, init))
    return c104, client, conn


def watch(life, to, t):
    """Interrogates at the start, then listens, and interrogates again every so often."""
    c104, client, conn = connection(life, to)
    client.start()
    for _ in pace(t, 30):
        if conn.is_connected:
            conn.interrogation(common_address=t.get("station", 1), cause=c104.Cot.ACTIVATION, qualifier=c104.Qoi.STATION,
                               wait_for_response=False)
