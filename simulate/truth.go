package simulate

import (
	"encoding/json"
	"io"
	"time"
)

// Truth is what is so in a simulated plant, for tests to hold results against.
type Truth struct {
	Schema        string    `json:"schema"` // "bulkhead.truth/1"
	Seed          uint64    `json:"seed"`
	Start         time.Time `json:"start"`
	Seconds       float64   `json:"seconds"`
	Hosts         []Host    `json:"hosts"`
	Conversations []Link    `json:"conversations"`
	Events        []Event   `json:"events"`
}

// Host is a station as the plant's owner would describe it.
type Host struct {
	Name     string  `json:"name"`
	IP       string  `json:"ip,omitempty"`
	MAC      string  `json:"mac,omitempty"`
	Role     string  `json:"role"` // by the names of package asset
	Vendor   string  `json:"vendor,omitempty"`
	Model    string  `json:"model,omitempty"`
	Firmware string  `json:"firmware,omitempty"`
	Purdue   float64 `json:"purdue_level"`
	Zone     string  `json:"zone"`
	External bool    `json:"external,omitempty"` // outside the plant
	Rogue    bool    `json:"rogue,omitempty"`    // does not belong there
	// Shown are the attributes that the capture states somewhere in clear.
	Shown []string `json:"shown,omitempty"`
}

// Link is who speaks what with whom.
type Link struct {
	Client    string `json:"client"`
	Server    string `json:"server"`
	Transport string `json:"transport"`
	Port      uint16 `json:"port,omitempty"`
	Protocol  string `json:"protocol"`
	Allowed   bool   `json:"allowed"` // the plant's owner wants it
}

// Event is something out of the ordinary.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Actor  string    `json:"actor"`
	Target string    `json:"target,omitempty"`
	Text   string    `json:"text"`
	Benign bool      `json:"benign"` // part of the plant's work
}

// Write writes the truth as JSON.
func (t *Truth) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(t)
}

// spoke notes a conversation once.
func (n *network) spoke(client, server *host, transport string, port uint16, protocol string) {
	l := Link{client.Name, server.Name, transport, port, protocol, !n.rogue}
	if server.Name == "" {
		l.Server = server.IP
	}
	if _, ok := n.links[l]; !ok {
		n.links[l] = len(n.truth.Conversations)
		n.truth.Conversations = append(n.truth.Conversations, l)
	}
}

// happened notes an event.
func (n *network) happened(at time.Duration, kind string, actor, target *host, text string) {
	e := Event{At: n.truth.Start.Add(at), Kind: kind, Actor: actor.Name, Text: text, Benign: !n.rogue}
	if target != nil {
		e.Target = target.Name
	}
	n.truth.Events = append(n.truth.Events, e)
}
