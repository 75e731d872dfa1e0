package export

import (
	"crypto/sha1" // of UUID version 5 (RFC 9562, 5.5), no protection
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
)

// oscalVersion is the edition of the OSCAL models that is written.
const oscalVersion = "1.2.0"

// namespace of our properties; OSCAL asks for a URI, which need not resolve.
const namespace = "https://bulkhead-ot.github.io/ns/oscal"

type (
	oscalDocument struct {
		Results oscalResults `json:"assessment-results"`
	}
	oscalResults struct {
		UUID     string        `json:"uuid"`
		Metadata oscalMetadata `json:"metadata"`
		Plan     oscalHref     `json:"import-ap"`
		Results  []oscalResult `json:"results"`
		Back     oscalBack     `json:"back-matter"`
	}
	oscalMetadata struct {
		Title    string `json:"title"`
		Modified string `json:"last-modified"`
		Version  string `json:"version"`
		OSCAL    string `json:"oscal-version"`
	}
	oscalHref struct {
		Href string `json:"href"`
	}
	oscalBack struct {
		Resources []oscalResource `json:"resources"`
	}
	oscalResource struct {
		UUID        string      `json:"uuid"`
		Title       string      `json:"title"`
		Description string      `json:"description,omitempty"`
		Links       []oscalLink `json:"rlinks,omitempty"`
	}
	oscalLink struct {
		Href   string      `json:"href"`
		Hashes []oscalHash `json:"hashes,omitempty"`
	}
	oscalHash struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"value"`
	}
	oscalResult struct {
		UUID         string             `json:"uuid"`
		Title        string             `json:"title"`
		Description  string             `json:"description"`
		Start        string             `json:"start"`
		End          string             `json:"end,omitempty"`
		Local        *oscalLocal        `json:"local-definitions,omitempty"`
		Reviewed     oscalReviewed      `json:"reviewed-controls"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
		Remarks      string             `json:"remarks,omitempty"`
	}
	oscalLocal struct {
		Inventory []oscalItem `json:"inventory-items"`
	}
	oscalItem struct {
		UUID        string      `json:"uuid"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props,omitempty"`
	}
	oscalProp struct {
		Name  string `json:"name"`
		NS    string `json:"ns,omitempty"`
		Value string `json:"value"`
	}
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Description string         `json:"description"`
		Include     []oscalControl `json:"include-controls"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Props       []oscalProp     `json:"props,omitempty"`
		Methods     []string        `json:"methods"`
		Types       []string        `json:"types"`
		Subjects    []oscalSubject  `json:"subjects,omitempty"`
		Evidence    []oscalEvidence `json:"relevant-evidence,omitempty"`
		Collected   string          `json:"collected"`
		Expires     string          `json:"expires,omitempty"`
	}
	oscalSubject struct {
		UUID string `json:"subject-uuid"`
		Type string `json:"type"`
	}
	oscalEvidence struct {
		Href        string `json:"href,omitempty"`
		Description string `json:"description"`
	}
	oscalFinding struct {
		UUID        string         `json:"uuid"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		Props       []oscalProp    `json:"props,omitempty"`
		Target      oscalTarget    `json:"target"`
		Related     []oscalRelated `json:"related-observations,omitempty"`
	}
	oscalTarget struct {
		Type   string      `json:"type"`
		ID     string      `json:"target-id"`
		Status oscalStatus `json:"status"`
	}
	oscalStatus struct {
		State   string `json:"state"`
		Reason  string `json:"reason,omitempty"`
		Remarks string `json:"remarks,omitempty"`
	}
	oscalRelated struct {
		UUID string `json:"observation-uuid"`
	}
)

