package goose

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// maxStreams is how many control blocks a session tells apart.
const maxStreams = 16

// stream is what is known of one control block.
type stream struct {
	used         bool
	appID        uint16
	ref          uint64 // hash of the control block's reference
	stNum, sqNum uint32
	confRev      uint32
	data         uint64 // hash of the data set
}

// stream finds the control block's entry or takes the oldest.
func (s *session) stream(m *message) (st *stream, fresh bool) {
	ref := sum(m.gocbRef)
	for i := range s.streams {
		if st = &s.streams[i]; st.used && st.ref == ref && st.appID == m.appID {
			return st, false
		}
	}
	st = &s.streams[s.next%maxStreams]
	s.next++
	*st = stream{used: true, appID: m.appID, ref: ref}
	return st, true
}

// jump is by how much a state number may grow at once before it is told:
// less may be frames that the capture missed.
const jump = 100

// watch compares a message with the one before. A publisher raises stNum by
// one when a value changes and restarts sqNum; else it repeats the same values
// with sqNum raised by one. After a restart it begins with stNum 1.
func watch(c *proto.Context, st *stream, m *message, fresh bool) {
	data := sum(m.data)
	if !fresh {
		note := ""
		switch {
		case m.stNum == st.stNum && m.sqNum == st.sqNum && data == st.data:
			// A copy: redundant network or mirror of two ports.
		case m.stNum < st.stNum && m.stNum > 1:
			note = "GOOSE state number went back"
		case m.stNum == st.stNum && data != st.data:
			note = "GOOSE data changed without a new state number"
		case m.stNum == st.stNum && m.sqNum <= st.sqNum && m.sqNum > 1:
			note = "GOOSE sequence number went back"
		case m.stNum > st.stNum && m.stNum-st.stNum > jump:
			note = "GOOSE state number jumped"
		}
		c.Say(fact.Conversation, fact.SessionNote, note, "GOOSE state and sequence numbers", 80)
		if m.confRev != st.confRev {
			c.Say(fact.Conversation, fact.SessionNote, "GOOSE configuration revision changed", "GOOSE configuration revision", 90)
		}
	}
	if m.test || m.simulated {
		c.Say(fact.Conversation, fact.SessionNote, "GOOSE marked as test or simulation", "GOOSE test flag", 90)
	}
	if m.commission {
		c.Say(fact.Conversation, fact.SessionNote, "GOOSE control block needs commissioning", "GOOSE needs commissioning", 90)
	}
	st.stNum, st.sqNum, st.confRev, st.data = m.stNum, m.sqNum, m.confRev, data
}
