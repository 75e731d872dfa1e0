package mqtt

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const sparkplugName = "sparkplug"

// Message types of Sparkplug (3.0, chapter 4), as indexes into sparkplugs.
const (
	nbirth = iota
	dbirth
	ndata
	ddata
	ncmd
	dcmd
	ndeath
	ddeath
	state
)

var sparkplugs = [...]struct {
	fact.Function
	birth, command bool
}{
	nbirth: {fact.Function{Protocol: sparkplugName, Code: "NBIRTH", Name: "birth of an edge node", Class: fact.Discover}, true, false},
	dbirth: {fact.Function{Protocol: sparkplugName, Code: "DBIRTH", Name: "birth of a device", Class: fact.Discover}, true, false},
	ndata:  {fact.Function{Protocol: sparkplugName, Code: "NDATA", Name: "data of an edge node", Class: fact.Data}, false, false},
	ddata:  {fact.Function{Protocol: sparkplugName, Code: "DDATA", Name: "data of a device", Class: fact.Data}, false, false},
	ncmd:   {fact.Function{Protocol: sparkplugName, Code: "NCMD", Name: "command to an edge node", Class: fact.Write}, false, true},
	dcmd:   {fact.Function{Protocol: sparkplugName, Code: "DCMD", Name: "command to a device", Class: fact.Write}, false, true},
	ndeath: {fact.Function{Protocol: sparkplugName, Code: "NDEATH", Name: "death of an edge node", Class: fact.Data}, false, false},
	ddeath: {fact.Function{Protocol: sparkplugName, Code: "DDEATH", Name: "death of a device", Class: fact.Data}, false, false},
	state:  {fact.Function{Protocol: sparkplugName, Code: "STATE", Name: "state of a host application", Class: fact.Data}, false, false},
}

// controls are commands to metrics under "Node Control" and "Device Control"
// (6.4.22): they restart and steer, where others write a value.
var controls = [...]fact.Function{
	{Protocol: sparkplugName, Code: "NCMD", Name: "command to an edge node: control", Class: fact.Control, Object: "Node Control"},
	{Protocol: sparkplugName, Code: "DCMD", Name: "command to a device: control", Class: fact.Control, Object: "Device Control"},
}

// spTopic is namespace/group/type/edge[/device], in parts.
type spTopic struct {
	kind                int
	group, edge, device []byte
}

func isSparkplug(topic []byte) bool {
	_, ok := sparkplugTopic(topic)
	return ok
}

// sparkplugTopic reads the topic of a Sparkplug message (3.0, 4.1). The state
// of a host had a topic of its own before 3.0.
func sparkplugTopic(topic []byte) (t spTopic, ok bool) {
	rest, ok := bytes.CutPrefix(topic, []byte("spBv1.0/"))
	if !ok {
		host, old := bytes.CutPrefix(topic, []byte("STATE/"))
		return spTopic{kind: state, edge: host}, old && len(host) > 0
	}
	if host, is := bytes.CutPrefix(rest, []byte("STATE/")); is {
		return spTopic{kind: state, edge: host}, len(host) > 0
	}
	group, rest, _ := bytes.Cut(rest, []byte("/"))
	kind, rest, _ := bytes.Cut(rest, []byte("/"))
	t.group = group
	t.edge, t.device, _ = bytes.Cut(rest, []byte("/"))
	for i := range sparkplugs {
		if string(kind) == sparkplugs[i].Code {
			t.kind = i
			return t, len(group) > 0 && len(t.edge) > 0
		}
	}
	return spTopic{}, false
}

// maxMetrics bounds the metrics whose names are remembered.
const (
	maxMetrics    = 1024
	maxMetricName = 96
)

// metricName is what an alias stands for (6.4.6).
type metricName struct {
	kind   uint8
	length uint8
	name   [maxMetricName]byte
}

// metricTable is keyed by a hash of edge node, device and alias.
type metricTable map[uint64]*metricName

func (t spTopic) key(alias uint64) uint64 {
	h := hash(hash(hash(fnv, t.group), t.edge), t.device)
	return (h ^ alias) * 1099511628211
}

// sparkplug reports the Sparkplug message in a PUBLISH.
func (s *session) sparkplug(c *proto.Context, t spTopic, body []byte, client, cut bool) {
	what := &sparkplugs[t.kind]
	k := fact.Notice
	if client && what.command {
		k = fact.Request
	}
	f := &what.Function
	var first metric
	if t.kind == state {
		first = metric{value: payload(body)}
	} else {
		first = s.metrics(c, t, body, client, cut)
		if what.command {
			f = commandTo(t.kind, first.name)
		}
	}
	op := c.Op(f, k)
	op.Target = named(s.full(t, first.name))
	op.Value = first.value
	c.Emit()
}

func commandTo(kind int, metric []byte) *fact.Function {
	if bytes.HasPrefix(metric, []byte("Node Control/")) || bytes.HasPrefix(metric, []byte("Device Control/")) {
		return &controls[kind-ncmd]
	}
	return &sparkplugs[kind].Function
}

// full writes group/edge/device/metric into the session's buffer.
func (s *session) full(t spTopic, metric []byte) []byte {
	out := s.scratch[:0]
	for _, part := range [...][]byte{t.group, t.edge, t.device, metric} {
		if len(part) == 0 {
			continue
		}
		if len(out) > 0 && len(out) < cap(out) {
			out = append(out, '/')
		}
		out = append(out, part[:min(len(part), cap(out)-len(out))]...)
	}
	return out
}

