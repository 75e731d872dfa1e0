// Package report makes documents of the plant's state: for programs as JSON,
// for people as text and HTML.
package report

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Schema names the version of the analysis document. Fields may be added to
// it, never renamed.
const Schema = "bulkhead.analysis/1"

// Analysis is the document that bulkhead analyze writes.
type Analysis struct {
	Schema        string         `json:"schema"`
	Capture       Capture        `json:"capture"`
	Protocols     []Protocol     `json:"protocols"`
	Assets        []Asset        `json:"assets"`
	External      []External     `json:"external"`
	Conversations []Conversation `json:"conversations"`
	Zones         []Zone         `json:"zones"`
	Conduits      []Conduit      `json:"conduits"`
	Findings      []Finding      `json:"findings"`
	Alerts        []struct{}     `json:"alerts"`
	Omitted       []string       `json:"omitted,omitempty"` // what this version does not answer yet, in words
}

// Capture says what was read and how good it was.
type Capture struct {
	Sources []Source `json:"sources"`
	Quality Quality  `json:"quality"`
}

// Source is one file or interface.
type Source struct {
	Name     string `json:"name"`
	Format   string `json:"format"`
	LinkType string `json:"link_type"`
	Packets  uint64 `json:"packets"`
	Bytes    uint64 `json:"bytes"`
	First    Time   `json:"first"`
	Last     Time   `json:"last"`
	Dropped  uint64 `json:"dropped,omitempty"`
	Error    string `json:"error,omitempty"`
}

// Quality is the verdict on the capture, with what it rests on.
type Quality struct {
	Verdict        string            `json:"verdict"`
	Reasons        []string          `json:"reasons"`
	LostSegments   uint64            `json:"lost_segments"` // places in TCP streams where bytes are missing
	LostBytes      uint64            `json:"lost_bytes"`
	Sessions       uint64            `json:"sessions"` // TCP connections with payload
	OneWaySessions uint64            `json:"one_way_sessions"`
	Duplicates     uint64            `json:"duplicates"`
	Truncated      uint64            `json:"truncated"`
	Undecoded      uint64            `json:"undecoded"`
	OutOfOrder     uint64            `json:"out_of_order"`
	Retransmitted  uint64            `json:"retransmitted"`
	Fragments      uint64            `json:"fragments"`
	HalfTagged     uint64            `json:"half_tagged"`
	ClockJumps     uint64            `json:"clock_jumps"`
	Dropped        uint64            `json:"dropped"`
	Encapsulations map[string]uint64 `json:"encapsulations,omitempty"`
}

// Protocol is what was seen of one protocol.
type Protocol struct {
	Protocol  string `json:"protocol"`
	Title     string `json:"title,omitempty"`
	Packets   uint64 `json:"packets"`
	Messages  uint64 `json:"messages"`
	Malformed uint64 `json:"malformed"`
	Bytes     uint64 `json:"bytes"`
	Carrier   string `json:"carrier,omitempty"` // the protocol that it was carried in, which counts the packets
}

// Asset is one thing in the plant.
type Asset struct {
	ID          string                `json:"id"`
	Name        string                `json:"name"` // the best short name for a person
	Interfaces  []Interface           `json:"interfaces"`
	Role        Role                  `json:"role"`
	PurdueLevel *float64              `json:"purdue_level"`
	PurdueWhy   string                `json:"purdue_why,omitempty"`
	Attributes  map[fact.Attr][]Value `json:"attributes"`
	Parts       []Part                `json:"parts,omitempty"`
	Conflicts   []Conflict            `json:"conflicts,omitempty"`
	Merged      []string              `json:"merged,omitempty"` // why several addresses are this one asset
	Protocols   []Use                 `json:"protocols"`
	FirstSeen   Time                  `json:"first_seen"`
	LastSeen    Time                  `json:"last_seen"`
	Frame       uint64                `json:"frame"`
	Packets     uint64                `json:"packets"`
	Bytes       uint64                `json:"bytes"`
}

// Interface is one network interface.
type Interface struct {
	MAC  string   `json:"mac,omitempty"`
	IPs  []string `json:"ips"`
	VLAN uint16   `json:"vlan,omitempty"`
}

// Role is what an asset does, with why we say so.
type Role struct {
	Value      string `json:"value"`
	Confidence uint8  `json:"confidence"`
	Why        string `json:"why"`
}

// Value is one value of an attribute.
type Value struct {
	Value      string `json:"value"`
	Source     string `json:"source"`
	Confidence uint8  `json:"confidence"`
	First      Time   `json:"first"`
	Last       Time   `json:"last"`
	Frame      uint64 `json:"frame"`
	Count      uint64 `json:"count"`
}

// Part is a piece inside or behind an asset.
type Part struct {
	Name       string                `json:"name"`
	Attributes map[fact.Attr][]Value `json:"attributes"`
}

// Conflict is a contradiction about an asset.
type Conflict struct {
	Text   string   `json:"text"`
	Frames []uint64 `json:"frames"`
}

// Use is a protocol that an asset speaks.
type Use struct {
	Protocol string `json:"protocol"`
	As       string `json:"as"`
}

// External is a peer outside the plant; all of them are the asset "internet".
type External struct {
	IP        string   `json:"ip"`
	Names     []string `json:"names"`
	Packets   uint64   `json:"packets"`
	Bytes     uint64   `json:"bytes"`
	FirstSeen Time     `json:"first_seen"`
	LastSeen  Time     `json:"last_seen"`
	Frame     uint64   `json:"frame"`
}

