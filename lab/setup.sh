#!/usr/bin/env bash
# Installs what the demo plant needs: Debian packages (as root) and a virtual environment in .venv-lab.
# Services that Debian would start with a package stay off: the plant runs its own, in its own namespaces.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(iproute2 nftables ethtool util-linux wireshark-common zstd python3-venv nmap mosquitto snmp snmpd dnsmasq-base udhcpc
  chrony samba smbclient slapd lldpd openvpn postgresql)
python=${LAB_PYTHON:-python3}

missing=()
for p in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "lab: needs root to install: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    trap 'rm -f $policy' EXIT
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "lab: needs Python 3.11 or newer, $python is older" >&2; exit 1; }
want=$(sha256sum lab/requirements.txt | cut -c1-16)
if [ ! -e .venv-lab/"$want" ]; then
  "$python" -m venv .venv-lab
  .venv-lab/bin/pip install -q --disable-pip-version-check -r lab/requirements.txt
  rm -f .venv-lab/????????????????
  touch .venv-lab/"$want"
fi