// metrics reads a Payload (6.4.5) and returns its first metric that is not
// housekeeping. Births teach names and tell what the device is.
func (s *session) metrics(c *proto.Context, t spTopic, body []byte, client, cut bool) (first metric) {
	birth := sparkplugs[t.kind].birth
	if birth {
		s.born(c, t, client)
	}
	found := false
	r := wire.NewReader(body)
	for r.Len() > 0 {
		f := next(&r)
		if !r.OK() {
			return first // not a Sparkplug payload, or cut
		}
		if f.number != 2 {
			continue
		}
		m := readMetric(f.raw)
		if !m.complete {
			return first
		}
		s.alsoKnown(t, &m, birth)
		m.signed()
		if birth {
			s.property(c, t, client, &m)
		}
		if !found && string(m.name) != "bdSeq" {
			first, found = m, true
		}
	}
	return first
}

// alsoKnown keeps name and type under the alias, or finds them by it.
func (s *session) alsoKnown(t spTopic, m *metric, birth bool) {
	if !m.aliased {
		return
	}
	// An alias belongs to the edge node: commands and data use it alike.
	known := s.names[t.key(m.alias)]
	if len(m.name) == 0 {
		if known != nil {
			m.name = known.name[:known.length]
			if m.kind == 0 {
				m.kind = known.kind
			}
		}
		return
	}
	if !birth || len(m.name) > maxMetricName {
		return
	}
	if known == nil {
		if len(s.names) >= maxMetrics {
			return
		}
		if s.names == nil {
			s.names = make(metricTable)
		}
		known = new(metricName)
		s.names[t.key(m.alias)] = known
	}
	known.kind = m.kind
	known.length = uint8(copy(known.name[:], m.name))
}

// born says who is born.
func (s *session) born(c *proto.Context, t spTopic, client bool) {
	if !s.seen.fresh([]byte("born"), t.group, t.edge, t.device, []byte{byte(c.Dir)}) {
		return
	}
	of, confidence := subject(t, client)
	id := t.edge
	if len(t.device) > 0 {
		id = t.device
	}
	c.SayOf(of, fact.DeviceName, string(clean(id)), "Sparkplug birth", confidence)
	if len(t.device) == 0 {
		c.SayOf(of, fact.RoleHint, "gateway", "Sparkplug edge node", confidence-30)
	}
}

// subject is the edge node itself where it speaks, else a part behind it; what
// the broker passes on speaks of a node behind the broker.
func subject(t spTopic, client bool) (of fact.Subject, confidence uint8) {
	of = fact.Subject{Who: fact.Sender}
	if len(t.device) > 0 {
		of.Part = "device " + string(clean(t.device))
	}
	if client {
		return of, 90
	}
	node := "edge node " + string(clean(t.group)) + "/" + string(clean(t.edge))
	if of.Part != "" {
		node = of.Part + " of " + node
	}
	of.Part = node
	return of, 70
}

// inventory are the metrics by which edge nodes and devices describe
// themselves, by the last part of the name in lower case. The names are
// custom: 6.4.22 gives "Properties/Hardware Make" as an example.
var inventory = map[string]fact.Attr{
	"hardware make": fact.Vendor, "manufacturer": fact.Vendor, "vendor": fact.Vendor, "make": fact.Vendor,
	"hardware model": fact.Model, "model": fact.Model, "model number": fact.Model, "product name": fact.Model,
	"serial": fact.Serial, "serial number": fact.Serial, "serialnumber": fact.Serial, "hardware serial number": fact.Serial,
	"fw": fact.FirmwareVer, "firmware": fact.FirmwareVer, "firmware version": fact.FirmwareVer, "fw version": fact.FirmwareVer,
	"hardware version": fact.Hardware, "hw version": fact.Hardware, "hardware revision": fact.Hardware,
	"os": fact.OS, "os version": fact.OS, "operating system": fact.OS,
	"software": fact.Software, "software version": fact.Software, "sw version": fact.Software,
	"hostname": fact.Hostname, "location": fact.Location, "order number": fact.OrderNumber, "part number": fact.OrderNumber,
}

// property says what a metric of a birth states about hardware and software.
func (s *session) property(c *proto.Context, t spTopic, client bool, m *metric) {
	if m.value.Kind != fact.Text || len(m.name) > maxMetricName {
		return
	}
	slash := bytes.LastIndexByte(m.name, '/')
	if slash < 0 {
		return
	}
	var lower [maxMetricName]byte
	for i, x := range m.name {
		if x >= 'A' && x <= 'Z' {
			x += 'a' - 'A'
		}
		lower[i] = x
	}
	// A tag of the process may be called "model" too.
	group := lower[:slash]
	if !bytes.Contains(group, []byte("propert")) && !bytes.Contains(group, []byte("info")) && !bytes.Contains(group, []byte("identi")) {
		return
	}
	attr := inventory[string(lower[slash+1:len(m.name)])]
	value := clean(m.value.Raw)
	if attr == "" || len(value) == 0 || !s.seen.fresh([]byte("metric"), t.group, t.edge, t.device, m.name, value) {
		return
	}
	of, confidence := subject(t, client)
	c.SayOf(of, attr, string(value), "Sparkplug birth", confidence)
}
