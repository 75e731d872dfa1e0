// Package paloalto writes a policy as set commands for PAN-OS (10 and later).
package paloalto

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "paloalto",
	Title: "Palo Alto Networks set commands",
	About: "Paste in configuration mode, look at it with 'show' and commit. Rules are added behind those that there are: move them before others. IP protocols other than TCP, UDP, SCTP and ICMP cannot be expressed and are an error.",
	Write: write,
}

// maxName is what names of objects and rules may have.
const maxName = 55

func write(w io.Writer, p *firewall.Policy) error {
	if err := known(p); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	names := firewall.Names(p.ObjectNames(), maxName, "-")
	for i := range p.Objects {
		o := &p.Objects[i]
		var s []string
		for k, x := range o.Prefixes {
			name := fmt.Sprintf("%s.%d", names[o.Name], k+1)
			s = append(s, name)
			fmt.Fprintf(b, "set address %s ip-netmask %s\n", name, x)
		}
		if len(s) > 0 {
			fmt.Fprintf(b, "set address-group %s static [ %s ]\nset address-group %s description %q\n", names[o.Name], strings.Join(s, " "), names[o.Name], firewall.Line(o.Comment, 200))
		}
	}
	services(b, p)
	var rules []string
	for i := range p.Rules {
		rules = append(rules, p.Rules[i].Name)
	}
	titles := firewall.Names(rules, maxName, "-")
	for i := range p.Rules {
		r := &p.Rules[i]
		var ports []string
		for _, s := range r.Services {
			switch {
			case s.Protocol == 0:
				ports = append(ports[:0], "any")
			case s.Ports() && !(len(ports) == 1 && ports[0] == "any"):
				ports = append(ports, service(s))
			case s.Protocol == firewall.ICMP:
				rule(b, titles[r.Name]+"-icmp", names[p.Objects[r.From].Name], names[p.Objects[r.To].Name], "[ icmp ping ]", "application-default", "allow", r.Comment())
			case s.Protocol == firewall.ICMPv6:
				rule(b, titles[r.Name]+"-icmp6", names[p.Objects[r.From].Name], names[p.Objects[r.To].Name], "[ ipv6-icmp ping6 ]", "application-default", "allow", r.Comment())
			}
		}
		if len(ports) > 0 {
			rule(b, titles[r.Name], names[p.Objects[r.From].Name], names[p.Objects[r.To].Name], "any", "[ "+strings.Join(ports, " ")+" ]", "allow", r.Comment())
		}
	}
	rule(b, "bulkhead-deny", "any", "any", "any", "any", "deny", "what no conduit allows")
	return b.Flush()
}

func rule(b *bufio.Writer, name, from, to, application, service, action, comment string) {
	head := "set rulebase security rules " + name
	fmt.Fprintf(b, "%s from any to any source %s destination %s\n", head, from, to)
	fmt.Fprintf(b, "%s application %s service %s action %s log-end yes\n%s description %q\n", head, application, service, action, head, firewall.Line(comment, 1000))
}

// known finds the IP protocols that there is no way to name.
func known(p *firewall.Policy) error {
	for i := range p.Rules {
		for _, s := range p.Rules[i].Services {
			if s.Protocol != 0 && !s.Ports() && s.Protocol != firewall.ICMP && s.Protocol != firewall.ICMPv6 {
				return fmt.Errorf("paloalto cannot express IP protocol %d of conduit %s: leave it out with --without, and allow it by hand as an application", s.Protocol, p.Rules[i].Name)
			}
		}
	}
	return nil
}

func services(b *bufio.Writer, p *firewall.Policy) {
	seen := make(map[string]bool)
	for i := range p.Rules {
		for _, s := range p.Rules[i].Services {
			if name := service(s); s.Ports() && !seen[name] {
				seen[name] = true
				port := fmt.Sprint(s.First)
				if s.First != s.Last {
					port = fmt.Sprintf("%d-%d", s.First, s.Last)
				}
				fmt.Fprintf(b, "set service %s protocol %s port %s\n", name, transport(s), port)
			}
		}
	}
}

func transport(s firewall.Service) string {
	return map[uint8]string{firewall.TCP: "tcp", firewall.UDP: "udp", firewall.SCTP: "sctp"}[s.Protocol]
}

func service(s firewall.Service) string {
	return fmt.Sprintf("bh-%s-%d-%d", transport(s), s.First, s.Last)
}
