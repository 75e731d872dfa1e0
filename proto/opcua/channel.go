package opcua

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// policy is an index into policies.
type policy uint8

// The security policies of Part 7, and those of annex policies for ECC.
const (
	policyUnseen policy = iota
	policyOther
	policyNone
)

var policies = [...]string{
	policyUnseen: "policy not seen", policyOther: "other policy", policyNone: "None",
	3: "Basic128Rsa15", 4: "Basic256", 5: "Basic256Sha256", 6: "Aes128_Sha256_RsaOaep", 7: "Aes256_Sha256_RsaPss",
	8: "ECC_nistP256", 9: "ECC_nistP384", 10: "ECC_brainpoolP256r1", 11: "ECC_brainpoolP384r1",
	12: "ECC_curve25519", 13: "ECC_curve448", 14: "RSA_DH_AesGcm", 15: "RSA_DH_ChaChaPoly",
	16: "ECC_nistP256_AesGcm", 17: "ECC_nistP256_ChaChaPoly", 18: "ECC_nistP384_AesGcm",
	19: "ECC_nistP384_ChaChaPoly", 20: "ECC_curve25519_AesGcm", 21: "ECC_curve25519_ChaChaPoly",
}

// deprecated policies rest on SHA-1 or RSA with PKCS #1 v1.5 (Part 7).
func (p policy) deprecated() bool { return p == 3 || p == 4 }

func policyOf(uri []byte) policy {
	short, ok := bytes.CutPrefix(uri, policyPrefix)
	if ok {
		for i := int(policyNone); i < len(policies); i++ {
			if string(short) == policies[i] {
				return policy(i)
			}
		}
	}
	return policyOther
}

// modes are the message security modes of Part 4, 7.20.
var modes = [...]string{0: "mode invalid", 1: "None", 2: "Sign", 3: "SignAndEncrypt"}

// agreed says a policy with a mode, made once for all.
var agreed = func() (t [len(policies)][len(modes)]string) {
	for p := range t {
		for m := range t[p] {
			t[p][m] = policies[p] + " " + modes[m]
			if policy(p) == policyNone {
				t[p][m] = "None"
			}
		}
	}
	return t
}()

// open reads an OpenSecureChannel message: the asymmetric security header in
// clear (Part 6, 6.7.2.3) and, with policy None, what follows.
func (s *session) open(c *proto.Context, r *decoder, cut bool) error {
	r.U32LE("secure channel id")
	uri := r.text("security policy uri")
	certificate := r.text("sender certificate")
	r.text("receiver certificate thumbprint")
	if err := r.bad(); err != nil {
		return err
	}
	p := policyOf(uri)
	if p != s.policy || s.security == unseen {
		s.policy = p
		s.security = unseen
	}
	s.certificate(c, certificate, "OPC UA secure channel")
	if p != policyNone {
		if p.deprecated() {
			c.Say(fact.Conversation, fact.SessionNote, "the security policy is deprecated", "OPC UA secure channel", 95)
		}
		s.seal(c, &sealedOpen)
		return nil
	}
	s.security = readable
	c.Say(fact.Conversation, fact.SessionSecurity, agreed[policyNone][1], "OPC UA secure channel", 100)
	r.U32LE("sequence number")
	id := r.U32LE("request id")
	return s.service(c, id, r, cut)
}

// seal reports a message that cannot be read.
func (s *session) seal(c *proto.Context, f *fact.Function) {
	k := fact.Response
	if s.isClient(c) {
		k = fact.Request
	}
	c.Op(f, k)
	c.Emit()
}

// secured reads the symmetric security header of MSG and CLO (6.7.2.4).
func (s *session) secured(c *proto.Context, k kind, chunk byte, r *decoder, cut bool) error {
	r.U32LE("secure channel id")
	r.U32LE("token id")
	sealedBody := *r
	r.U32LE("sequence number")
	id := r.U32LE("request id")
	if err := r.bad(); err != nil {
		return err
	}
	d := c.Dir & 1
	more := s.partial[d] && (s.security == encrypted || s.request[d] == id)
	s.partial[d], s.request[d] = chunk == 'C', id
	switch {
	case chunk == 'A':
		op := c.Op(&aborted, fact.Notice)
		op.Failed, op.Status = true, "aborted"
		if s.security != encrypted {
			op.Status = status(r.U32LE("error"))
		}
		c.Emit()
		return nil
	case more:
		return nil // the operation was reported with the first chunk
	case s.plausible(*r):
		s.settle(c, readable)
		return s.service(c, id, r, cut || chunk == 'C')
	case s.security == readable:
		return nil // a later chunk of a message whose first one was lost
	case sealedBody.Len() < 16:
		return errBody
	}
	s.settle(c, encrypted)
	f := &sealed
	if k == closing {
		f = &sealedClose
	}
	s.seal(c, f)
	return nil
}

// settle learns from a message whether the channel can be read, and says what
// that means once policy and mode are both known.
func (s *session) settle(c *proto.Context, now security) {
	if s.security == now {
		return
	}
	s.security = now
	mode := 3
	switch {
	case s.policy == policyNone:
		return
	case now == readable && s.policy == policyUnseen:
		c.Say(fact.Conversation, fact.SessionSecurity, "not encrypted", "OPC UA message", 90)
		return
	case now == readable:
		mode = 2
	}
	c.Say(fact.Conversation, fact.SessionSecurity, agreed[s.policy][mode], "OPC UA message", 90)
}

// plausible tells whether a message begins with the id of a service in clear.
// Encrypted bytes look so in less than one of a million messages.
func (s *session) plausible(r decoder) bool {
	n := r.node("type id")
	if !r.OK() || n.form != numeric || n.space != 0 {
		return false
	}
	return services[n.number] != nil || s.security == readable && s.policy == policyNone && n.number > 255
}
