package enip

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const (
	classIdentity = 0x01
	classManager  = 0x06
	classPCCC     = 0x67
)

// opening is what a Forward Open asks for.
type opening struct {
	transport uint8 // bit 7 server, bits 4-6 trigger, bits 0-3 class
	part      string
}

// unconnectedSend reads the service of Vol. 1, 3-5.5.4 and the message in it.
func (s *session) unconnectedSend(c *proto.Context, r *wire.Reader, depth int) error {
	e := s.cip
	r.Skip("priority, ticks and timeout", 2)
	n := int(r.U16LE("message size"))
	msg := r.Bytes("message", n)
	if n&1 == 1 {
		r.Skip("pad", 1)
	}
	words := int(r.U8("route path size"))
	r.U8("reserved")
	route := r.Bytes("route path", 2*words)
	if err := r.Err(); err != nil {
		return err
	}
	e.now.via, e.now.part = true, s.route(route)
	return s.request(c, msg, depth+1, false)
}

// forwardOpen reads the request of 3-5.5.2, or of its large form.
func (s *session) forwardOpen(c *proto.Context, r *wire.Reader, large bool) error {
	r.Skip("priority, ticks, timeout and connection ids", 10)
	r.U16LE("connection serial number")
	vendor := r.U16LE("originator vendor id")
	r.U32LE("originator serial number")
	r.Skip("timeout multiplier and reserved", 4)
	size := 2
	if large {
		size = 4
	}
	var params [13]byte // both RPIs, and class and trigger, to tell connections apart
	copy(params[0:], r.Bytes("O->T RPI", 4))
	r.Skip("O->T parameters", size)
	copy(params[4:], r.Bytes("T->O RPI", 4))
	r.Skip("T->O parameters", size)
	params[8] = r.U8("transport type and trigger")
	words := int(r.U8("connection path size"))
	raw := r.Bytes("connection path", 2*words)
	if err := r.Err(); err != nil {
		return err
	}
	p, err := readPath(raw, s.cip.scratch[:])
	if err != nil {
		return err
	}
	part := s.route(p.route)
	s.cip.now.open = opening{params[8], part}
	s.describeConnection(c, params[:], raw, &p, part)
	if vendor == vendorRockwellSoftware {
		c.Say(fact.Sender, fact.Software, "Rockwell Software", "CIP originator vendor", 70)
	} else if v := vendors[vendor]; v != "" {
		c.Say(fact.Sender, fact.Vendor, v, "CIP originator vendor", 60)
	}
	s.wanted(c, &p, part)
	if p.safety {
		of := fact.Subject{Who: fact.Receiver, Part: part}
		c.SayOf(of, fact.SafetyRelated, safetyText, "CIP safety network segment", 90)
		c.Say(fact.Sender, fact.SafetyRelated, safetyText, "CIP safety network segment", 90)
	}
	return nil
}

// wanted says what the electronic key demands of the target.
func (s *session) wanted(c *proto.Context, p *epath, part string) {
	if !p.keyed {
		return
	}
	of := fact.Subject{Who: fact.Receiver, Part: part}
	if v := vendors[p.key.vendor]; v != "" {
		c.SayOf(of, fact.Vendor, v, "CIP electronic key", 60)
	}
	if d := deviceTypes[p.key.device].name; d != "" && p.key.device != 0 {
		c.SayOf(of, fact.DeviceType, d, "CIP electronic key", 60)
	}
}

var triggers = [8]string{"cyclic", "change of state", "application"}

// describeConnection says on the conversation what kind of connection is
// asked for, and where to.
func (s *session) describeConnection(c *proto.Context, params, raw []byte, p *epath, part string) {
	h := hash(useConnection, params)
	note := s.texts.get(h)
	if note == "" {
		r := wire.NewReader(params)
		ot, to := r.U32LE("O->T RPI"), r.U32LE("T->O RPI")
		t := r.U8("transport")
		kind := "explicit"
		if t&0x0f < 2 {
			kind = "implicit i/o"
		}
		trigger := triggers[t>>4&7]
		if trigger == "" {
			trigger = "reserved"
		}
		note = s.texts.put(h, fmt.Sprintf("CIP connection: class %d %s, trigger %s, RPI %s to and %s from the target",
			t&0x0f, kind, trigger, milliseconds(ot), milliseconds(to)))
	}
	c.Say(fact.Conversation, fact.SessionNote, note, "CIP forward open", 95)
	h = hash(useEndpoint, raw)
	end := s.texts.get(h)
	if end == "" {
		end = s.texts.put(h, endpoint(p, part))
	}
	c.Say(fact.Conversation, fact.SessionEndpoint, end, "CIP connection path", 95)
}

func milliseconds(us uint32) string {
	return strings.TrimSuffix(fmt.Sprintf("%g ms", float64(us)/1000), ".0")
}

func endpoint(p *epath, part string) string {
	var b strings.Builder
	if part != "" {
		b.WriteString(part + ", ")
	}
	fmt.Fprintf(&b, "%s instance %d", objectText(uint16(min(p.class, 0xffff))), p.instance)
	for _, pt := range p.points[:p.nPoints] {
		fmt.Fprintf(&b, " point %d", pt)
	}
	return b.String()
}

// opened reads the success answer of Forward Open: it tells the connection
// ids, and that I/O will follow on UDP.
func (s *session) opened(c *proto.Context, x *exchange, r *wire.Reader, p *packet) error {
	ot := r.U32LE("O->T connection id")
	to := r.U32LE("T->O connection id")
	if err := r.Err(); err != nil {
		return err
	}
	if x.open.transport&0x0f > 1 {
		k := s.cip.bind(ot, to)
		k.part, k.opened = x.open.part, true
		return nil
	}
	// The answer comes from the target: Dst is the originator.
	c.Expect(proto.Expect{Carrier: proto.UDP, A: c.Dst.Addr(), B: c.Src.Addr(), PortB: portIO, Name: name})
	back := c.Dst.Addr()
	sock := wire.NewReader(p.sockTO)
	sock.U16("sin_family")
	sock.U16("sin_port")
	if a := sock.U32("sin_addr"); sock.OK() && a>>28 == 0xe { // multicast
		back = netip.AddrFrom4([4]byte{byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a)})
	}
	c.Expect(proto.Expect{Carrier: proto.UDP, A: c.Src.Addr(), B: back, PortB: portIO, Name: name})
	return nil
}

const safetyText = "CIP Safety"

// slots names the modules of a chassis.
var slots = func() (t [256]string) {
	for i := range t {
		t[i] = fmt.Sprintf("slot %d", i)
	}
	return t
}()

// route names where a path of port segments leads: "" is the host itself,
// port 1 the backplane (C-1.4.1), others a network.
func (s *session) route(b []byte) string {
	switch {
	case len(b) == 0:
		return ""
	case len(b) == 2 && b[0] == 1:
		return slots[b[1]]
	}
	h := hash(useRoute, b)
	if t := s.texts.get(h); t != "" {
		return t
	}
	var hops []string
	r := wire.NewReader(b)
	for r.Len() > 0 && len(hops) < 8 {
		seg := r.U8("segment")
		if seg>>5 != 0 {
			break
		}
		port, link := portSegment(&r, seg)
		switch {
		case !r.OK():
		case port == 1 && len(link) == 1:
			hops = append(hops, slots[link[0]])
		case wire.ASCII(link) && len(link) > 1:
			hops = append(hops, fmt.Sprintf("port %d %s", port, link))
		default:
			hops = append(hops, fmt.Sprintf("port %d address %x", port, link))
		}
	}
	return s.texts.put(h, strings.Join(hops, ", "))
}
