package dnp3

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// authentication is what secure authentication (clause 7) said in this session.
type authentication struct {
	said      bool
	users     [maxUsers]uint16
	nUsers    int
	algorithm uint8
	outcome   string
}

const (
	maxUsers   = 8
	authSource = "DNP3 secure authentication"
)

// macAlgorithms are the algorithms that a challenge names (annex A, group 120
// variation 1).
var macAlgorithms = [256]string{
	1: "HMAC SHA-1 truncated to 4 octets", 2: "HMAC SHA-1 truncated to 10 octets",
	3: "HMAC SHA-256 truncated to 8 octets", 4: "HMAC SHA-256 truncated to 16 octets",
	5: "HMAC SHA-1 truncated to 8 octets", 6: "AES-GMAC, 12 octets",
}

// authErrors are the error codes of group 120 variation 7.
var authErrors = func() (t [256]string) {
	for i := range t {
		t[i] = "authentication error"
	}
	for i, s := range []string{
		1: "authentication failed", 2: "unexpected response", 3: "no response",
		4: "aggressive mode not supported", 5: "MAC algorithm not supported",
		6: "key wrap algorithm not supported", 7: "authorization failed",
		8: "update key change method not permitted", 9: "invalid signature",
		10: "invalid certification data", 11: "unknown user", 12: "too many session key status requests",
	} {
		if s != "" {
			t[i] = s
		}
	}
	return t
}()

// keyStatuses are the session key states of group 120 variation 5.
var keyStatuses = [256]string{3: "communications failure", 4: "authentication failure"}

// authentic reads the first object of group 120 and returns the failure that
// it reports.
func (s *session) authentic(c *proto.Context, o *objectHeader) (failure string) {
	if !o.hasData || o.count == 0 {
		return ""
	}
	if !s.auth.said {
		s.auth.said = true
		c.Say(fact.Conversation, fact.SessionAuth, authSource, authSource, 95)
	}
	r := o.data
	if o.sized {
		r = r.Sub("object", int(number(&r, "object size", o.prefix)))
	} else {
		r.Skip("index", o.prefix)
	}
	switch o.variation {
	case 1, 2, 3:
		r.Skip("challenge sequence", 4)
		user := r.U16LE("user number")
		algorithm := uint8(0)
		if o.variation == 1 {
			algorithm = r.U8("MAC algorithm")
		}
		if r.OK() {
			s.user(c, user)
			s.algorithm(c, algorithm)
		}
	case 4:
		if user := r.U16LE("user number"); r.OK() {
			s.user(c, user)
		}
	case 5, 6:
		r.Skip("key change sequence", 4)
		user := r.U16LE("user number")
		if o.variation == 6 {
			break
		}
		r.Skip("key wrap algorithm", 1)
		status := r.U8("session key status")
		if !r.OK() {
			break
		}
		s.user(c, user)
		if failure = keyStatuses[status]; status == 1 {
			s.outcome(c, "accepted")
		} else if status == 4 {
			s.outcome(c, "refused")
		}
	case 7:
		r.Skip("sequence", 4)
		user := r.U16LE("user number")
		r.Skip("association", 2)
		if code := r.U8("error code"); r.OK() {
			s.user(c, user)
			s.outcome(c, "refused")
			failure = authErrors[code]
		}
	}
	return failure
}

// user tells a user number once. 0 stands for none in particular.
func (s *session) user(c *proto.Context, n uint16) {
	a := &s.auth
	if n == 0 || a.nUsers == maxUsers {
		return
	}
	for _, u := range a.users[:a.nUsers] {
		if u == n {
			return
		}
	}
	a.users[a.nUsers] = n
	a.nUsers++
	c.Say(fact.Conversation, fact.SessionUser, "user "+strconv.Itoa(int(n)), authSource, 80)
}

func (s *session) algorithm(c *proto.Context, n uint8) {
	if n == 0 || n == s.auth.algorithm {
		return
	}
	s.auth.algorithm = n
	c.Say(fact.Conversation, fact.SessionSecurity, macAlgorithms[n], authSource, 90)
}

func (s *session) outcome(c *proto.Context, text string) {
	if s.auth.outcome != text {
		s.auth.outcome = text
		c.Say(fact.Conversation, fact.SessionLogin, text, authSource, 85)
	}
}
