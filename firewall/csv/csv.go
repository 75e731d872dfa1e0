// Package csv writes a policy as a table for people, one line for each rule,
// pair of prefixes and service, as RFC 4180 has it.
package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/bulkhead-ot/bulkhead/firewall"
)

// Format is the manual page and the writer.
var Format = firewall.Format{
	Name:  "csv",
	Title: "Table for people (CSV)",
	About: "One line for each rule and service, with all addresses, owner, reason and expiry; the last line denies the rest. For a firewall that is configured by hand.",
	Write: write,
}

func write(w io.Writer, p *firewall.Policy) error {
	t := csv.NewWriter(w)
	lines := [][]string{{"number", "action", "conduit", "from", "from_addresses", "to", "to_addresses", "ip_protocol", "port_from", "port_to", "for", "owner", "reason", "expires", "log"}}
	for i := range p.Rules {
		r := &p.Rules[i]
		from, to := &p.Objects[r.From], &p.Objects[r.To]
		for _, s := range r.Services {
			protocol, first, last := "any", "", ""
			if s.Protocol != 0 {
				protocol = fmt.Sprint(s.Protocol)
			}
			if s.Ports() {
				first, last = fmt.Sprint(s.First), fmt.Sprint(s.Last)
			}
			lines = append(lines, []string{fmt.Sprint(len(lines)), "allow", r.Name, from.Name, addresses(from), to.Name, addresses(to), protocol, first, last, s.Of,
				text(string(r.Owner)), text(r.Reason), r.Expires.String(), "no"})
		}
	}
	lines = append(lines, []string{fmt.Sprint(len(lines)), "deny", "", "any", "", "any", "", "any", "", "", "", "", "what no conduit allows", "", "yes"})
	if err := t.WriteAll(lines); err != nil {
		return err
	}
	return t.Error()
}

func addresses(o *firewall.Object) string {
	var s []string
	for _, p := range o.Prefixes {
		s = append(s, p.String())
	}
	return strings.Join(s, " ")
}

// text keeps a spreadsheet from taking what people wrote for a formula.
func text(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
