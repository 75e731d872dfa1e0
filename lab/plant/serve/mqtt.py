"""MQTT: mosquitto as the broker, paho as the client, and Sparkplug B payloads."""

import ssl
import struct
import time

import paho.mqtt.client as paho

from ..host import pace


def serve(life, s):
    """A broker on 1883, and on 8883 with TLS when `tls` is set."""
    text = "persistence false\nallow_anonymous true\nlog_type none\nuser root\n"
    if s.get("plain", True):
        text += f"listener 1883 {life.ip}\n"
    if s.get("tls"):
        text += (f"listener 8883 {life.ip}\ncafile {life.certs}/ca.crt\ncertfile {life.certs}/{life.host.name}.crt\n"
                 f"keyfile {life.certs}/{life.host.name}.pem\n")
    life.daemon("mosquitto", "-c", life.path("mosquitto.conf", text))


# --- Sparkplug B, the fields of its Protocol Buffers schema that a node needs ---

def varint(n):
    out = b""
    while n > 0x7F:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def number(field, n):
    return varint(field << 3) + varint(n)


def blob(field, b):
    return varint(field << 3 | 2) + varint(len(b)) + b


def metric(name, value, now, alias=None):
    """Metric: 1 name, 2 alias, 3 timestamp, 4 datatype, 10 int, 13 double, 15 string."""
    out = blob(1, name.encode())
    if alias is not None:
        out += number(2, alias)
    out += number(3, now)
    if isinstance(value, str):
        return out + number(4, 12) + blob(15, value.encode())
    if isinstance(value, int):
        return out + number(4, 8) + number(11, value)
    return out + number(4, 10) + varint(13 << 3 | 1) + struct.pack("<d", value)


def payload(metrics, seq=None):
    """Payload: 1 timestamp, 2 metrics, 3 seq."""
    now = int(time.time() * 1000)
    out = number(1, now) + b"".join(blob(2, metric(n, v, now, a)) for n, v, a in metrics)
    return out if seq is None else out + number(3, seq % 256)


def client(life, to, t, will=None):
    c = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=t.get("id", life.host.name))
    if t.get("user"):
        c.username_pw_set(t["user"], t["password"])
    if t.get("tls"):
        c.tls_set(f"{life.certs}/ca.crt", cert_reqs=ssl.CERT_REQUIRED)
        c.tls_insecure_set(True)
    if will:
        c.will_set(*will)
    c.connect(life.address(to), 8883 if t.get("tls") else 1883, keepalive=20)
    return c


def sparkplug(life, to, t):
    """A Sparkplug edge node: birth, then data every so often: `group`, `node`, `tags`."""
    group, node = t["group"], t["node"]
    dead = payload([("bdSeq", 0, None)])
    c = client(life, to, t, (f"spBv1.0/{group}/NDEATH/{node}", dead, 1))
    c.loop_start()
    birth = [("bdSeq", 0, None), ("Properties/Hardware Make", life.host.get("vendor", ""), None),
             ("Properties/Hardware Model", life.host.get("model", ""), None), ("Properties/FW", life.host.get("firmware", ""), None)]
    birth += [(tag, life.tags[tag], i + 1) for i, tag in enumerate(t["tags"])]
    c.publish(f"spBv1.0/{group}/NBIRTH/{node}", payload(birth, 0))
    c.subscribe(f"spBv1.0/{group}/NCMD/{node}", qos=1)
    for n, _ in enumerate(pace(t, 2)):
        c.publish(f"spBv1.0/{group}/NDATA/{node}", payload([(tag, life.tags[tag], i + 1) for i, tag in enumerate(t["tags"])], n + 1))


def listen(life, to, t):
    c = client(life, to, t)
    c.subscribe(t.get("topic", "spBv1.0/#"))
    c.loop_forever()
