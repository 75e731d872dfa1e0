package http

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// request reports a request. line is "METHOD SP target SP HTTP/1.x".
func (s *session) request(c *proto.Context, h *half, line []byte, hd *head) {
	s.client(c, true)
	sp := bytes.IndexByte(line, ' ')
	f := methodOf(line[:sp])
	target := line[sp+1 : len(line)-len(" HTTP/1.x")]
	path, query := split(target)

	op := c.Op(f, fact.Request)
	op.Target = fact.Target{Name: path, Set: true}
	c.Emit()

	s.sayText(c, slotVersion, fact.SessionVersion, versions[line[len(line)-1]-'0'], "HTTP start line")
	s.say(c, slotHost, fact.Conversation, fact.SessionEndpoint, hd.host, "HTTP Host", 90)
	s.say(c, slotAgent, fact.Sender, fact.Software, hd.agent, "HTTP User-Agent", 70)
	proved := s.authorization(c, hd.authorization)
	if len(query) > 0 {
		proved = s.fields(c, query) || proved
	}
	s.remember(f, proved)
	h.framing(hd, false, false)
	if h.mode == body && h.left <= maxForm && f.Code == "POST" && isForm(hd.contentType) {
		h.mode = form
	}
}

// split parts path and query, and takes scheme, user and host off an absolute
// target (RFC 9112, 3.2.2), which may hold a password.
func split(target []byte) (path, query []byte) {
	path = target
	if i := bytes.IndexByte(path, '?'); i >= 0 {
		path, query = path[:i], path[i+1:]
	}
	if i := bytes.Index(path, []byte("://")); i >= 0 {
		path = path[i+3:]
		if j := bytes.IndexByte(path, '/'); j >= 0 {
			path = path[j:]
		} else {
			path = nil
		}
	}
	return printable(path), query
}

func (s *session) remember(f *fact.Function, proved bool) {
	if s.n == window {
		s.first, s.n = (s.first+1)%window, s.n-1
	}
	s.waiting[(s.first+s.n)%window] = asked{f, proved}
	s.n++
}

func (s *session) recall(keep bool) asked {
	if s.n == 0 {
		return asked{function: &unasked}
	}
	a := s.waiting[s.first]
	if !keep {
		s.first, s.n = (s.first+1)%window, s.n-1
	}
	return a
}

// answer reports a response. line is "HTTP/1.x SP status SP reason".
func (s *session) answer(c *proto.Context, h *half, line []byte, hd *head) {
	s.client(c, false)
	status := int(line[9]-'0')*100 + int(line[10]-'0')*10 + int(line[11]-'0')
	interim := status < 200 && status != 101
	a := s.recall(interim)

	op := c.Op(a.function, fact.Response)
	op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(status)}
	if status >= 400 {
		op.Failed, op.Status = true, "status outside 100 to 599"
		if status < len(reasons) {
			op.Status = reasons[status]
		}
	}
	c.Emit()

	s.say(c, slotServer, fact.Sender, fact.Software, hd.server, "HTTP Server", 80)
	for _, v := range hd.challenge {
		s.say(c, slotRealm, fact.Sender, fact.Description, parameter(v, "realm"), "HTTP authentication realm", 60)
	}
	if a.proved {
		s.outcome(c, status, len(hd.challenge[0]) > 0)
	}
	switch {
	case status == 101, status < 300 && status >= 200 && a.function.Code == "CONNECT":
		s.opaque = true
		c.Say(fact.Conversation, fact.SessionNote, opaqueNote(status), "HTTP status", 100)
		return
	}
	h.framing(hd, status < 200 || status == 204 || status == 304 || a.function.Code == "HEAD", true)
}

func opaqueNote(status int) string {
	if status == 101 {
		return "switched from HTTP to another protocol"
	}
	return "HTTP tunnel opened with CONNECT"
}

// outcome says how a request with credentials ended. A 401 that goes on with a
// challenge of NTLM is a step, not an end.
func (s *session) outcome(c *proto.Context, status int, challenged bool) {
	switch {
	case status == 401 && challenged && s.said[slotNTLM] != 0 && s.said[slotUser] == 0:
	case status == 401 || status == 403 || status == 407:
		s.sayText(c, slotLogin, fact.SessionLogin, "refused", "HTTP status")
	case status < 400 && s.said[slotAuth] != 0:
		s.sayText(c, slotLogin, fact.SessionLogin, "accepted", "HTTP status")
	}
}