// End is one end of a conversation.
type End struct {
	Asset asset.ID `json:"asset,omitempty"`
	IP    string   `json:"ip,omitempty"`
	MAC   string   `json:"mac,omitempty"`
	Group bool     `json:"group,omitempty"` // broadcast or multicast
	Many  bool     `json:"many,omitempty"`  // hosts too many to list
}

// Conversation is all that was exchanged between a client and a server by one
// protocol on one port.
type Conversation struct {
	Client         End           `json:"client"`
	Server         End           `json:"server"`
	Transport      string        `json:"transport"`
	ServerPort     *uint16       `json:"server_port,omitempty"`
	Number         uint32        `json:"number,omitempty"` // EtherType, SAP or IP protocol
	Ports          int           `json:"ports,omitempty"`  // how many server ports are folded into this row
	Protocol       string        `json:"protocol"`
	Recognised     bool          `json:"recognised"`
	PortProtocol   string        `json:"port_protocol,omitempty"` // what the port is registered for, when the content is another
	Reverse        bool          `json:"reverse,omitempty"`       // asked by the end that accepted the connection
	ClientCertain  bool          `json:"client_certain"`
	VLAN           uint16        `json:"vlan,omitempty"`
	Packets        uint64        `json:"packets"`
	Bytes          uint64        `json:"bytes"`
	ClientPackets  uint64        `json:"client_packets"`
	ClientBytes    uint64        `json:"client_bytes"`
	ServerPackets  uint64        `json:"server_packets"`
	ServerBytes    uint64        `json:"server_bytes"`
	ClientPayload  uint64        `json:"client_payload"`
	ServerPayload  uint64        `json:"server_payload"`
	Flows          uint64        `json:"flows"`
	Refused        uint64        `json:"refused,omitempty"`
	Unanswered     uint64        `json:"unanswered,omitempty"` // connections opened and never accepted nor refused
	LostBytes      uint64        `json:"lost_bytes,omitempty"`
	Retransmitted  uint64        `json:"retransmitted,omitempty"`
	Duplicates     uint64        `json:"duplicates,omitempty"`
	Messages       uint64        `json:"messages"`
	Malformed      uint64        `json:"malformed,omitempty"`
	MalformedWhy   string        `json:"malformed_why,omitempty"`
	MalformedFrame uint64        `json:"malformed_frame,omitempty"`
	First          Time          `json:"first"`
	Last           Time          `json:"last"`
	Frame          uint64        `json:"frame"`
	Operations     []Operation   `json:"operations"`
	Session        []SessionFact `json:"session,omitempty"`
	Crowded        bool          `json:"crowded,omitempty"` // some details were not kept
}

// Operation is what one function did in a conversation.
type Operation struct {
	Protocol  string   `json:"protocol,omitempty"` // when it is another than the conversation's
	Code      string   `json:"code"`
	Function  string   `json:"function"`
	Class     string   `json:"class"`
	Object    string   `json:"object,omitempty"`
	Requests  uint64   `json:"requests"`
	Responses uint64   `json:"responses"`
	Errors    uint64   `json:"errors"`
	Status    string   `json:"status,omitempty"` // of the first error
	Reply     bool     `json:"reply,omitempty"`  // an answer's own code; counted as response of its request's code too
	Cycle     *Cycle   `json:"cycle,omitempty"`
	First     Time     `json:"first"`
	Last      Time     `json:"last"`
	Frame     uint64   `json:"frame"`
	Targets   []Target `json:"targets,omitempty"`
	Missed    uint64   `json:"targets_not_kept,omitempty"`
}

// Cycle describes regular repetition, in seconds.
type Cycle struct {
	Period float64 `json:"period"`
	Jitter float64 `json:"jitter"` // standard deviation
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// Target is the very thing that was read, written or called.
type Target struct {
	Text    string  `json:"text"`
	Unit    *uint32 `json:"unit,omitempty"`
	First   *uint64 `json:"first_address,omitempty"`
	Count   uint32  `json:"count,omitempty"`
	Name    string  `json:"name,omitempty"`
	Times   uint64  `json:"times"`
	Errors  uint64  `json:"errors,omitempty"`
	Value   string  `json:"value,omitempty"`   // the last one
	Changes uint64  `json:"changes,omitempty"` // of the value
	Cycle   *Cycle  `json:"cycle,omitempty"`
	Frame   uint64  `json:"frame"`
}

// SessionFact is what a session agreed upon.
type SessionFact struct {
	Attribute  fact.Attr `json:"attribute"`
	Value      string    `json:"value"`
	Source     string    `json:"source"`
	Confidence uint8     `json:"confidence"`
	First      Time      `json:"first"`
	Last       Time      `json:"last"`
	Frame      uint64    `json:"frame"`
	Count      uint64    `json:"count"`
}

// Finding is a standing weakness that the traffic shows.
type Finding struct {
	ID       string   `json:"id"`
	Check    string   `json:"check"`
	Title    string   `json:"title"`
	Severity string   `json:"severity"`
	Assets   []string `json:"assets"`
	Text     string   `json:"text"`
	Frames   []uint64 `json:"frames"`
}

// Time is ns since 1970 UTC, written as RFC 3339 with nanoseconds; zero is null.
type Time int64

// MarshalJSON writes the time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	b := make([]byte, 0, 40)
	b = append(b, '"')
	b = append(b, t.String()...)
	return append(b, '"'), nil
}

// String writes the time in UTC. Years that RFC 3339 cannot express are cut
// to the last that it can.
func (t Time) String() string {
	return time.Unix(0, int64(t)).UTC().Format("2006-01-02T15:04:05.000000000Z")
}
