// Package ciscoios writes a policy as an extended access list of Cisco IOS
// (12.4 and later, with object groups), which keeps no state: answers have
// lines of their own.
package ciscoios

import (
	"bufio"
	"fmt"
	"io"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "cisco-ios",
	Title: "Cisco IOS extended access list",
	About: "Paste in configuration mode and apply to each interface between zones with 'ip access-group BULKHEAD in'. The list keeps no state: TCP answers pass as 'established', UDP answers by their source port. IPv6 addresses cannot be expressed and are an error.",
	Write: write,
}

func write(w io.Writer, p *firewall.Policy) error {
	if err := firewall.OnlyIPv4("cisco-ios", p); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	names := firewall.Names(p.ObjectNames(), 60, "-")
	fmt.Fprintf(b, "! %s\n", firewall.Line("Bulkhead: "+p.Name, 100))
	for i := range p.Objects {
		o := &p.Objects[i]
		if len(o.Prefixes) == 0 {
			continue
		}
		fmt.Fprintf(b, "object-group network %s\n description %s\n", names[o.Name], firewall.Line(o.Name+": "+o.Comment, 180))
		for _, x := range o.Prefixes {
			fmt.Fprintf(b, " %s\n", firewall.Masked(x))
		}
		fmt.Fprint(b, "exit\n")
	}
	fmt.Fprint(b, "no ip access-list extended BULKHEAD\nip access-list extended BULKHEAD\n")
	for i := range p.Rules {
		r := &p.Rules[i]
		from, to := names[p.Objects[r.From].Name], names[p.Objects[r.To].Name]
		fmt.Fprintf(b, " remark %s\n", firewall.Line(r.Comment(), 100))
		for _, s := range r.Services {
			forth, back := service(s, from, to)
			fmt.Fprintf(b, " permit %s\n", forth)
			if back != "" && r.From != r.To {
				fmt.Fprintf(b, " permit %s\n", back)
			}
		}
	}
	fmt.Fprint(b, " deny ip any any log\nexit\n")
	return b.Flush()
}

// service writes the line for what is asked and the one for the answers.
func service(s firewall.Service, from, to string) (forth, back string) {
	pair := func(protocol, srcPort, dstPort string, swap bool) string {
		a, b := from, to
		if swap {
			a, b = to, from
		}
		return fmt.Sprintf("%s object-group %s%s object-group %s%s", protocol, a, srcPort, b, dstPort)
	}
	port := fmt.Sprintf(" eq %d", s.First)
	if s.First != s.Last {
		port = fmt.Sprintf(" range %d %d", s.First, s.Last)
	}
	switch s.Protocol {
	case 0:
		return pair("ip", "", "", false), pair("ip", "", "", true)
	case firewall.TCP:
		return pair("tcp", "", port, false), pair("tcp", port, "", true) + " established"
	case firewall.UDP:
		return pair("udp", "", port, false), pair("udp", port, "", true)
	case firewall.SCTP:
		return pair("sctp", "", port, false), pair("sctp", port, "", true)
	case firewall.ICMP:
		return pair("icmp", "", "", false), pair("icmp", "", "", true)
	}
	return pair(fmt.Sprint(s.Protocol), "", "", false), pair(fmt.Sprint(s.Protocol), "", "", true)
}
