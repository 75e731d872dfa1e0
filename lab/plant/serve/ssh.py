"""SSH by asyncssh: device consoles and servers, and the people who work on them."""

import asyncio

import asyncssh

from ..host import pace


def serve(life, s):
    """`users`: name to password; `banner`: the version the server says."""
    asyncio.run(_serve(life, s))


async def _serve(life, s):
    users = s.get("users", {})

    class Gate(asyncssh.SSHServer):
        def begin_auth(self, username):
            return True

        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            return users.get(username) == password

    async def shell(process):
        process.stdout.write(f"{life.host.get('model', life.host.name)}\n" * 3)
        process.exit(0)

    key = asyncssh.generate_private_key("ssh-ed25519")
    await asyncssh.create_server(Gate, life.ip, s.get("port", 22), server_host_keys=[key], process_factory=shell,
                                 sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=life.dir), allow_scp=True,
                                 server_version=s.get("banner", "OpenSSH_9.2p1"))
    await asyncio.Event().wait()


async def connect(life, to, t, **more):
    return await asyncssh.connect(life.address(to), t.get("port", 22), username=t["user"], password=t["password"],
                                  known_hosts=None, client_keys=None, client_version=t.get("banner", "PuTTY_Release_0.78"), **more)


def work(life, to, t):
    """A short session: a few commands."""
    async def go():
        async with await connect(life, to, t) as c:
            for command in t.get("commands", ["show system information", "show log"]):
                await c.run(command)
                await asyncio.sleep(0.5)
    for _ in pace(t, 60):
        asyncio.run(go())
