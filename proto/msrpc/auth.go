package msrpc

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
	"github.com/bulkhead-ot/bulkhead/wire/ntlm"
)

// Authentication types and levels ([MS-RPCE] 2.2.1.1.7 and 2.2.1.1.8).
func authName(t uint8) string {
	switch t {
	case 9:
		return "negotiate"
	case 10:
		return "ntlm"
	case 14:
		return "schannel"
	case 16:
		return "kerberos"
	case 68:
		return "netlogon"
	}
	return ""
}

var levels = [...]string{
	1: "None", 2: "connect only", 3: "call", 4: "packet authentication", 5: "packet integrity", 6: "packet privacy",
}

func (s *session) authentication(c *proto.Context, p *dcerpc.CO) {
	if p.AuthType != s.authType {
		s.authType = p.AuthType
		c.Say(fact.Conversation, fact.SessionAuth, authName(p.AuthType), "RPC authentication", 100)
	}
	if p.AuthLevel != s.level && int(p.AuthLevel) < len(levels) {
		s.level = p.AuthLevel
		c.Say(fact.Conversation, fact.SessionSecurity, levels[p.AuthLevel], "RPC authentication level", 100)
	}
	if p.Type < dcerpc.Bind { // calls carry signatures, not names
		return
	}
	if m, ok := ntlm.Parse(ntlm.Find(p.Auth)); ok {
		s.told(c, &m)
	}
}

// attributes says what each item of an NTLM message is.
var attributes = [ntlm.Items]struct {
	who        fact.Who
	attr       fact.Attr
	confidence uint8
}{
	ntlm.ServerName:   {fact.Sender, fact.Hostname, 90},
	ntlm.ServerDNS:    {fact.Sender, fact.Hostname, 95},
	ntlm.ServerDomain: {fact.Sender, fact.Domain, 95},
	ntlm.ServerOS:     {fact.Sender, fact.OS, 85},
	ntlm.User:         {fact.Conversation, fact.SessionUser, 100},
	ntlm.UserDomain:   {fact.Sender, fact.Domain, 60},
	ntlm.ClientName:   {fact.Sender, fact.Hostname, 85},
	ntlm.ClientOS:     {fact.Sender, fact.OS, 80},
}

func (s *session) told(c *proto.Context, m *ntlm.Message) {
	for i, a := range attributes {
		c.SayBytes(a.who, a.attr, m.Append(s.text[:0], ntlm.Item(i)), "NTLM message", a.confidence)
	}
	if m.Anonymous {
		c.Say(fact.Conversation, fact.SessionAuth, "anonymous", "NTLM message", 100)
	}
}
