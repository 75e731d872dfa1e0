package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// analyze runs the engine over one capture.
func analyze(file string) (*hub.State, error) {
	src, err := capture.Open(context.Background(), []string{file}, capture.Options{})
	if err != nil {
		return nil, err
	}
	defer src.Close()
	s, err := sensor.New(sensor.Options{Protocols: all.Protocols()})
	if err != nil {
		return nil, err
	}
	h := hub.New()
	if err := s.Run(context.Background(), src, h); err != nil {
		return nil, err
	}
	st := h.Close()
	return &st, nil
}

type edge struct{ protocol, src, dst, code string }

// address is the end as the truth writes it.
func address(e flow.End) string { return e.String() }

// counts of our operations, by direction as on the wire.
func counts(st *hub.State) map[edge]uint64 {
	m := make(map[edge]uint64)
	for _, c := range st.Conversations {
		for _, o := range c.Operations {
			m[edge{o.Function.Protocol, address(c.Client), address(c.Server), o.Function.Code}] += o.Requests
			m[edge{o.Function.Protocol, address(c.Server), address(c.Client), o.Function.Code}] += o.Responses - o.Paired
		}
	}
	return m
}

// aside tells codes of ours that the truth does not count by code.
func aside(e edge) bool {
	switch e.protocol {
	case "iec104":
		return strings.HasPrefix(e.code, "U ") || strings.HasPrefix(e.code, "S ")
	case "dnp3":
		return strings.HasPrefix(e.code, "link ")
	case "bacnet":
		return !strings.Contains(e.code, "confirmed ")
	case "mms":
		return e.code < "0" || e.code > "99"
	case "snmp":
		return e.code == "encrypted"
	}
	return false
}

// compare counts both sides, protocol by protocol.
func compare(name string, truth []record, st *hub.State) []row {
	ours, theirs := counts(st), make(map[edge]uint64)
	seen := make(map[string]bool)
	for i := range truth {
		r := &truth[i]
		if r.Type != "func" {
			continue
		}
		if p, code, ok := r.code(); ok {
			theirs[edge{p, r.Src, r.Dst, code}] += r.N
			seen[p] = true
		}
	}
	acks(ours, theirs)
	var rows []row
	for p := range seen {
		rows = append(rows, compareProtocol(name, p, ours, theirs))
	}
	return rows
}

// acks moves to "ack" what we count under a function and the truth, which
// does not pair, under S7comm's acknowledgement without one.
func acks(ours, theirs map[edge]uint64) {
	for e, n := range theirs {
		if e.code != "ack" {
			continue
		}
		left := n
		for o, m := range ours {
			if o.protocol == e.protocol && o.src == e.src && o.dst == e.dst && o.code != "ack" && m > theirs[o] && left > 0 {
				k := min(m-theirs[o], left)
				ours[o] -= k
				ours[e] += k
				left -= k
			}
		}
	}
}

func compareProtocol(name, p string, ours, theirs map[edge]uint64) row {
	r := row{capture: name, protocol: p}
	keys := make(map[edge]bool)
	for e := range ours {
		keys[e] = true
	}
	for e := range theirs {
		keys[e] = true
	}
	for e := range keys {
		if e.protocol != p || aside(e) {
			continue
		}
		o, t := ours[e], theirs[e]
		r.agreed += min(o, t)
		r.ours += o - min(o, t)
		r.theirs += t - min(o, t)
		if o != t {
			r.diffs = append(r.diffs, fmt.Sprintf("%s -> %s code %s: ours %d, theirs %d", e.src, e.dst, e.code, o, t))
		}
	}
	slices.Sort(r.diffs)
	return r
}

// unnamed lists texts that devices say about themselves, according to the
// truth, and that our document does not show.
func unnamed(name string, truth []record, st *hub.State) []string {
	doc, err := json.Marshal(report.Build(report.Capture{}, *st, nil))
	if err != nil {
		return []string{err.Error()}
	}
	text := strings.ToLower(string(doc))
	var out []string
	for i := range truth {
		r := &truth[i]
		if r.Type != "identity" {
			continue
		}
		for _, s := range r.texts() {
			q, _ := json.Marshal(strings.ToLower(s))
			if !strings.Contains(text, strings.Trim(string(q), `"`)) {
				out = append(out, fmt.Sprintf("%s: %s of %s: %q", name, r.Proto, r.Addr, s))
			}
		}
	}
	return out
}
