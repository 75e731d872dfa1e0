"""Makes the plant's certificates: its own authority, one for each host that needs it, and an expired one."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


def name(cn):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Demo Bottling"), x509.NameAttribute(NameOID.COMMON_NAME, cn)])


def make(cn, ip, key, issuer, issuer_key, start, end, ca=False, uri=None):
    alt = [x509.DNSName(cn)] + ([x509.IPAddress(ipaddress.ip_address(ip))] if ip else [])
    alt += [x509.UniformResourceIdentifier(u) for u in ([uri] if uri else [])]
    b = (x509.CertificateBuilder().subject_name(name(cn)).issuer_name(name(issuer)).public_key(key.public_key())
         .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
         .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
    if not ca:
        b = b.add_extension(x509.SubjectAlternativeName(alt), critical=False)
        b = b.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        b = b.add_extension(x509.KeyUsage(True, True, True, True, False, False, False, False, False), critical=True)
    return b.sign(issuer_key, hashes.SHA256())


def store(folder, base, cert, key):
    with open(f"{folder}/{base}.crt", "wb") as f:
        f.write(cert.public_bytes(serialization.Encoding.PEM))
    with open(f"{folder}/{base}.der", "wb") as f:
        f.write(cert.public_bytes(serialization.Encoding.DER))
    with open(f"{folder}/{base}.pem", "wb") as f:
        f.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def wants(host):
    return any(s.get("tls") or s.get("security") == "signed" for s in host.serves) or \
        any(t.get("security") == "signed" for t in host.talks)


def write(plant, folder):
    os.makedirs(folder, exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    # One key for all spares the machine; the certificates differ.
    ca_key, key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    ca = make("Demo Bottling Plant CA", None, ca_key, "Demo Bottling Plant CA", ca_key, now - 400 * DAY, now + 3000 * DAY, ca=True)
    store(folder, "ca", ca, ca_key)
    for h in plant.hosts.values():
        if wants(h):
            uri = f"urn:{h.name}:client" if any(t.get("security") for t in h.talks) else f"urn:{h.name}:{h.get('vendor', 'plant').replace(' ', '-')}"
            store(folder, h.name, make(f"{h.name}.plant", h.ip, key, "Demo Bottling Plant CA", ca_key, now - 30 * DAY, now + 700 * DAY,
                                       uri=uri), key)
    store(folder, "expired", make("reports.plant", None, key, "Demo Bottling Plant CA", ca_key, now - 800 * DAY, now - 70 * DAY), key)
