// Package mikrotik writes a policy as a script for RouterOS 6 and 7: address
// lists and rules of the chain forward. The firewall keeps state.
package mikrotik

import (
	"bufio"
	"fmt"
	"io"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "mikrotik",
	Title: "MikroTik RouterOS",
	About: "Load with '/import file-name=FILE'. What an earlier import left, marked by comments that begin with 'bulkhead', is removed first; enter safe mode before, so that a mistake reverts by itself. IPv6 addresses cannot be expressed and are an error.",
	Write: write,
}

func write(w io.Writer, p *firewall.Policy) error {
	if err := firewall.OnlyIPv4("mikrotik", p); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	names := firewall.Names(p.ObjectNames(), 60, "-")
	fmt.Fprintf(b, "# %s\n/ip firewall filter remove [find comment~\"^bulkhead\"]\n/ip firewall address-list remove [find comment~\"^bulkhead\"]\n/ip firewall address-list\n", firewall.Line("Bulkhead: "+p.Name, 100))
	for i := range p.Objects {
		o := &p.Objects[i]
		for _, x := range o.Prefixes {
			fmt.Fprintf(b, "add list=%s address=%s comment=%s\n", names[o.Name], x, quote("bulkhead "+o.Name))
		}
	}
	fmt.Fprint(b, "/ip firewall filter\nadd chain=forward action=accept connection-state=established,related comment=\"bulkhead answers\"\nadd chain=forward action=drop connection-state=invalid comment=\"bulkhead invalid\"\n")
	for i := range p.Rules {
		r := &p.Rules[i]
		for _, s := range r.Services {
			fmt.Fprintf(b, "add chain=forward action=accept src-address-list=%s dst-address-list=%s%s comment=%s\n",
				names[p.Objects[r.From].Name], names[p.Objects[r.To].Name], service(s), quote("bulkhead "+r.Comment()))
		}
	}
	fmt.Fprint(b, "add chain=forward action=drop log=yes log-prefix=\"bulkhead deny\" comment=\"bulkhead what no conduit allows\"\n")
	return b.Flush()
}

// quote writes a text for the script language, in which $ begins a variable.
func quote(s string) string {
	out := []byte{'"'}
	for _, c := range []byte(firewall.Line(s, 200)) {
		if c == '$' {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return string(append(out, '"'))
}

func service(s firewall.Service) string {
	switch {
	case s.Protocol == 0:
		return ""
	case !s.Ports():
		return fmt.Sprintf(" protocol=%d", s.Protocol)
	}
	return fmt.Sprintf(" protocol=%d dst-port=%d-%d", s.Protocol, s.First, s.Last)
}
