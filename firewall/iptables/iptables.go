// Package iptables writes a policy for iptables-restore (iptables 1.8), for
// machines without nftables: one chain of its own, IPv4.
package iptables

import (
	"bufio"
	"fmt"
	"io"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "iptables",
	Title: "iptables-restore (Linux, IPv4)",
	About: "Load with 'iptables-restore --noflush FILE', which is atomic. The chain FORWARD then leads through the chain BULKHEAD and drops the rest. IPv6 addresses cannot be expressed and are an error; IPv6 itself is not filtered, so switch forwarding of it off.",
	Write: write,
}

// maxComment is what the comment match takes.
const maxComment = 250

func write(w io.Writer, p *firewall.Policy) error {
	if err := firewall.OnlyIPv4("iptables", p); err != nil {
		return err
	}
	if n := lines(p); n > maxLines {
		return fmt.Errorf("iptables would need %d lines, one for each pair of prefixes, more than %d: use nftables, or name members by prefixes", n, maxLines)
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n*filter\n:FORWARD DROP [0:0]\n:BULKHEAD - [0:0]\n-F FORWARD\n-A FORWARD -j BULKHEAD\n", firewall.Line("Bulkhead: "+p.Name, maxComment))
	fmt.Fprint(b, "-A BULKHEAD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n-A BULKHEAD -m conntrack --ctstate INVALID -j DROP\n")
	for i := range p.Rules {
		r := &p.Rules[i]
		for _, from := range p.Objects[r.From].Prefixes {
			for _, to := range p.Objects[r.To].Prefixes {
				for _, s := range r.Services {
					fmt.Fprintf(b, "-A BULKHEAD -s %s -d %s%s -m comment --comment %q -j ACCEPT\n", from, to, service(s), firewall.Line(r.Comment(), maxComment))
				}
			}
		}
	}
	fmt.Fprint(b, "-A BULKHEAD -m limit --limit 50/second -j LOG --log-prefix \"bulkhead deny: \"\n-A BULKHEAD -j DROP\nCOMMIT\n")
	return b.Flush()
}

// maxLines is from where on iptables takes too long for each packet.
const maxLines = 50_000

func lines(p *firewall.Policy) int {
	n := 0
	for i := range p.Rules {
		r := &p.Rules[i]
		n += len(p.Objects[r.From].Prefixes) * len(p.Objects[r.To].Prefixes) * len(r.Services)
	}
	return n
}

func service(s firewall.Service) string {
	switch {
	case s.Protocol == 0:
		return ""
	case !s.Ports():
		return fmt.Sprintf(" -p %d", s.Protocol)
	}
	name := map[uint8]string{firewall.TCP: "tcp", firewall.UDP: "udp", firewall.SCTP: "sctp"}[s.Protocol]
	return fmt.Sprintf(" -p %s -m %s --dport %d:%d", name, name, s.First, s.Last)
}
