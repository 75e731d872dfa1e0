"""LDAP: slapd as the directory, ldap3 as the client."""

import os
import subprocess

import ldap3

from ..host import pace

TREE = """dn: dc=plant
objectClass: dcObject
objectClass: organization
o: Plant
dc: plant

dn: ou=people,dc=plant
objectClass: organizationalUnit
ou: people
"""
PERSON = """
dn: uid={uid},ou=people,dc=plant
objectClass: inetOrgPerson
uid: {uid}
cn: {uid}
sn: {uid}
userPassword: {password}
"""


def serve(life, s):
    data = f"{life.dir}/ldap"
    os.makedirs(data, exist_ok=True)
    conf = life.path("slapd.conf", "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n"
                     "include /etc/ldap/schema/inetorgperson.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                     f"pidfile {life.dir}/slapd.pid\ndatabase mdb\nsuffix dc=plant\nrootdn cn=admin,dc=plant\nrootpw {s.get('admin', 'admin')}\n"
                     f"directory {data}\nmaxsize 10485760\n")
    ldif = life.path("tree.ldif", TREE + "".join(PERSON.format(uid=u, password=p) for u, p in s.get("people", {}).items()))
    if not os.path.exists(f"{data}/data.mdb"):
        subprocess.run(["slapadd", "-f", conf, "-l", ldif], check=True, capture_output=True)
    life.daemon("slapd", "-f", conf, "-h", f"ldap://{life.ip}/", "-d", "0")


def login(life, to, t):
    """Binds as a person and looks itself up, as a desktop does at sign-in."""
    for _ in pace(t, 20):
        dn = f"uid={t['user']},ou=people,dc=plant"
        c = ldap3.Connection(ldap3.Server(life.address(to), get_info=ldap3.NONE, connect_timeout=4), dn, t["password"])
        if c.bind():
            c.search("ou=people,dc=plant", f"(uid={t['user']})", attributes=["cn"])
        c.unbind()
