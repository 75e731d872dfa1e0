package opcua

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// createSession is the body of CreateSession (Part 4, 5.7.2).
func (s *session) createSession(c *proto.Context, r *decoder, d *details) {
	a := r.application()
	r.text("server uri")
	url := r.text("endpoint url")
	title := r.text("session name")
	r.text("client nonce")
	certificate := r.text("client certificate")
	r.Skip("session timeout and maximum response size", 12)
	if !r.OK() {
		return
	}
	a.kind = isClient
	s.describe(c, fact.Subject{Who: fact.Sender}, a, "OPC UA client description")
	sayText(c, fact.Conversation, fact.SessionEndpoint, url, "OPC UA create session", 95)
	s.certificate(c, certificate, "OPC UA client certificate")
	d.target = fact.Target{Name: title, Set: len(title) > 0}
}

// activate is the body of ActivateSession (5.7.3): who signs in, and how.
func (s *session) activate(c *proto.Context, r *decoder, d *details) {
	r.text("signature algorithm")
	r.text("signature")
	for range r.count("software certificates") {
		r.text("certificate data")
		if r.text("signature"); !r.OK() {
			return
		}
	}
	r.texts("locale ids")
	id, body := r.extension("user identity token")
	r.text("user token signature algorithm")
	r.text("user token signature")
	if !r.OK() {
		return
	}
	const source = "OPC UA user identity token"
	in := newDecoder(body)
	in.text("policy id")
	switch id {
	case 0, idAnonymous: // a null token is anonymous too (5.7.3.2)
		c.Say(fact.Conversation, fact.SessionAuth, "anonymous", source, 100)
	case idUserName:
		user := in.text("user name")
		password := in.text("password")
		algorithm := in.text("encryption algorithm")
		if !in.OK() {
			return
		}
		c.Say(fact.Conversation, fact.SessionAuth, "password", source, 100)
		sayText(c, fact.Conversation, fact.SessionUser, user, source, 100)
		sayText(c, fact.Sender, fact.User, user, source, 90)
		if len(password) == 0 {
			c.Say(fact.Conversation, fact.SessionPassword, "empty", source, 95)
		} else if len(algorithm) == 0 {
			c.Say(fact.Conversation, fact.SessionPassword, "in clear", source, 95)
		}
		d.target = fact.Target{Name: user, Set: len(user) > 0}
	case idX509:
		c.Say(fact.Conversation, fact.SessionAuth, "certificate", source, 100)
		s.certificate(c, in.text("certificate data"), source)
	case idIssued:
		c.Say(fact.Conversation, fact.SessionAuth, "issued token", source, 100)
	}
}

// sessionCreated is the answer to CreateSession.
func (s *session) sessionCreated(c *proto.Context, r *decoder) {
	r.node("session id")
	r.node("authentication token")
	r.Skip("session timeout", 8)
	r.text("server nonce")
	certificate := r.text("server certificate")
	if !r.OK() {
		return
	}
	s.certificate(c, certificate, "OPC UA server certificate")
	s.endpoints(c, r, "OPC UA create session")
}

const maxEndpoints = 64

// offer collects what the endpoints of a server have in common.
type offer struct {
	seen       [len(policies)][len(modes)]bool
	anonymous  bool
	none, weak bool
	url        []byte
}

