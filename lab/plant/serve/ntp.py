"""NTP by chrony, which here never touches the machine's clock (-x)."""


def serve(life, s):
    conf = f"local stratum {s.get('stratum', 3)}\nallow\nbindaddress {life.ip}\ncmdport 0\npidfile {life.dir}/chrony.pid\n"
    life.daemon("chronyd", "-x", "-d", "-u", "root", "-f", life.path("chrony.conf", conf))


def sync(life, to, t):
    """Keeps asking a server for the time, every 2**poll seconds."""
    conf = (f"server {life.address(to)} minpoll {t.get('poll', 4)} maxpoll {t.get('poll', 4)} iburst\ncmdport 0\n"
            f"pidfile {life.dir}/chronyc.pid\n")
    life.daemon("chronyd", "-x", "-d", "-u", "root", "-f", life.path("chrony-client.conf", conf))
