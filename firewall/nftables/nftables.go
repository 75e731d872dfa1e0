// Package nftables writes a policy for nftables, the packet filter of Linux
// (nft 1.0): one table that is replaced as a whole, so that loading is atomic.
package nftables

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "nftables",
	Title: "nftables (Linux)",
	About: "Load with 'nft -f FILE' on the machine that routes between the zones. The table inet bulkhead is replaced in one step; other tables are left alone. 'nft delete table inet bulkhead' takes it away.",
	Write: write,
}

// maxComment is what nft takes for a comment.
const maxComment = 120

func write(w io.Writer, p *firewall.Policy) error {
	b := bufio.NewWriter(w)
	names := firewall.Names(p.ObjectNames(), 28, "_")
	fmt.Fprintf(b, "# %s\n# Everything that no rule allows is dropped and logged.\n", firewall.Line("Bulkhead: "+p.Name, maxComment))
	fmt.Fprintf(b, "table inet bulkhead\ndelete table inet bulkhead\ntable inet bulkhead {\n")
	for i := range p.Objects {
		o := &p.Objects[i]
		for _, v6 := range [...]bool{false, true} {
			if ps := o.Family(v6); len(ps) > 0 {
				set(b, setName(names[o.Name], v6), o, ps, v6)
			}
		}
	}
	fmt.Fprint(b, "\tchain forward {\n\t\ttype filter hook forward priority filter; policy drop;\n\t\tct state established,related accept\n\t\tct state invalid drop\n")
	for i := range p.Rules {
		rule(b, p, &p.Rules[i], names)
	}
	fmt.Fprint(b, "\t\tlimit rate 50/second log prefix \"bulkhead deny: \"\n\t\tcounter drop comment \"what no conduit allows\"\n\t}\n}\n")
	return b.Flush()
}

func setName(name string, v6 bool) string {
	if v6 {
		return "z_" + name + "_6"
	}
	return "z_" + name + "_4"
}

func set(b *bufio.Writer, name string, o *firewall.Object, ps []netip.Prefix, v6 bool) {
	kind := "ipv4_addr"
	if v6 {
		kind = "ipv6_addr"
	}
	var s []string
	for _, p := range ps {
		s = append(s, p.String())
	}
	fmt.Fprintf(b, "\t# %s\n\tset %s {\n\t\ttype %s\n\t\tflags interval\n\t\telements = { %s }\n\t}\n", firewall.Line(o.Name+": "+o.Comment, 200), name, kind, strings.Join(s, ", "))
}

// rule writes a line for each family and service.
func rule(b *bufio.Writer, p *firewall.Policy, r *firewall.Rule, names map[string]string) {
	from, to := &p.Objects[r.From], &p.Objects[r.To]
	for _, v6 := range [...]bool{false, true} {
		if len(from.Family(v6)) == 0 || len(to.Family(v6)) == 0 {
			continue
		}
		ip := "ip"
		if v6 {
			ip = "ip6"
		}
		for _, s := range r.Services {
			if s.Protocol == firewall.ICMP && v6 || s.Protocol == firewall.ICMPv6 && !v6 {
				continue
			}
			fmt.Fprintf(b, "\t\t%s saddr @%s %s daddr @%s %scounter accept comment %q\n", ip, setName(names[from.Name], v6), ip, setName(names[to.Name], v6), service(s), firewall.Line(r.Comment(), maxComment))
		}
	}
}

func service(s firewall.Service) string {
	ports := fmt.Sprint(s.First)
	if s.First != s.Last {
		ports = fmt.Sprintf("%d-%d", s.First, s.Last)
	}
	switch {
	case s.Protocol == 0:
		return ""
	case !s.Ports():
		return fmt.Sprintf("meta l4proto %d ", s.Protocol)
	case s.First == 0 && s.Last == 65535:
		return fmt.Sprintf("meta l4proto %d ct state new ", s.Protocol)
	}
	return fmt.Sprintf("%s dport %s ct state new ", map[uint8]string{firewall.TCP: "tcp", firewall.UDP: "udp", firewall.SCTP: "sctp"}[s.Protocol], ports)
}
