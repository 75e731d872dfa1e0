package smb

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

func (s *session) answer1(c *proto.Context, k *block, b []byte) {
	f := &functions1[k.command]
	p, ok := s.recall(k.id)
	if ok {
		// Commands of one chain share an id: keep it for the next of them.
		s.pending[k.id%window].used = true
		if p.f.Code == f.Code {
			f = p.f
		}
	}
	op := c.Op(f, fact.Response)
	if p.file >= 0 && s.files[p.file].n > 0 {
		op.Target = fact.Target{Name: s.files[p.file].text(), Set: true}
	}
	op.Failed, op.Status = k.failed, k.why
	c.Emit()
	switch k.command {
	case 0x72:
		s.negotiated1(c, k)
	case 0x73:
		s.loggedIn(c, k, b)
	case 0x75:
		if !k.failed && (s.ipcAsk == k.id+1 || bytes.HasPrefix(k.data, []byte("IPC"))) {
			s.pipeTree(uint32(k.tree))
		}
	case 0x2d:
		if !k.failed && p.file >= 0 && len(k.words) >= 6 {
			s.opened(p.file, k.id, fid(k.number(4)))
		}
	case 0xa2:
		if !k.failed && p.file >= 0 && len(k.words) >= 7 {
			s.opened(p.file, k.id, fid(k.number(5)))
		}
	case 0x2e:
		if p.file >= 0 && s.files[p.file].pipe {
			s.rpc(c, p.file, at(b, k.number(12), k.number(10)))
		}
	case 0x25:
		if p.file >= 0 {
			s.rpc(c, p.file, at(b, k.number(14), k.number(12)))
		}
	}
}

// negotiated1 reads signing ([MS-CIFS] 2.2.4.52.2, security mode).
func (s *session) negotiated1(c *proto.Context, k *block) {
	if len(k.words) < 34 || s.said.signing {
		return
	}
	s.said.signing = true
	s.signing(c, k.words[2]&0x08 != 0)
	if k.words[2]&0x02 == 0 {
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", "SMB negotiate response", 90)
	}
}

// setUp1 reads who logs in ([MS-CIFS] 2.2.4.53.1; [MS-SMB] 2.2.4.6.1).
func (s *session) setUp1(c *proto.Context, k *block, msg []byte) {
	i := k.dataAt
	if len(k.words) == 24 { // a security token
		n := k.number(14)
		s.token(c, at(msg, i, n))
		s.native(c, k, msg, i+n)
		return
	}
	if len(k.words) != 26 {
		return
	}
	i += k.number(14) + k.number(16) // passwords
	user, i := k.str(s.text[:0], msg, i)
	if len(user) == 0 {
		c.Say(fact.Conversation, fact.SessionAuth, "anonymous", "SMB session setup", 100)
	} else {
		c.Say(fact.Conversation, fact.SessionAuth, "LM or NTLM response", "SMB session setup", 90)
	}
	c.SayBytes(fact.Conversation, fact.SessionUser, user, "SMB session setup", 100)
	domain, i := k.str(s.text[:0], msg, i)
	c.SayBytes(fact.Sender, fact.Domain, domain, "SMB session setup", 60)
	s.native(c, k, msg, i)
}

// native reads the names of system and SMB program of the sender.
func (s *session) native(c *proto.Context, k *block, msg []byte, i int) {
	os, i := k.str(s.text[:0], msg, i)
	c.SayBytes(fact.Sender, fact.OS, os, "SMB native OS", 80)
	program, _ := k.str(s.text[:0], msg, i)
	c.SayBytes(fact.Sender, fact.Software, program, "SMB native LAN manager", 60)
}

// loggedIn reads the outcome ([MS-CIFS] 2.2.4.53.2; [MS-SMB] 2.2.4.6.2).
func (s *session) loggedIn(c *proto.Context, k *block, b []byte) {
	if k.failed {
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "SMB session setup", 100)
		return
	}
	end := min(k.dataAt+len(k.data), len(b))
	msg, i := b[:end], k.dataAt
	if len(k.words) >= 8 {
		n := k.number(6)
		s.token(c, at(msg, i, n))
		i += n
	}
	if len(k.words) >= 6 {
		s.native(c, k, msg, i)
		if k.status == 0 {
			c.Say(fact.Conversation, fact.SessionLogin, "accepted", "SMB session setup", 100)
			if k.number(4)&1 != 0 {
				c.Say(fact.Conversation, fact.SessionAuth, "guest", "SMB session setup", 100)
			}
		}
	}
}
