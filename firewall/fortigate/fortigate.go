// Package fortigate writes a policy for FortiGate (FortiOS 7): addresses,
// groups, services and policies, as its command line takes them.
package fortigate

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
	Name:  "fortigate",
	Title: "FortiGate (FortiOS 7)",
	About: "Paste into the command line, or load as a script. Policies have the numbers from 10001 on, between any interfaces, and must stand before others: move them if there are any. Policies of an earlier export with higher numbers stay: remove them. IPv6 addresses cannot be expressed and are an error.",
	Write: write,
}

// first is the number of the first policy.
const first = 10001

func write(w io.Writer, p *firewall.Policy) error {
	if err := firewall.OnlyIPv4("fortigate", p); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	names := firewall.Names(p.ObjectNames(), 60, "-")
	objects(b, p, names)
	services(b, p)
	fmt.Fprint(b, "config firewall policy\n")
	var rules []string
	for i := range p.Rules {
		rules = append(rules, p.Rules[i].Name)
	}
	titles := firewall.Names(rules, 32, "-")
	for i := range p.Rules {
		r := &p.Rules[i]
		var s []string
		for _, x := range r.Services {
			s = append(s, fmt.Sprintf("%q", service(x)))
		}
		policy(b, first+i, titles[r.Name], names[p.Objects[r.From].Name], names[p.Objects[r.To].Name], strings.Join(s, " "), "accept", r.Comment())
	}
	policy(b, first+len(p.Rules), "bulkhead-deny", "all", "all", `"ALL"`, "deny", "what no conduit allows")
	fmt.Fprint(b, "end\n")
	return b.Flush()
}

func policy(b *bufio.Writer, id int, name, from, to, service, action, comment string) {
	fmt.Fprintf(b, "    edit %d\n        set name %q\n        set srcintf \"any\"\n        set dstintf \"any\"\n        set srcaddr %q\n        set dstaddr %q\n", id, name, from, to)
	fmt.Fprintf(b, "        set service %s\n        set schedule \"always\"\n        set action %s\n        set logtraffic all\n        set comments %q\n    next\n", service, action, firewall.Line(comment, 1000))
}

func objects(b *bufio.Writer, p *firewall.Policy, names map[string]string) {
	fmt.Fprint(b, "config firewall address\n")
	for i := range p.Objects {
		o := &p.Objects[i]
		for k, x := range o.Prefixes {
			fmt.Fprintf(b, "    edit %q\n        set subnet %s %s\n        set comment %q\n    next\n", member(names[o.Name], k), x.Addr(), mask(x), firewall.Line(o.Name, 200))
		}
	}
	fmt.Fprint(b, "end\nconfig firewall addrgrp\n")
	for i := range p.Objects {
		o := &p.Objects[i]
		var s []string
		for k := range o.Prefixes {
			s = append(s, fmt.Sprintf("%q", member(names[o.Name], k)))
		}
		if len(s) > 0 {
			fmt.Fprintf(b, "    edit %q\n        set member %s\n        set comment %q\n    next\n", names[o.Name], strings.Join(s, " "), firewall.Line(o.Comment, 200))
		}
	}
	fmt.Fprint(b, "end\n")
}

func member(name string, k int) string { return fmt.Sprintf("%s.%d", name, k+1) }

func mask(p netip.Prefix) string {
	var m [4]byte
	for i := range p.Bits() {
		m[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(m).String()
}

// services defines each service once.
func services(b *bufio.Writer, p *firewall.Policy) {
	fmt.Fprint(b, "config firewall service custom\n")
	seen := map[string]bool{"ALL": true}
	for i := range p.Rules {
		for _, s := range p.Rules[i].Services {
			name := service(s)
			if seen[name] {
				continue
			}
			seen[name] = true
			fmt.Fprintf(b, "    edit %q\n", name)
			switch {
			case s.Protocol == firewall.ICMP:
				fmt.Fprint(b, "        set protocol ICMP\n")
			case !s.Ports():
				fmt.Fprintf(b, "        set protocol IP\n        set protocol-number %d\n", s.Protocol)
			default:
				fmt.Fprintf(b, "        set protocol TCP/UDP/SCTP\n        set %s-portrange %d-%d\n", transport(s), s.First, s.Last)
			}
			fmt.Fprint(b, "    next\n")
		}
	}
	fmt.Fprint(b, "end\n")
}

func transport(s firewall.Service) string {
	return map[uint8]string{firewall.TCP: "tcp", firewall.UDP: "udp", firewall.SCTP: "sctp"}[s.Protocol]
}

func service(s firewall.Service) string {
	switch {
	case s.Protocol == 0:
		return "ALL"
	case !s.Ports():
		return fmt.Sprintf("bh-ip-%d", s.Protocol)
	}
	return fmt.Sprintf("bh-%s-%d-%d", transport(s), s.First, s.Last)
}
