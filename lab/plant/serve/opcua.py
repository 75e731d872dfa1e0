"""OPC UA by asyncua: servers whose variables are tags, and clients that subscribe, read and write."""

import asyncio
import datetime

from asyncua import Client, Server, ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.server.user_managers import UserManager

NAMESPACE = "urn:demo-bottling:line"


class Users(UserManager):
    """Lets in whom plant.yaml names; with `anonymous` also those who say no name."""

    def __init__(self, users, anonymous):
        self.users, self.anonymous = users, anonymous

    def get_user(self, iserver, username=None, password=None, certificate=None):
        if username is None:
            return User(role=UserRole.Admin, name="anonymous") if self.anonymous else None
        if isinstance(password, bytes):
            password = password.decode(errors="replace")
        if self.users.get(username) == password:
            return User(role=UserRole.Admin, name=username)
        return None


def serve(life, s):
    """`reads`, `setpoints`: tags; `security`: none or signed; `users`: name to password."""
    asyncio.run(_serve(life, s))


async def _serve(life, s):
    h = life.host
    server = Server(user_manager=Users(s.get("users", {}), s.get("anonymous", True)))
    await server.init()
    server.set_endpoint(f"opc.tcp://{life.ip}:4840/")
    server.set_server_name(h.get("model", h.name))
    await server.set_application_uri(f"urn:{h.name}:{h.get('vendor', 'plant').replace(' ', '-')}")
    policies = [ua.SecurityPolicyType.NoSecurity]
    if s.get("security") == "signed":
        cert, keyfile = f"{life.certs}/{h.name}.der", f"{life.certs}/{h.name}.pem"
        await server.load_certificate(cert)
        await server.load_private_key(keyfile)
        policies += [ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt, ua.SecurityPolicyType.Basic256Sha256_Sign]
    server.set_security_policy(policies)
    tokens = [ua.UserNameIdentityToken]
    server.set_identity_tokens([ua.AnonymousIdentityToken, *tokens] if s.get("anonymous", True) else tokens)
    now = datetime.datetime.now(datetime.timezone.utc)
    info = ua.BuildInfo(f"http://{h.name}.plant", h.get("vendor", ""), h.get("model", ""), h.get("firmware", ""),
                        h.get("order", ""), now.replace(tzinfo=None))
    await server.get_node(ua.ObjectIds.Server_ServerStatus_BuildInfo).write_value(info)
    for node, value in ((ua.ObjectIds.Server_ServerStatus_BuildInfo_ManufacturerName, info.ManufacturerName),
                        (ua.ObjectIds.Server_ServerStatus_BuildInfo_ProductName, info.ProductName),
                        (ua.ObjectIds.Server_ServerStatus_BuildInfo_SoftwareVersion, info.SoftwareVersion)):
        await server.get_node(node).write_value(value)
    idx = await server.register_namespace(NAMESPACE)
    line = await server.nodes.objects.add_object(idx, s.get("object", "Line"))
    nodes = {}
    for tag in s.get("reads", []) + s.get("setpoints", []):
        nodes[tag] = await line.add_variable(ua.NodeId(tag, idx), tag, life.tags[tag])
    for tag in s.get("setpoints", []):
        await nodes[tag].set_writable()
    await line.add_method(ua.NodeId("Reset", idx), "Reset", lambda parent: [], [], [])
    async with server:
        while True:
            await asyncio.sleep(0.25)
            for tag in s.get("reads", []):
                await nodes[tag].write_value(life.tags[tag])
            for tag in s.get("setpoints", []):
                life.tags[tag] = await nodes[tag].read_value()


class Quiet:
    def datachange_notification(self, node, value, data):
        pass


async def connect(life, to, t):
    c = Client(f"opc.tcp://{life.address(to)}:4840/", timeout=4)
    c.name = life.host.name
    c.application_uri = f"urn:{life.host.name}:client"
    if t.get("security") == "signed":
        await c.set_security(SecurityPolicyBasic256Sha256, f"{life.certs}/{life.host.name}.der",
                             f"{life.certs}/{life.host.name}.pem", mode=ua.MessageSecurityMode.SignAndEncrypt)
    if t.get("user"):
        c.set_user(t["user"])
        c.set_password(t["password"])
    await c.connect()
    return c


def subscribe(life, to, t):
    """`tags` are watched; the server reports them as they change."""
    async def go():
        c = await connect(life, to, t)
        try:
            idx = await c.get_namespace_index(NAMESPACE)
            sub = await c.create_subscription(int(1000 * t.get("every", 1)), Quiet())
            await sub.subscribe_data_change([c.get_node(ua.NodeId(tag, idx)) for tag in t["tags"]])
            while True:
                await asyncio.sleep(1)
                await c.check_connection()
        finally:
            await c.disconnect()
    asyncio.run(go())


def poll(life, to, t):
    """`tags` are read again and again."""
    async def go():
        c = await connect(life, to, t)
        try:
            idx = await c.get_namespace_index(NAMESPACE)
            nodes = [c.get_node(ua.NodeId(tag, idx)) for tag in t["tags"]]
            while True:
                await c.read_values(nodes)
                await asyncio.sleep(t.get("every", 1))
        finally:
            await c.disconnect()
    asyncio.run(go())
