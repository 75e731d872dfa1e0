"""PostgreSQL as the historian: the server, and those who write and read history."""

import glob
import os
import subprocess

import psycopg

from ..host import pace

SCHEMA = "create table history (at timestamptz default now(), tag text, value double precision);" \
         "create table recipe (id int, name text, speed real, level real);" \
         "insert into recipe select g, 'Recipe ' || g, 200 + g, 60 from generate_series(1, 40) g;" \
         "insert into history select now() - g * interval '1 min', 'tank.level', 60 + 3 * sin(g) from generate_series(1, 30000) g;"


def serve(life, s):
    """`users`: name to password; all may do all, as so often."""
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
    data = f"{life.dir}/data"
    os.chmod(life.dir, 0o777)
    if not os.path.exists(data):
        subprocess.run([f"{binaries}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"],
                       user="postgres", check=True, capture_output=True, cwd=life.dir)
        with open(f"{data}/pg_hba.conf", "w") as f:
            f.write("local all all trust\nhost all all 0.0.0.0/0 scram-sha-256\n")
        sql = "create database plant;\n" + "".join(f"create role {u} superuser login password '{p}';\n" for u, p in s["users"].items())
        subprocess.run([f"{binaries}/postgres", "--single", "-D", data, "postgres"], input=sql, text=True, user="postgres",
                       check=True, capture_output=True, cwd=life.dir)
        subprocess.run([f"{binaries}/postgres", "--single", "-j", "-D", data, "plant"], input=SCHEMA.replace(";", ";\n\n"), text=True,
                       user="postgres", check=True, capture_output=True, cwd=life.dir)
    if os.path.exists(f"{data}/postmaster.pid"):  # the host was switched off without a word
        os.unlink(f"{data}/postmaster.pid")
    life.daemon(f"{binaries}/postgres", "-D", data, "-c", f"listen_addresses={life.ip}", "-c", "unix_socket_directories=",
                "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_wal_size=64MB", "-c", "logging_collector=off", user="postgres")


def connect(life, to, t):
    return psycopg.connect(host=life.address(to), dbname="plant", user=t["user"], password=t["password"], connect_timeout=5,
                           sslmode="disable", application_name=life.host.name, autocommit=True)


def record(life, to, t):
    """Writes tags into the history."""
    with connect(life, to, t) as c:
        for _ in pace(t, 2):
            for tag in t["tags"]:
                c.execute("insert into history (tag, value) values (%s, %s)", (tag, life.tags[tag]))


def report(life, to, t):
    """Reads a little history, as a report does."""
    for _ in pace(t, 15):
        with connect(life, to, t) as c:
            c.execute(t.get("sql", "select tag, avg(value) from history where at > now() - interval '1 hour' group by tag")).fetchall()
