// Package ciscoasa writes a policy for Cisco ASA (9.x): object groups and one
// access list that is applied globally. The firewall keeps state.
package ciscoasa

import (
	"bufio"
	"fmt"
	"io"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "cisco-asa",
	Title: "Cisco ASA access list",
	About: "Paste in configuration mode. The access list BULKHEAD is applied to all interfaces as global; lists of single interfaces come before it. Earlier lines of BULKHEAD are removed first, for a moment the old global list is gone: use a maintenance window. IPv6 addresses cannot be expressed and are an error.",
	Write: write,
}

func write(w io.Writer, p *firewall.Policy) error {
	if err := firewall.OnlyIPv4("cisco-asa", p); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	names := firewall.Names(p.ObjectNames(), 60, "-")
	fmt.Fprintf(b, "! %s\nclear configure access-list BULKHEAD\n", firewall.Line("Bulkhead: "+p.Name, 100))
	for i := range p.Objects {
		o := &p.Objects[i]
		if len(o.Prefixes) == 0 {
			continue
		}
		fmt.Fprintf(b, "object-group network %s\n description %s\n", names[o.Name], firewall.Line(o.Name+": "+o.Comment, 180))
		for _, x := range o.Prefixes {
			fmt.Fprintf(b, " network-object %s\n", firewall.Masked(x))
		}
		fmt.Fprint(b, "exit\n")
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		from, to := names[p.Objects[r.From].Name], names[p.Objects[r.To].Name]
		fmt.Fprintf(b, "access-list BULKHEAD remark %s\n", firewall.Line(r.Comment(), 100))
		for _, s := range r.Services {
			protocol, port := service(s)
			fmt.Fprintf(b, "access-list BULKHEAD extended permit %s object-group %s object-group %s%s\n", protocol, from, to, port)
		}
	}
	fmt.Fprint(b, "access-list BULKHEAD extended deny ip any any log\naccess-group BULKHEAD global\n")
	return b.Flush()
}

func service(s firewall.Service) (protocol, port string) {
	switch s.Protocol {
	case 0:
		return "ip", ""
	case firewall.TCP:
		protocol = "tcp"
	case firewall.UDP:
		protocol = "udp"
	case firewall.SCTP:
		protocol = "sctp"
	case firewall.ICMP:
		return "icmp", ""
	default:
		return fmt.Sprint(s.Protocol), ""
	}
	if s.First == s.Last {
		return protocol, fmt.Sprintf(" eq %d", s.First)
	}
	return protocol, fmt.Sprintf(" range %d %d", s.First, s.Last)
}
