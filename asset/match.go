package asset

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// orderNumber judges an order number of Siemens (MLFB).
func orderNumber(v string) (role string, confidence int) {
	s := strings.ToUpper(strings.NewReplacer(" ", "", "_", "").Replace(v))
	best := 0
	for i := range siemens {
		p := &siemens[i]
		if len(p.prefix) > best && strings.HasPrefix(s, p.prefix) {
			best, role, confidence = len(p.prefix), p.role, p.confidence
		}
	}
	if role == "plc" && failsafe(s) {
		return "safety-controller", 93
	}
	return role, confidence
}

// failsafe tells the F-CPUs of S7: an F as the first letter behind the dash
// (S7-300, S7-400, S7-1500), or as the second in the S7-1200 family.
func failsafe(s string) bool {
	if len(s) < 11 || !strings.HasPrefix(s, "6ES7") || s[7] != '-' {
		return false
	}
	switch s[4] {
	case '1', '3', '4', '5':
		return s[9] == 'F'
	case '2':
		return s[10] == 'F'
	}
	return false
}

// matcher finds the words in texts. It remembers texts, for there are many
// devices of a kind.
type matcher struct {
	byStart [256][]entry
	names   [256][]entry
	memory  map[string][]evidence
}

type entry struct {
	text       string
	open       bool // may go on
	role       string
	confidence int
}

func newMatcher() *matcher {
	m := &matcher{memory: make(map[string][]evidence)}
	for _, w := range words {
		addWords(&m.byStart, w.words, w.role, w.confidence)
	}
	for _, w := range nameWords {
		addWords(&m.names, w.words, w.role, 46)
	}
	return m
}

func addWords(to *[256][]entry, words, role string, confidence int) {
	for w := range strings.SplitSeq(strings.ToLower(words), "|") {
		text, open := strings.CutSuffix(w, "*")
		if text == "" {
			continue
		}
		to[text[0]] = append(to[text[0]], entry{text, open, role, confidence})
	}
}

// told are the attributes that tell what a device is, and how far their words
// are to be trusted, in percent.
var told = []struct {
	attr  fact.Attr
	trust int
	verb  string
}{
	{fact.Model, 100, "is of the model "}, {fact.OrderNumber, 100, "has the order number "}, {fact.DeviceType, 100, "calls itself "}, {fact.Description, 88, "describes itself as "},
	{fact.Software, 85, "runs "}, {fact.OS, 100, "runs "}, {fact.Service, 70, "offers "}, {fact.Hardware, 60, "has the hardware "},
}

// texts is the evidence in what a device says of itself, of its parts, and in
// its names and makers.
func (m *matcher) texts(a *Asset) []evidence {
	var es []evidence
	for _, t := range told {
		for i, v := range a.Attributes[t.attr] {
			if i < 6 {
				es = append(es, m.text(t.attr, &v, t.trust, t.verb)...)
			}
		}
	}
	for _, p := range a.Parts {
		for _, k := range [...]fact.Attr{fact.Model, fact.OrderNumber, fact.DeviceType} {
			for _, v := range p.Attributes[k] {
				for _, e := range m.text(k, &v, 85, "has in "+p.Name+" a ") {
					if e.role == "plc" || e.role == "safety-controller" {
						e.family = "part " + string(k)
						es = append(es, e)
					}
				}
			}
		}
	}
	for _, k := range [...]fact.Attr{fact.DeviceName, fact.Hostname} {
		for i, v := range a.Attributes[k] {
			if i < 3 && v.Confidence >= 50 {
				es = append(es, m.name(v.Value)...)
			}
		}
	}
	for _, v := range a.Attributes[fact.Vendor] {
		if h, ok := makers[maker(v.Value)]; ok {
			es = append(es, evidence{h.role, h.confidence, "was made by " + strings.TrimSuffix(v.Value, ","), "maker"})
		}
	}
	return es
}

func (m *matcher) text(k fact.Attr, v *Value, trust int, verb string) []evidence {
	found := m.lookUp(v.Value, k == fact.OrderNumber)
	es := make([]evidence, 0, len(found))
	prose := k != fact.Model && k != fact.OrderNumber && k != fact.DeviceType
	for _, e := range found {
		if prose && len(e.why) < 4 {
			continue // too short a word to find in prose
		}
		e.confidence = e.confidence * trust / 100 * int(max(v.Confidence, 50)) / 100
		e.why = verb + v.Value
		e.family = string(k)
		es = append(es, e)
	}
	return es
}

func (m *matcher) lookUp(value string, order bool) []evidence {
	key := value
	if order {
		key = "#" + value
	}
	if es, ok := m.memory[key]; ok {
		return es
	}
	var es []evidence
	if order {
		if role, c := orderNumber(value); role != "" {
			es = append(es, evidence{role: role, confidence: c, why: value})
		}
	}
	if es == nil {
		es = search(&m.byStart, value)
	}
	m.memory[key] = es
	return es
}

func (m *matcher) name(value string) []evidence {
	es := search(&m.names, value)
	for i := range es {
		es[i].why, es[i].family = "is called "+value, "name"
	}
	return es
}

// search finds the words of a table in a text; the longest one at a place.
func search(table *[256][]entry, value string) []evidence {
	s := strings.ToLower(value)
	var es []evidence
	for i := range len(s) {
		if i > 0 && wordy(s[i-1]) {
			continue
		}
		var best *entry
		for j := range table[s[i]] {
			e := &table[s[i]][j]
			if !strings.HasPrefix(s[i:], e.text) || best != nil && len(e.text) < len(best.text) {
				continue
			}
			if end := i + len(e.text); !e.open && end < len(s) && wordy(s[end]) {
				continue
			}
			best = e
		}
		if best != nil {
			es = append(es, evidence{role: best.role, confidence: best.confidence, why: best.text})
		}
	}
	return es
}

func wordy(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}
