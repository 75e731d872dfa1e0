package opcua

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// requestBody reads what is behind the request header.
func (s *session) requestBody(c *proto.Context, id uint32, r *decoder, p *pending, d *details) {
	switch id {
	case idOpen:
		s.openRequest(c, r)
	case idFindServers, idGetEndpoints:
		url := r.text("endpoint url")
		r.texts("locale ids")
		r.texts("uris")
		if r.OK() {
			d.target = fact.Target{Name: url, Set: len(url) > 0}
		}
	case idRegisterServer, idRegisterServer2:
		s.registered(c, r, d)
	case idCreateSession:
		s.createSession(c, r, d)
	case idActivateSession:
		s.activate(c, r, d)
	case idRead:
		s.read(r, p, d)
	case idWrite:
		s.write(r, d)
	case idCall:
		s.call(r, d)
	case idCreateItems:
		s.createItems(r, d)
	case idBrowse:
		r.node("view id")
		r.Skip("view timestamp, version and limit", 16)
		s.firstNode(r, d)
	case idHistoryRead:
		r.extension("history read details")
		r.Skip("timestamps to return and release", 5)
		s.firstNode(r, d)
	case idHistoryUpdate:
		if r.count("history update details") > 0 {
			_, body := r.extension("history update details")
			in := newDecoder(body)
			if n := in.node("node id"); in.OK() {
				d.target = s.on(n)
			}
		}
	case idTranslate, idRegisterNodes, idUnregisterNodes,
		idAddNodes, idAddReferences, idDeleteNodes, idDeleteReferences:
		s.firstNode(r, d)
	case idModifyItems, idSetMonitoring, idSetTriggering, idDeleteItems, idModifySub, idRepublish:
		d.target = numbered(r.U32LE("subscription id"))
	case idSetPublishing:
		r.U8("publishing enabled")
		s.firstNumber(r, d)
	case idDeleteSubs, idTransfer:
		s.firstNumber(r, d)
	}
}

// firstNode takes the node that the first element of an array begins with.
func (s *session) firstNode(r *decoder, d *details) {
	if r.count("number of nodes") > 0 {
		if n := r.node("node id"); r.OK() {
			d.target = s.on(n)
		}
	}
}

func (s *session) firstNumber(r *decoder, d *details) {
	if r.count("number of subscriptions") > 0 {
		d.target = numbered(r.U32LE("subscription id"))
	}
}

// openRequest is the body of OpenSecureChannel (Part 4, 5.6.2).
func (s *session) openRequest(c *proto.Context, r *decoder) {
	r.Skip("protocol version and request type", 8)
	r.U32LE("security mode")
	r.text("client nonce")
	r.U32LE("requested lifetime")
}

// read is the body of Read (5.11.2).
func (s *session) read(r *decoder, p *pending, d *details) {
	r.Skip("max age and timestamps to return", 12)
	for i := range r.count("nodes to read") {
		n := r.node("node id")
		attribute := r.U32LE("attribute id")
		r.text("index range")
		r.qualifiedName("data encoding")
		if !r.OK() {
			return
		}
		if i == 0 {
			d.function, d.target = ofAttribute(&reads, attribute), s.on(n)
		}
		if i < maxRoles {
			p.roles[i] = roleOf(n, attribute)
			p.nodes = uint8(i + 1)
		}
	}
}

// write is the body of Write (5.11.4).
func (s *session) write(r *decoder, d *details) {
	for i := range r.count("nodes to write") {
		n := r.node("node id")
		attribute := r.U32LE("attribute id")
		r.text("index range")
		v, _ := r.dataValue("value", 0)
		if !r.OK() {
			return
		}
		if i == 0 {
			d.function, d.target, d.value = ofAttribute(&writes, attribute), s.on(n), v.Value
		}
	}
}

// call is the body of Call (5.12.2). The target is the method; its first
// argument is the value.
func (s *session) call(r *decoder, d *details) {
	for i := range r.count("methods to call") {
		r.node("object id")
		method := r.node("method id")
		for j := range r.count("input arguments") {
			v := r.variant("input argument", 0)
			if !r.OK() {
				break
			}
			if i == 0 && j == 0 {
				d.value = v.Value
			}
		}
		if i == 0 && (method.space != 0 || method.form != numeric || method.number != 0) {
			d.target = s.on(method)
			if f := calls[method.number]; f != nil && method.space == 0 && method.form == numeric {
				d.function = f
			}
		}
		if !r.OK() {
			d.value = fact.Value{}
			return
		}
	}
}

// maxItems bounds the monitored items whose nodes are remembered.
const maxItems = 512

// item is a monitored item: what its client handle stands for.
type item struct {
	target fact.Target
	name   [maxName]byte
	length uint8
}

// createItems is the body of CreateMonitoredItems (5.13.2).
func (s *session) createItems(r *decoder, d *details) {
	r.Skip("subscription id and timestamps to return", 8)
	for i := range r.count("items to create") {
		n := r.node("node id")
		attribute := r.U32LE("attribute id")
		r.text("index range")
		r.qualifiedName("data encoding")
		r.U32LE("monitoring mode")
		handle := r.U32LE("client handle")
		r.Skip("sampling interval", 8)
		r.extension("filter")
		r.Skip("queue size and discard oldest", 5)
		if !r.OK() {
			return
		}
		t := s.on(n)
		s.monitor(handle, t)
		if i == 0 {
			d.function, d.target = ofAttribute(&monitors, attribute), t
			// Text of a node that is no text lies in a buffer of the
			// session, which the next node uses too.
			if n.form == guid || n.form == opaque {
				d.target.Name = s.items.name(handle)
			}
		}
	}
}

// itemTable keeps monitored items by client handle.
type itemTable map[uint32]*item

func (t itemTable) name(handle uint32) []byte {
	if it := t[handle]; it != nil {
		return it.name[:it.length]
	}
	return nil
}

func (s *session) monitor(handle uint32, t fact.Target) {
	it := s.items[handle]
	if it == nil {
		if len(s.items) >= maxItems {
			return
		}
		if s.items == nil {
			s.items = make(itemTable)
		}
		it = new(item)
		s.items[handle] = it
	}
	it.target = t
	it.length = uint8(copy(it.name[:], t.Name))
	it.target.Name = nil
}
