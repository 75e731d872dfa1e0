"""DNP3 by yadnp3 (a fork of opendnp3): a protection relay as outstation, and its master."""

import time


def serve(life, s):
    """`analogs`, `binaries`: tags by index; `outputs`: tags that controls move."""
    import opendnp3 as o

    class Controls(o.ICommandHandler):
        def Begin(self):
            pass

        def End(self):
            pass

        def Select(self, command, index, *_):
            return o.CommandStatus.SUCCESS

        def Operate(self, command, index, *_):
            if isinstance(command, o.ControlRelayOutputBlock) and int(index) < len(s.get("outputs", [])):
                on = command.opType == o.OperationType.LATCH_ON or command.tcc == o.TripCloseCode.CLOSE
                life.tags[s["outputs"][int(index)]] = float(on)
            return o.CommandStatus.SUCCESS

    class Application(o.IOutstationApplication):
        def SupportsWriteAbsoluteTime(self):
            return True

        def WriteAbsoluteTime(self, timestamp):
            return True

        def ColdRestartSupport(self):
            return o.RestartMode.SUPPORTED_DELAY_FINE

        def ColdRestart(self):
            return 500

    class Channel(o.IChannelListener):
        def OnStateChange(self, state):
            pass

    manager = o.DNP3Manager(1)
    channel = manager.AddTCPServer("relay", o.levels.NOTHING, o.ServerAcceptMode.CloseExisting, o.IPEndpoint(life.ip, 20000), Channel())
    config = o.OutstationStackConfig(o.DatabaseConfig(8))
    config.outstation.params.allowUnsolicited = True
    config.link.LocalAddr, config.link.RemoteAddr = s.get("local", 10), s.get("remote", 1)
    keep = Controls(), Application()
    outstation = channel.AddOutstation("relay", keep[0], keep[1], config)
    outstation.Enable()
    while True:
        time.sleep(1)
        b = o.UpdateBuilder()
        for i, tag in enumerate(s.get("analogs", [])):
            b.Update(o.Analog(round(life.tags[tag], 1)), i)
        for i, tag in enumerate(s.get("binaries", [])):
            b.Update(o.Binary(life.tags[tag] > 0.5), i)
        outstation.Apply(b.Build())


def master(o, life, to, t):
    class Events(o.ISOEHandler):
        def BeginFragment(self, info):
            pass

        def EndFragment(self, info):
            pass

        def Process(self, *_):
            pass

    class Application(o.IMasterApplication):
        def Now(self):
            return o.UTCTimestamp(int(time.time() * 1000))

    class Channel(o.IChannelListener):
        def OnStateChange(self, state):
            pass

    manager = o.DNP3Manager(1)
    channel = manager.AddTCPClient("master", o.levels.NOTHING, o.ChannelRetry(o.TimeDuration.Seconds(3), o.TimeDuration.Seconds(8)), [o.IPEndpoint(life.address(to), 20000)],
                                   "0.0.0.0", Channel())
    config = o.MasterStackConfig()
    config.master.responseTimeout = o.TimeDuration.Seconds(3)
    config.link.LocalAddr, config.link.RemoteAddr = t.get("local", 1), t.get("remote", 10)
    keep = Events(), Application()
    m = channel.AddMaster("master", keep[0], keep[1], config)
    return manager, m, keep


def watch(life, to, t):
    """Polls the event classes, and everything now and then."""
    import opendnp3 as o
    manager, m, keep = master(o, life, to, t)
    m.AddClassScan(o.ClassField(False, True, True, True), o.TimeDuration.Seconds(int(t.get("every", 2))), keep[0])
    m.AddClassScan(o.ClassField(True, True, True, True), o.TimeDuration.Seconds(20), keep[0])
    m.Enable()
    while True:
        time.sleep(60)
