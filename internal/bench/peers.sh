#!/usr/bin/env bash
# Compares the engine with other programs on the same capture in one run:
# CPU time (user and system), wall time and peak memory, with the ratios.
#   internal/bench/peers.sh [CAPTURE] [ROUNDS]
# The programs take turns, so that a slow moment of the machine meets all of
# them; medians are printed. Peers that are not installed are left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
capture=${1:-../shared/captures/bench/mixed-bench.pcap}
[ -f "$capture" ] || capture=demo/plant.pcap.gz
rounds=${2:-7}
bin=${BULKHEAD:-bin/bulkhead}
[ -x "$bin" ] || { echo "no $bin: run 'make build' first" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
plain=$capture
case $capture in *.gz) gzip -dc "$capture" >"$tmp/plain.pcap"; plain=$tmp/plain.pcap ;; esac
cat "$plain" >/dev/null # into the file cache, for all alike

names=(bulkhead-1-core bulkhead-all-cores)
cmds=("$bin analyze --quiet --format json --workers 1 -o $tmp/o1 $plain" "$bin analyze --quiet --format json -o $tmp/o2 $plain")
if command -v ndpiReader >/dev/null; then names+=(ndpiReader-q); cmds+=("ndpiReader -q -i $plain"); fi
if command -v tshark >/dev/null; then names+=(tshark-phs); cmds+=("tshark -n -q -z io,phs -r $plain"); fi

for r in $(seq "$rounds"); do
  for i in "${!names[@]}"; do
    /usr/bin/env python3 internal/bench/measure.py ${cmds[$i]} >>"$tmp/${names[$i]}"
  done
done
python3 internal/bench/table.py "$tmp" "$("$bin" analyze --quiet --format json "$plain" | sed -nE 's/^ +"packets": ([0-9]+),$/\1/p' | head -1)" "${names[@]}"
