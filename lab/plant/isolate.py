"""Puts the lab into namespaces of its own, so that its end is the end of everything in it.

The lab runs itself again below unshare: new network, mount, PID, UTS and IPC namespaces. The
network namespace has no way out, the mounts are private, and when the first process of the PID
namespace ends, by whatever cause, the kernel ends all others and the namespaces vanish."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from .run import run

NEEDS = {
    "ip": "iproute2", "tc": "iproute2", "nft": "nftables", "ethtool": "ethtool", "dumpcap": "wireshark-common",
    "zstd": "zstd", "unshare": "util-linux", "nmap": "nmap", "mosquitto": "mosquitto", "snmpd": "snmpd", "snmpget": "snmp",
    "dnsmasq": "dnsmasq-base", "udhcpc": "udhcpc", "chronyd": "chrony", "smbd": "samba", "smbclient": "smbclient",
    "slapd": "slapd", "lldpd": "lldpd", "openvpn": "openvpn",
}
INSIDE = "BULKHEAD_LAB_INSIDE"
CLONE_NEWNET, CLONE_NEWUTS, PR_SET_PDEATHSIG = 0x40000000, 0x04000000, 1
libc = ctypes.CDLL(None, use_errno=True)


def missing():
    """Debian packages whose programs are not here."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return sorted({pkg for prog, pkg in NEEDS.items() if not shutil.which(prog, path=path)})


def network():
    return os.readlink("/proc/self/ns/net")


def inside():
    """Whether this is the lab's own first process: told so, in another network than the one who told it."""
    outer = os.environ.get(INSIDE, "")
    return outer != "" and outer.partition(" ")[0] != network()


def enter(argv):
    """Starts argv again in fresh namespaces and returns its exit code."""
    if os.geteuid() != 0:
        sys.exit("lab: needs root, to make network namespaces of its own (try: sudo make lab)")
    lack = missing()
    if lack:
        sys.exit("lab: Debian packages are missing, install them with: apt-get install " + " ".join(lack))
    work = tempfile.mkdtemp(prefix="bulkhead-lab-")
    env = dict(os.environ, **{INSIDE: f"{network()} {work}", "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"})
    cmd = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
           "--propagation", "private", "nice", "-n", "10", sys.executable, *argv]
    # When this process is killed unshare goes with it, and with unshare everything below.
    p = subprocess.Popen(cmd, env=env, preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
    signal.signal(signal.SIGINT, lambda *_: None)  # the lab gets Ctrl-C from the terminal itself
    signal.signal(signal.SIGTERM, lambda *_: p.kill())
    try:
        return p.wait()
    finally:
        os.rmdir(work)


def reap():
    """Leaves a first process behind that only buries the dead, and goes on in its child.

    Else killed programs of hosts would stay as zombies, which their successors take for living."""
    child = os.fork()
    if child == 0:
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while True:
        pid, status = os.wait()
        if pid == child:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def settle(users=()):
    """Own /run and lab folder in memory, the plant's users beside the machine's own; the lab's folder."""
    work = os.environ[INSIDE].partition(" ")[2]
    for d in ("/run", "/var/lib/samba", "/var/log/samba", "/var/cache/samba"):
        if os.path.isdir(d):
            run("mount", "-t", "tmpfs", "-o", "size=256m,mode=755", "lab", d)
    run("mount", "-t", "tmpfs", "-o", "size=1g,mode=755", "lab", work)
    with open("/etc/passwd") as f:
        known = f.read()
    with open(f"{work}/passwd", "w") as f:
        f.write(known + "".join(f"{u}:x:{60000 + i}:65534::/nonexistent:/usr/sbin/nologin\n" for i, u in enumerate(users)
                                if f"\n{u}:" not in known))
    run("mount", "--bind", f"{work}/passwd", "/etc/passwd")
    # Names are asked only by those who are told to: a resolver of the machine must not be sought from inside.
    with open(f"{work}/resolv.conf", "w") as f:
        f.write("options timeout:1 attempts:1\n")
    if os.path.exists("/etc/resolv.conf"):
        run("mount", "--bind", f"{work}/resolv.conf", os.path.realpath("/etc/resolv.conf"))
    os.makedirs("/run/netns")
    os.makedirs("/run/lock")
    run("ip", "link", "set", "lo", "up")
    reap()
    return work


def join(netns, hostname):
    """Moves this process into a host's network namespace, with a host name of its own."""
    fd = os.open(f"/run/netns/{netns}", os.O_RDONLY)
    try:
        if libc.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"enter namespace {netns}")
    finally:
        os.close(fd)
    if libc.unshare(CLONE_NEWUTS):
        raise OSError(ctypes.get_errno(), "own host name")
    name = hostname.encode()
    libc.sethostname(name, len(name))
