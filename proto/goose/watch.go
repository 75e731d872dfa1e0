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
	time         int64  // of the message, ns
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

// copyTime is how much later than the first a copy may come, in ns; restart is
// up to which sqNum a publisher that begins with stNum 1 is taken to have
// started anew, in case its first messages were missed.
const (
	copyTime = 50e6
	restart  = 3
)

// watch compares a message with the one before. A publisher raises stNum by
// one when a value changes and restarts sqNum; else it repeats the same values
// with sqNum raised by one. After a restart it begins with stNum 1.
func watch(c *proto.Context, st *stream, m *message, fresh bool) {
	data := sum(m.data)
	if !fresh {
		note, confidence := "", uint8(80)
		switch {
		case m.stNum == st.stNum && m.sqNum == st.sqNum && data == st.data:
			// A redundant network or a mirror of two ports brings copies at once.
			if c.Time-st.time > copyTime {
				note = "GOOSE sequence number repeated"
			}
		case m.stNum < st.stNum && (m.stNum > 1 || m.sqNum > restart):
			note = "GOOSE state number went back"
		case m.stNum == st.stNum && data != st.data:
			// Some devices do so between two changes that follow at once.
			note, confidence = "GOOSE data changed without a new state number", 40
		case m.stNum == st.stNum && m.sqNum <= st.sqNum && m.sqNum > 1:
			note = "GOOSE sequence number went back"
		case m.stNum > st.stNum && m.stNum-st.stNum > jump:
			note = "GOOSE state number jumped"
		}
		c.Say(fact.Conversation, fact.SessionNote, note, "GOOSE state and sequence numbers", confidence)
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
	st.stNum, st.sqNum, st.confRev, st.data, st.time = m.stNum, m.sqNum, m.confRev, data, c.Time
}
