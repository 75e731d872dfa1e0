package simulate

import (
	"math"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// opcua is a connection of OPC UA TCP without security (OPC 10000-4 and -6,
// release 1.05), signed in as nobody.
type opcua struct {
	*conn
	url           string
	channel       uint32
	token         uint32
	seq, request  uint32
	handle        uint32
	authenticated uint32 // numeric id of the session's token; 0 before
	published     uint32
}

const opcuaNone = "http://opcfoundation.org/UA/SecurityPolicy#None"

// ua appends fields in the binary encoding, OPC 10000-6 clause 5.2.
type ua struct{ wire.Builder }

func (w *ua) text(s string) *ua { w.U32LE(uint32(len(s))).Text(s); return w }
func (w *ua) null() *ua         { w.U32LE(0xffffffff); return w }
func (w *ua) u32(v uint32) *ua  { w.U32LE(v); return w }
func (w *ua) double(v float64) *ua {
	w.U64LE(math.Float64bits(v))
	return w
}

// node is a numeric node id of four bytes.
func (w *ua) node(ns byte, id uint16) *ua { w.U8(1, ns).U16LE(id); return w }

// tag is a node id with a text in namespace 2.
func (w *ua) tag(s string) *ua { w.U8(3).U16LE(2); return w.text(s) }

// uaTime is a time in 100 ns since 1601.
func (c *opcua) uaTime() uint64 {
	return uint64(c.n.truth.Start.Add(c.now).UnixNano()/100) + 116444736000000000
}

func uaChunk(kind string, body []byte) []byte {
	var w wire.Builder
	return w.Text(kind).U32LE(uint32(8 + len(body))).Bytes(body).B
}

// dialOPCUA opens the channel, creates a session and activates it.
func (n *network) dialOPCUA(at time.Duration, client, server *host, url, clientName, clientURI string) *opcua {
	c := &opcua{conn: n.dial(at, client, server, 4840, "opcua"), url: url, seq: 50, channel: 3 + uint32(client.id&7), token: 1}
	var h, a ua
	h.u32(0).u32(65536).u32(65536).u32(0).u32(0).text(url)
	a.u32(0).u32(65536).u32(65536).u32(0).u32(0)
	c.ask(uaChunk("HELF", h.B), uaChunk("ACKF", a.B))
	c.open()
	c.session(clientName, clientURI)
	return c
}

func (c *opcua) requestHeader(w *ua) *ua {
	c.handle++
	if c.authenticated == 0 {
		w.U8(0, 0)
	} else {
		w.U8(2).U16LE(1).U32LE(c.authenticated)
	}
	w.U64LE(c.uaTime())
	w.u32(c.handle).u32(0).null().u32(10000).U8(0, 0, 0)
	return w
}

func (c *opcua) responseHeader(w *ua) *ua {
	w.U64LE(c.uaTime())
	w.u32(c.handle).u32(0).U8(0)
	w.u32(0).U8(0, 0, 0)
	return w
}

func (c *opcua) open() {
	asymmetric := func(channel uint32, body *ua) []byte {
		var w ua
		w.u32(channel).text(opcuaNone).null().null()
		w.u32(c.seq).u32(1).Bytes(body.B)
		return uaChunk("OPNF", w.B)
	}
	var q, a ua
	c.requestHeader(q.node(0, 446)).u32(0).u32(0).u32(1).null().u32(3600000)
	c.responseHeader(a.node(0, 449)).u32(0).u32(c.channel).u32(c.token).U64LE(c.uaTime())
	a.u32(3600000).null()
	c.request = 1
	c.ask(asymmetric(0, &q), asymmetric(c.channel, &a))
}

// message builds a message over the open channel.
func (c *opcua) message(body *ua) []byte {
	var w ua
	w.u32(c.channel).u32(c.token).u32(c.seq).u32(c.request).Bytes(body.B)
	return uaChunk("MSGF", w.B)
}

// do sends a service request and its answer, which are filled after their headers.
func (c *opcua) do(request, response uint16, fill, answer func(*ua)) {
	c.seq++
	c.request++
	var q, a ua
	fill(c.requestHeader(q.node(0, request)))
	c.client(c.message(&q))
	answer(c.responseHeader(a.node(0, response)))
	c.server(c.message(&a))
}

func application(w *ua, uri, product, name string, kind uint32, urls ...string) *ua {
	w.text(uri).text(product).U8(2)
	w.text(name).u32(kind).null().null().u32(uint32(len(urls)))
	for _, u := range urls {
		w.text(u)
	}
	return w
}

func (c *opcua) session(name, uri string) {
	c.do(461, 464, func(w *ua) {
		application(w, uri, "urn:plant:client", name, 1).null().text(c.url).text(name + " session").null().null().double(1200000).u32(0)
	}, func(w *ua) {
		w.U8(2).U16LE(1).U32LE(4001).U8(2).U16LE(1).U32LE(90210)
		w.double(1200000).null().null().u32(1)
		c.endpoint(w)
		w.u32(0).null().null().u32(0)
	})
	c.authenticated = 90210
	c.do(467, 470, func(w *ua) {
		w.null().null().u32(0).u32(0).node(0, 321).U8(1)
		w.u32(4 + 9).text("anonymous").null().null()
	}, func(w *ua) { w.null().u32(0).u32(0) })
}

func (c *opcua) endpoint(w *ua) {
	w.text(c.url)
	application(w, "urn:opc-1:KepwareServer", "KEPServerEX", "KEPServerEX/UA Server", 0, c.url)
	w.null().u32(1).text(opcuaNone).u32(1)
	w.text("anonymous").u32(0).null().null().null()
	w.text("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary").U8(0)
}

// uaValue is a tag with its value.
type uaValue struct {
	tag   string
	value float64
}

func (w *ua) doubles(vs []uaValue) *ua {
	w.u32(uint32(len(vs)))
	for _, v := range vs {
		w.U8(1, 11)
		w.double(v.value)
	}
	return w
}

// read reads tags.
func (c *opcua) read(vs ...uaValue) {
	c.do(631, 634, func(w *ua) {
		w.double(0).u32(2).u32(uint32(len(vs)))
		for _, v := range vs {
			w.tag(v.tag).u32(13).null().U16LE(0)
			w.null()
		}
	}, func(w *ua) { w.doubles(vs).u32(0) })
}

// build reads what the server says of itself: the BuildInfo of ServerStatus.
func (c *opcua) build(info ...string) {
	nodes := []uint16{2263, 2261, 2264} // manufacturer, product, version
	c.do(631, 634, func(w *ua) {
		w.double(0).u32(2).u32(uint32(len(info)))
		for i := range info {
			w.node(0, nodes[i]).u32(13).null().U16LE(0)
			w.null()
		}
	}, func(w *ua) {
		w.u32(uint32(len(info)))
		for _, s := range info {
			w.U8(1, 12)
			w.text(s)
		}
		w.u32(0)
	})
}

// browse lists what is below the objects folder.
func (c *opcua) browse(names ...string) {
	c.do(527, 530, func(w *ua) {
		w.U8(0, 0).U64LE(0)
		w.u32(0).u32(0).u32(1).node(0, 85).u32(0).node(0, 33).U8(1)
		w.u32(0).u32(63)
	}, func(w *ua) {
		w.u32(1).u32(0).null().u32(uint32(len(names)))
		for _, s := range names {
			w.node(0, 35).U8(1)
			w.tag(s).U16LE(2)
			w.text(s).U8(2)
			w.text(s).u32(1).node(0, 61)
		}
		w.u32(0)
	})
}

// write writes one tag.
func (c *opcua) write(v uaValue) {
	c.do(673, 676, func(w *ua) {
		w.u32(1).tag(v.tag).u32(13).null().U8(1, 11)
		w.double(v.value)
	}, func(w *ua) { w.u32(1).u32(0).u32(0) })
}

// subscribe creates a subscription and its items.
func (c *opcua) subscribe(interval float64, vs ...uaValue) {
	c.do(787, 790, func(w *ua) { w.double(interval).u32(60).u32(20).u32(0).U8(1, 0) },
		func(w *ua) { w.u32(77).double(interval).u32(60).u32(20) })
	c.do(751, 754, func(w *ua) {
		w.u32(77).u32(2).u32(uint32(len(vs)))
		for i, v := range vs {
			w.tag(v.tag).u32(13).null().U16LE(0)
			w.null().u32(2).u32(uint32(i+1)).double(interval).U8(0, 0, 0)
			w.u32(1).U8(1)
		}
	}, func(w *ua) {
		w.u32(uint32(len(vs)))
		for i := range vs {
			w.u32(0).u32(uint32(i+1)).double(interval).u32(1).U8(0, 0, 0)
		}
		w.u32(0)
	})
}

// publish asks for changes, and gets them.
func (c *opcua) publish(vs ...uaValue) {
	c.published++
	c.do(826, 829, func(w *ua) {
		if c.published == 1 {
			w.u32(0)
			return
		}
		w.u32(1).u32(77).u32(c.published - 1)
	}, func(w *ua) {
		w.u32(77).u32(0).U8(0)
		w.u32(c.published).U64LE(c.uaTime())
		var d ua
		d.u32(uint32(len(vs)))
		for i, v := range vs {
			d.u32(uint32(i+1)).U8(1, 11)
			d.double(v.value)
		}
		d.u32(0)
		w.u32(1).node(0, 811).U8(1)
		w.u32(uint32(len(d.B))).Bytes(d.B)
		w.u32(0).u32(0)
	})
}

// hangUpUA closes session and channel.
func (c *opcua) hangUpUA() {
	c.do(473, 476, func(w *ua) { w.U8(1) }, func(w *ua) {})
	c.seq++
	c.request++
	var q, body ua
	c.requestHeader(q.node(0, 452))
	body.u32(c.channel).u32(c.token).u32(c.seq).u32(c.request).Bytes(q.B)
	c.client(uaChunk("CLOF", body.B))
	c.close()
}
