"""Commands to the substation: IEC 60870-5-104 and DNP3."""

import time

from ..serve import dnp3, iec104


def switch(life, step):
    """A single command opens or closes a breaker through the remote terminal unit."""
    c104, client, conn = iec104.connection(life, step["to"], "NONE")
    station = conn.add_station(common_address=47)
    point = station.add_point(io_address=step["address"], type=c104.Type.C_SC_NA_1)
    client.start()
    for _ in range(50):
        if conn.state == c104.ConnectionState.OPEN:
            break
        time.sleep(0.1)
    time.sleep(1)
    point.value = bool(step.get("closed", False))
    point.transmit(cause=c104.Cot.ACTIVATION)
    time.sleep(2)
    client.stop()


def operate(life, step):
    """Direct operate, or a cold restart with `restart`."""
    import opendnp3 as o
    manager, m, keep = dnp3.master(o, life, step["to"], {"local": step.get("local", 1), "remote": 10})
    m.Enable()
    time.sleep(3)
    if step.get("restart"):
        m.Restart(o.RestartType.COLD, lambda r: None)
    else:
        kind = o.OperationType.LATCH_ON if step.get("closed") else o.OperationType.LATCH_OFF
        m.DirectOperate(o.ControlRelayOutputBlock(kind), 0, lambda r: None)
    time.sleep(2)
    manager.Shutdown()
