"""The far end of a VPN that goes around the jump host: a real OpenVPN peer without an interface."""


def serve(life, s):
    c = f"{life.certs}/{life.host.name}"
    life.daemon("openvpn", "--dev", "null", "--tls-server", "--local", life.ip, "--port", "1194", "--proto", "udp", "--dh", "none",
                "--ca", f"{life.certs}/ca.crt", "--cert", f"{c}.crt", "--key", f"{c}.pem", "--ping", "2", "--verb", "0")
