package simulate

import (
	"fmt"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// ntpTime is a timestamp of RFC 5905.
func (n *network) ntpTime(at time.Duration) uint64 {
	t := n.truth.Start.Add(at)
	const since1900 = 2208988800
	return uint64(t.Unix()+since1900)<<32 | uint64(t.Nanosecond())<<32/1e9
}

// askTime asks a time server, RFC 5905 mode 3 and 4.
func (n *network) askTime(at time.Duration, client, server *host, stratum byte, reference string) {
	n.spoke(client, server, "udp", 123, "ntp")
	var q, a wire.Builder
	sent := n.ntpTime(at)
	q.U8(0x23, 0, 6, 0xe9).Zero(36).U64(sent)
	got := at + 300*time.Microsecond
	a.U8(0x24, stratum, 6, 0xe9).U32(0).U32(0x10).Text(reference).U64(n.ntpTime(at - 9*time.Second)).U64(sent).U64(n.ntpTime(got)).U64(n.ntpTime(got + 40*time.Microsecond))
	port := uint16(123)
	if client.ttl == windows.ttl {
		port = client.ephemeral()
	}
	n.udp(at, client, server, port, 123, q.B)
	n.udp(got+100*time.Microsecond, server, client, 123, port, a.B)
}

// log sends a syslog message of RFC 3164. The priority is facility * 8 + severity.
func (n *network) log(at time.Duration, from, to *host, priority int, tag, text string) {
	n.spoke(from, to, "udp", 514, "syslog")
	stamp := n.truth.Start.Add(at).Format("Jan _2 15:04:05")
	n.udp(at, from, to, 514, 514, fmt.Appendf(nil, "<%d>%s %s %s: %s", priority, stamp, from.Name, tag, text))
}