// endpoints reads a list of EndpointDescriptions (Part 4, 7.14).
func (s *session) endpoints(c *proto.Context, r *decoder, source string) {
	var o offer
	from := r.Peek()
	for i := range r.count("endpoints") {
		url := r.text("endpoint url")
		a := r.application()
		certificate := r.text("server certificate")
		mode := r.U32LE("security mode")
		p := policyOf(r.text("security policy uri"))
		anonymous := false
		for range r.count("user identity tokens") {
			r.text("policy id")
			anonymous = r.U32LE("token type") == 0 && r.OK() || anonymous
			r.text("issued token type")
			r.text("issuer endpoint url")
			if r.text("security policy uri"); !r.OK() {
				break
			}
		}
		r.text("transport profile uri")
		r.U8("security level")
		if !r.OK() || i >= maxEndpoints {
			break
		}
		if i == 0 {
			o.url = url
			s.describe(c, fact.Subject{Who: fact.Sender}, a, source)
			if host := hostOf(url); named(host) {
				sayText(c, fact.Sender, fact.Hostname, host, source, 70)
			}
		}
		s.certificate(c, certificate, source)
		o.seen[p][min(int(mode), len(modes)-1)] = true
		o.anonymous = o.anonymous || anonymous
		o.none = o.none || mode == 1 || p == policyNone
		o.weak = o.weak || p.deprecated()
	}
	// The very list, without the nonces around it: text only when it is new.
	list := from[:len(from)-r.Len()]
	if len(o.url) > 0 && r.OK() && s.seen.fresh([]byte("offer"), list) {
		o.say(c, source)
	}
	if o.none {
		c.Say(fact.Conversation, fact.SessionNote, "the server offers an endpoint without security (None)", source, 95)
	}
	if o.weak {
		c.Say(fact.Conversation, fact.SessionNote, "the server offers a deprecated security policy", source, 95)
	}
	if o.anonymous {
		c.Say(fact.Conversation, fact.SessionNote, "the server offers anonymous sign-in", source, 95)
	}
}

// say lists what a server offers, in the order of the policy table.
func (o *offer) say(c *proto.Context, source string) {
	b := append([]byte(nil), clean(o.url)...)
	between := ": "
	for p := range o.seen {
		for m := range o.seen[p] {
			if o.seen[p][m] {
				b = append(append(b, between...), agreed[p][m]...)
				between = ", "
			}
		}
	}
	c.SayBytes(fact.Sender, fact.Service, b, source, 90)
}

// foundServers is the answer to FindServers. A discovery server speaks of
// others too: what is said of them goes to the address in their URL.
func (s *session) foundServers(c *proto.Context, r *decoder) {
	const source = "OPC UA find servers"
	n := r.count("servers")
	for i := range n {
		a := r.application()
		if !r.OK() || i >= maxEndpoints {
			return
		}
		if n == 1 && a.kind != isDiscovery {
			s.describe(c, fact.Subject{Who: fact.Sender}, a, source)
			continue
		}
		s.other(c, a, source)
	}
}

// other speaks of a server that another one knows of.
func (s *session) other(c *proto.Context, a application, source string) {
	if !s.seen.fresh([]byte("other"), a.uri, a.url, a.name) {
		return
	}
	host := hostOf(a.url)
	if ip := address(host); ip.IsValid() && ip != c.Src.Addr() && !ip.IsLoopback() && !ip.IsUnspecified() {
		s.describe(c, fact.Subject{Who: fact.Elsewhere, IP: ip}, a, source)
		return
	}
	text := bytes.Join([][]byte{clean(a.name), clean(a.url)}, []byte(" "))
	c.SayBytes(fact.Sender, fact.Service, bytes.TrimSpace(text), source, 70)
}

// foundOnNetwork is the answer to FindServersOnNetwork (5.5.3).
func (s *session) foundOnNetwork(c *proto.Context, r *decoder) {
	r.Skip("last counter reset", 8)
	for i := range r.count("servers") {
		r.U32LE("record id")
		a := application{name: r.text("server name"), url: r.text("discovery url")}
		r.texts("server capabilities")
		if !r.OK() || i >= maxEndpoints {
			return
		}
		s.other(c, a, "OPC UA find servers on network")
	}
}

// registered is the body of RegisterServer: the sender is a server that tells
// a discovery server about itself (5.5.5).
func (s *session) registered(c *proto.Context, r *decoder, d *details) {
	a := application{uri: r.text("server uri"), product: r.text("product uri")}
	for i := range r.count("server names") {
		title := r.localizedText("server name")
		if !r.OK() {
			return
		}
		if i == 0 {
			a.name = title
		}
	}
	a.kind = r.U32LE("server type")
	r.text("gateway server uri")
	r.texts("discovery urls")
	r.text("semaphore file path")
	r.U8("is online")
	if !r.OK() {
		return
	}
	s.describe(c, fact.Subject{Who: fact.Sender}, a, "OPC UA register server")
	d.target = fact.Target{Name: a.uri, Set: true}
}