// OSCAL writes assessment results: one result per standard, one finding per
// requirement of which something is known, one observation per answer of a
// check and per attestation. OSCAL knows satisfied and not-satisfied only;
// the verdict itself is a property.
func OSCAL(w io.Writer, d *assess.Assessment) error {
	o := &oscal{d: d, seed: d.Date + d.First + d.Last + strings.Join(d.Capture.Names, "\x00")}
	doc := oscalDocument{oscalResults{
		UUID:     o.uuid("document"),
		Metadata: oscalMetadata{"Assessment of " + d.Date + " by Bulkhead", d.Date + "T00:00:00Z", d.Date, oscalVersion},
		Plan:     oscalHref{"#" + o.uuid("plan")},
		Back: oscalBack{[]oscalResource{{UUID: o.uuid("plan"), Title: "How Bulkhead assesses",
			Description: "Passive observation of network traffic and attestations by people; see docs/assess.md."}}},
		Results: []oscalResult{},
	}}
	for _, s := range d.Standards {
		if rows := pick(d, "plant", s.Standard); len(rows) > 0 {
			if r, ok := o.result(&s, rows); ok {
				doc.Results.Results = append(doc.Results.Results, r)
			}
		}
	}
	if len(doc.Results.Results) == 0 {
		return fmt.Errorf("OSCAL: nothing is known of any requirement, and a document without results is not valid")
	}
	for _, a := range d.Attestations {
		if a.Document != "" {
			doc.Results.Back.Resources = append(doc.Results.Back.Resources, oscalResource{UUID: o.uuid("doc" + a.Requirement + a.Zone), Title: a.Document,
				Links: []oscalLink{{a.Document, []oscalHash{{"SHA-256", a.SHA256}}}}})
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

type oscal struct {
	d    *assess.Assessment
	seed string
}

// uuid is made from a name, so that the same assessment has the same ones.
func (o *oscal) uuid(name string) string {
	h := sha1.Sum([]byte(namespace + "\x00" + o.seed + "\x00" + name))
	h[6], h[8] = h[6]&0x0f|0x50, h[8]&0x3f|0x80
	x := hex.EncodeToString(h[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// token makes an id that OSCAL takes: it starts with a letter and has no
// spaces or brackets.
func token(std, id string) string {
	return std + "_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, id)
}

func (o *oscal) result(s *assess.Summary, rows []*assess.Status) (oscalResult, bool) {
	r := oscalResult{
		UUID: o.uuid("result" + s.Standard), Title: s.Name + " " + s.Edition,
		Description: fmt.Sprintf("%d requirements: %d proven, %d supported, %d refuted, %d silent of which %d attested.", s.Total, s.Proven, s.Supported, s.Refuted, s.Silent, s.Attested),
		Start:       or(o.d.First, o.d.Date+"T00:00:00Z"), End: o.d.Last,
		Remarks: strings.Join(o.d.Notes, " "),
	}
	sel := oscalSelection{Description: "Requirements of which something is known"}
	seen := make(map[int]bool)
	items := make(map[asset.ID]bool)
	for _, x := range rows {
		if x.Verdict == assess.Silent && x.Attestation == nil {
			continue
		}
		sel.Include = append(sel.Include, oscalControl{token(x.Standard, x.ID)})
		f := o.finding(x)
		if x.Result >= 0 {
			f.Related = append(f.Related, oscalRelated{o.uuid(fmt.Sprint("result", s.Standard, x.Result))})
			if !seen[x.Result] {
				seen[x.Result] = true
				r.Observations = append(r.Observations, o.observed(s.Standard, x.Result, items))
			}
		}
		if x.Attestation != nil {
			r.Observations = append(r.Observations, o.attested(x))
			f.Related = append(f.Related, oscalRelated{o.uuid("attested" + x.Standard + x.ID)})
		}
		r.Findings = append(r.Findings, f)
	}
	r.Reviewed.Selections = []oscalSelection{sel}
	if len(items) > 0 {
		r.Local = &oscalLocal{}
		for _, id := range sorted(items) {
			r.Local.Inventory = append(r.Local.Inventory, oscalItem{o.uuid("asset" + s.Standard + string(id)), "Asset " + string(id), []oscalProp{{"asset-id", "", string(id)}}})
		}
	}
	return r, len(sel.Include) > 0
}

func (o *oscal) finding(x *assess.Status) oscalFinding {
	f := oscalFinding{
		UUID: o.uuid("finding" + x.Standard + x.ID), Title: x.ID + " " + x.Title, Description: or(x.Why, x.Verdict.String()),
		Props:  []oscalProp{{"verdict", namespace, x.Verdict.String()}},
		Target: oscalTarget{Type: "objective-id", ID: token(x.Standard, x.ID), Status: oscalStatus{State: "not-satisfied", Reason: "fail"}},
	}
	switch {
	case x.Met(assess.ByProof):
		f.Target.Status = oscalStatus{State: "satisfied", Reason: "pass"}
	case x.Met(assess.Claimed) && x.Attestation.Counts():
		f.Target.Status = oscalStatus{State: "satisfied", Reason: "pass", Remarks: "attested, not proven by traffic"}
	case x.Verdict == assess.Supported:
		f.Target.Status = oscalStatus{State: "not-satisfied", Reason: "other", Remarks: "supported by traffic, not proven"}
	case x.Conflict != "":
		f.Target.Status.Remarks = x.Conflict
	}
	return f
}

func (o *oscal) observed(std string, i int, items map[asset.ID]bool) oscalObservation {
	r := &o.d.Results[i]
	ob := oscalObservation{
		UUID: o.uuid(fmt.Sprint("result", std, i)), Title: "check " + r.Check, Description: r.Why,
		Props:   []oscalProp{{"check", namespace, r.Check}, {"verdict", namespace, r.Verdict.String()}},
		Methods: []string{"EXAMINE"}, Types: []string{"finding"}, Collected: or(o.d.Last, o.d.Date+"T00:00:00Z"),
	}
	mine := make(map[asset.ID]bool)
	for _, e := range r.Evidence {
		ob.Evidence = append(ob.Evidence, oscalEvidence{Description: e.Text + frames(e.Frames)})
		for _, id := range e.Assets {
			if id != asset.Internet {
				items[id], mine[id] = true, true
			}
		}
	}
	for _, id := range sorted(mine) {
		ob.Subjects = append(ob.Subjects, oscalSubject{o.uuid("asset" + std + string(id)), "inventory-item"})
	}
	return ob
}

func (o *oscal) attested(x *assess.Status) oscalObservation {
	a := x.Attestation
	ob := oscalObservation{
		UUID: o.uuid("attested" + x.Standard + x.ID), Title: "attestation by " + a.Owner, Description: a.Statement,
		Props:   []oscalProp{{"state", namespace, string(a.State)}},
		Methods: []string{"INTERVIEW"}, Types: []string{"control-objective"}, Collected: or(a.Date, o.d.Date) + "T00:00:00Z", Expires: a.Expires + "T00:00:00Z",
	}
	if a.Document != "" {
		ob.Evidence = []oscalEvidence{{Href: "#" + o.uuid("doc"+a.Requirement+a.Zone), Description: a.Document + " SHA-256 " + a.SHA256}}
	}
	return ob
}

func sorted(m map[asset.ID]bool) []asset.ID { return slices.Sorted(maps.Keys(m)) }
