package asset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// known are the roles, in the order that decides between equals: what would
// be worst to overlook first.
var known = []string{
	"safety-controller", "plc", "rtu", "protection-relay", "drive", "robot", "cnc", "remote-io", "hmi", "engineering-station",
	"scada-server", "historian", "opc-server", "domain-controller", "firewall", "router", "switch", "access-point", "gateway",
	"building-controller", "meter", "sensor", "clock", "broker", "nas", "ups", "camera", "printer", "phone", "server", "workstation",
}

const (
	strengthen = 4  // what another family of evidence adds
	strongest  = 12 // all together
	certain    = 97 // never more: traffic does not prove what a thing is
	doubt      = 12 // how near another role must come to be named
)

// verdict is what speaks for one role.
type verdict struct {
	role  string
	score int
	whys  []evidence
}

// role weighs the evidence.
func (b *behaviour) role(m *matcher) Role {
	vs := weigh(b.evidence(m))
	if len(vs) == 0 || vs[0].score < 18 {
		return Role{Value: "unknown", Why: b.thin()}
	}
	best := vs[0]
	r := Role{Value: best.role, Why: b.reason(best)}
	score := best.score
	if len(vs) > 1 {
		if o := vs[1]; o.score >= 40 && best.score-o.score <= doubt {
			score -= 8
			r.Why += fmt.Sprintf("; it may also be a %s, for it %s", spoken(o.role), o.whys[0].why)
		}
	}
	r.Confidence = uint8(max(score, 1))
	return r
}

func spoken(role string) string { return strings.ReplaceAll(role, "-", " ") }

// weigh sums up the evidence by role, the best role first. Within a role the
// strongest reason counts, and each other family adds a little.
func weigh(es []evidence) []verdict {
	slices.SortStableFunc(es, func(x, y evidence) int {
		return cmp.Or(-cmp.Compare(x.confidence, y.confidence), strings.Compare(x.why, y.why))
	})
	var vs []verdict
	for _, e := range es {
		i := slices.IndexFunc(vs, func(v verdict) bool { return v.role == e.role })
		if i < 0 {
			vs = append(vs, verdict{role: e.role})
			i = len(vs) - 1
		}
		vs[i].add(e)
	}
	vs = slices.DeleteFunc(vs, func(v verdict) bool {
		return len(v.whys) == 1 && v.whys[0].family == "maker" && v.score < 44 // a maker of many things
	})
	slices.SortFunc(vs, func(x, y verdict) int {
		return cmp.Or(-cmp.Compare(x.score, y.score), cmp.Compare(rank(x.role), rank(y.role)), strings.Compare(x.role, y.role))
	})
	return vs
}

// rank is the place of a role among equals; roles that nobody knows come last.
func rank(role string) int {
	if i := slices.Index(known, role); i >= 0 {
		return i
	}
	return len(known)
}

// add takes a reason into account; the reasons come strongest first.
func (v *verdict) add(e evidence) {
	if slices.ContainsFunc(v.whys, func(o evidence) bool { return o.family == e.family }) {
		return
	}
	if len(v.whys) == 0 {
		v.score = min(e.confidence, certain)
	} else if e.confidence >= 25 && v.score-v.whys[0].confidence < strongest {
		v.score = min(v.score+strengthen, certain)
	}
	v.whys = append(v.whys, e)
}

// reason writes a sentence of the best reasons.
func (b *behaviour) reason(v verdict) string {
	var whys []string
	for _, e := range v.whys {
		if len(whys) < 3 && (len(whys) == 0 || e.confidence >= 25) {
			whys = append(whys, e.why)
		}
	}
	if n := b.clients(); n > 0 && fieldRole[v.role] {
		whys = append(whys, "is asked by "+plural(n, "client"))
	}
	return "it " + list(whys)
}

// fieldRole are the roles of what stands near the process.
var fieldRole = map[string]bool{
	"plc": true, "rtu": true, "safety-controller": true, "protection-relay": true, "drive": true, "remote-io": true, "robot": true, "cnc": true,
	"meter": true, "sensor": true, "building-controller": true, "gateway": true,
}

// clients counts who asks the thing by protocols of the field.
func (b *behaviour) clients() int {
	var all peers
	for k, a := range b.acts {
		if fields[k] != nil {
			all.join(&a.clients)
		}
	}
	return all.count()
}

// thin says what was seen where that tells nothing.
func (b *behaviour) thin() string {
	names := b.spoken()
	maker := ""
	if v := b.asset.Best(fact.Vendor); v != "" {
		maker = "; its maker is " + v
	}
	switch {
	case len(names) == 0 && b.asset.Packets == 0:
		return "others state its address; it sent nothing that was seen" + maker
	case len(names) == 0:
		return "nothing that it sent was recognised" + maker
	}
	was := " was"
	if len(names) > 1 {
		was = " were"
	}
	return "only " + list(names) + was + " seen" + maker
}

// evidence collects the reasons for all roles.
func (b *behaviour) evidence(m *matcher) []evidence {
	var es []evidence
	es = append(es, b.hints()...)
	es = append(es, b.services()...)
	s := b.supervises()
	for _, r := range rules {
		if e := r(b, &s); e.role != "" {
			es = append(es, e)
		}
	}
	return append(es, m.texts(b.asset)...)
}

// hints are roles that dissectors concluded.
func (b *behaviour) hints() []evidence {
	var es []evidence
	for _, v := range b.asset.Attributes[fact.RoleHint] {
		family := v.Protocol
		if family == "" {
			family = v.Source
		}
		es = append(es, evidence{v.Value, int(v.Confidence), "shows itself as " + spoken(v.Value) + " (" + v.Source + ")", family})
	}
	return es
}

// services are roles that follow from what the thing serves.
func (b *behaviour) services() []evidence {
	var es []evidence
	for _, k := range b.keys {
		a := b.acts[k]
		if !a.server {
			continue
		}
		if f := fields[k]; f != nil {
			verb := "answers "
			if a.protocol == "" {
				verb = "serves "
			}
			family := k
			if f.family != "" {
				family = f.family
			}
			es = append(es, evidence{f.role, f.confidence, verb + f.title, family})
			if k == "cip" && a.served[fact.Read]+a.served[fact.Write] >= 20 {
				es = append(es, evidence{"plc", 58, "has tags read or written by CIP", "cip tags"})
			}
		}
		if s, ok := served[k]; ok {
			es = append(es, evidence{s.role, s.confidence, s.why, k})
		}
	}
	if b.acts["stp"] != nil {
		es = append(es, evidence{"switch", served["stp"].confidence, served["stp"].why, "stp"})
	}
	return es
}
