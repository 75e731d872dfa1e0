package opcua

import (
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func newDecoder(b []byte) decoder { return decoder{Reader: wire.NewReader(b)} }

// responseBody reads what is behind the response header. asked tells that p is
// the request that is answered.
func (s *session) responseBody(c *proto.Context, id uint32, r *decoder, p *pending, asked bool, result uint32, d *details) {
	if isBad(result) {
		return // the body of a failed service holds nothing
	}
	switch id {
	case idOpenAnswer:
		r.Skip("protocol version, token and lifetime", 24)
		r.text("server nonce")
	case idFindAnswer:
		s.foundServers(c, r)
	case idOnNetworkAnswer:
		s.foundOnNetwork(c, r)
	case idEndpointsAnswer:
		s.endpoints(c, r, "OPC UA get endpoints")
	case idCreateAnswer:
		s.sessionCreated(c, r)
	case idActivateAnswer:
		r.text("server nonce")
	case idReadAnswer:
		s.readAnswer(c, r, p, asked, d)
	case idWriteAnswer:
		s.writeAnswer(r, d)
	case idCallAnswer:
		s.callAnswer(r, d)
	case idAddNodes + 3, idAddReferences + 3, idDeleteNodes + 3, idDeleteReferences + 3:
		if r.count("results") > 0 {
			s.note(r.U32LE("status"), d)
		}
	case idCreateAnswerSub:
		d.target = numbered(r.U32LE("subscription id"))
	case idPublishAnswer:
		sub := r.U32LE("subscription id")
		n := r.count("available sequence numbers")
		if n > r.Len()/4 {
			r.Fail("available sequence numbers", wire.ErrShort)
		}
		r.Skip("available sequence numbers", 4*n)
		r.U8("more notifications")
		d.target = numbered(sub)
		s.notification(r, d)
	case idRepublishAnswer:
		s.notification(r, d)
	}
}

// note keeps the first bad status of the operations in one service.
func (s *session) note(code uint32, d *details) {
	if isBad(code) && d.bad == 0 {
		d.bad = code
	}
}

// readAnswer is the answer to Read: one value per node. It failed when every
// one of the nodes did.
func (s *session) readAnswer(c *proto.Context, r *decoder, p *pending, asked bool, d *details) {
	n := r.count("results")
	good := n == 0
	first := uint32(0)
	for i := range n {
		v, code := r.dataValue("result", 0)
		if !r.OK() {
			return
		}
		if i == 0 {
			d.value, first = v.Value, code
		}
		good = good || !isBad(code)
		if asked && i < int(p.nodes) && p.roles[i] != noRole && !isBad(code) {
			s.stated(c, p.roles[i], v)
		}
	}
	if !good {
		d.bad = first
	}
}

func (s *session) writeAnswer(r *decoder, d *details) {
	for range r.count("results") {
		code := r.U32LE("status")
		if !r.OK() {
			return
		}
		s.note(code, d)
	}
}

func (s *session) callAnswer(r *decoder, d *details) {
	for i := range r.count("results") {
		s.note(r.U32LE("status"), d)
		for range r.count("argument results") {
			if r.U32LE("argument result"); !r.OK() {
				return
			}
		}
		for range r.count("argument diagnostics") {
			if r.diagnostic("argument diagnostics"); !r.OK() {
				return
			}
		}
		for j := range r.count("output arguments") {
			v := r.variant("output argument", 0)
			if !r.OK() {
				return
			}
			if i == 0 && j == 0 {
				d.value = v.Value
			}
		}
		if !r.OK() {
			return
		}
	}
}

// notification reads a NotificationMessage (Part 4, 7.26): the first changed
// value and the node that its client handle stands for.
func (s *session) notification(r *decoder, d *details) {
	r.U32LE("sequence number")
	r.Skip("publish time", 8)
	for range r.count("notification data") {
		id, body := r.extension("notification data")
		if !r.OK() {
			return
		}
		if id != idDataChange {
			continue
		}
		in := newDecoder(body)
		if in.count("monitored items") == 0 {
			continue
		}
		handle := in.U32LE("client handle")
		v, _ := in.dataValue("value", 0)
		if !in.OK() {
			return
		}
		d.value = v.Value
		if it := s.items[handle]; it != nil {
			d.target = it.target
			if it.length > 0 {
				d.target.Name = it.name[:it.length]
			}
		}
		return
	}
}
