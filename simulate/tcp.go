package simulate

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// TCP flags, RFC 9293 section 3.1.
const (
	fin = 1 << iota
	syn
	rst
	psh
	ack
)

const (
	mss          = 1460
	delayedAck   = 40 * time.Millisecond
	betweenParts = 30 * time.Microsecond
)

// end is one side of a connection.
type end struct {
	host  *host
	port  uint16
	seq   uint32
	acked uint32 // what it has confirmed of the other side
	heard time.Duration
}

// conn composes one TCP connection. It moves along its own time; at goes
// forward. Each message of one side is confirmed by the next of the other, or
// by an empty segment when the other side has nothing to say for a while.
type conn struct {
	n      *network
	a, b   end // client and server
	now    time.Duration
	rng    *rand.Rand
	closed bool
}

// dial opens a connection and notes in the truth who speaks what with whom.
func (n *network) dial(at time.Duration, client, server *host, port uint16, protocol string) *conn {
	n.spoke(client, server, "tcp", port, protocol)
	c := &conn{n: n, now: at,
		a:   end{host: client, port: client.ephemeral(), seq: client.sequence()},
		b:   end{host: server, port: port, seq: server.sequence()},
		rng: rand.New(rand.NewPCG(n.seed^uint64(at), uint64(client.seq)<<16|uint64(port))),
	}
	c.emit(&c.a, &c.b, syn, nil)
	c.pass(c.travel())
	c.emit(&c.b, &c.a, syn|ack, nil)
	c.pass(c.travel())
	c.emit(&c.a, &c.b, ack, nil)
	return c
}

// travel is the time that a packet needs through the network.
func (c *conn) travel() time.Duration {
	d := 120*time.Microsecond + time.Duration(c.rng.IntN(90_000))
	if c.a.host.net == nil || c.b.host.net == nil {
		d += 11*time.Millisecond + time.Duration(c.rng.IntN(4_000_000))
	}
	return d
}

func (c *conn) pass(d time.Duration) { c.now += d }

// at waits until t. Sides that have to confirm something do so meanwhile.
func (c *conn) at(t time.Duration) *conn {
	if t > c.now {
		c.confirm(&c.a, &c.b, t)
		c.confirm(&c.b, &c.a, t)
		c.now = t
	}
	return c
}

func (c *conn) confirm(e, o *end, until time.Duration) {
	if due := e.heard + delayedAck; e.acked != o.seq && due < until {
		was := c.now
		c.now = max(due, was)
		c.emit(e, o, ack, nil)
		c.now = was
	}
}

// client sends from the client.
func (c *conn) client(messages ...[]byte) *conn { return c.send(&c.a, &c.b, messages) }

// server sends from the server, after the time that it takes to answer.
func (c *conn) server(messages ...[]byte) *conn {
	c.pass(c.b.host.think(c.rng))
	return c.send(&c.b, &c.a, messages)
}

// think is how long a station takes to answer.
func (h *host) think(rng *rand.Rand) time.Duration {
	mean := max(h.answers, 200*time.Microsecond)
	return mean/2 + time.Duration(rng.Int64N(int64(mean)))
}

// send hands each message to the network as one push.
func (c *conn) send(from, to *end, messages [][]byte) *conn {
	for _, m := range messages {
		for i := 0; len(m) > mss; i++ {
			c.emit(from, to, ack, m[:mss])
			m = m[mss:]
			c.pass(betweenParts)
			if i%2 == 1 {
				c.emit(to, from, ack, nil)
				c.pass(betweenParts)
			}
		}
		c.emit(from, to, psh|ack, m)
		c.pass(c.travel())
	}
	return c
}

// ask sends a request and its answer.
func (c *conn) ask(request, answer []byte) *conn {
	c.client(request)
	c.server(answer)
	return c
}

// close ends the connection from the client's side.
func (c *conn) close() { c.end(&c.a, &c.b) }

// hangUp ends the connection from the server's side.
func (c *conn) hangUp() { c.end(&c.b, &c.a) }

func (c *conn) end(e, o *end) {
	if c.closed {
		return
	}
	c.closed = true
	c.emit(e, o, fin|ack, nil)
	c.pass(c.travel())
	c.emit(o, e, ack, nil)
	c.pass(c.travel())
	c.emit(o, e, fin|ack, nil)
	c.pass(c.travel())
	c.emit(e, o, ack, nil)
}

// emit adds one segment.
func (c *conn) emit(e, o *end, flags byte, data []byte) {
	var w wire.Builder
	words := byte(5)
	if flags&syn != 0 {
		words = 8
	}
	acks := o.seq
	if flags&ack == 0 {
		acks = 0
	}
	window := e.host.window
	w.U16(e.port).U16(o.port).U32(e.seq).U32(acks).U8(words<<4, flags).U16(window).U16(0).U16(0)
	if flags&syn != 0 {
		// Maximum segment size, window scale 0, selective acknowledgement.
		w.U8(2, 4).U16(mss).U8(1, 3, 3, 0, 1, 1, 4, 2)
	}
	w.Bytes(data)
	binary.BigEndian.PutUint16(w.B[16:], ^fold(sum(pseudo(e.host.addr, o.host.addr, 6, len(w.B)), w.B)))
	c.n.ip(c.now, e.host, o.host, 6, w.B)
	e.seq += uint32(len(data))
	if flags&(syn|fin) != 0 {
		e.seq++
	}
	e.acked = o.seq
	o.heard = c.now
}

// refused is an attempt that the server's stack turns down, or nobody answers.
func (n *network) refused(at time.Duration, client, server *host, port uint16, silent bool) time.Duration {
	c := &conn{n: n, now: at,
		a:   end{host: client, port: client.ephemeral(), seq: client.sequence()},
		b:   end{host: server, port: port},
		rng: rand.New(rand.NewPCG(n.seed^uint64(at), uint64(port))),
	}
	c.emit(&c.a, &c.b, syn, nil)
	if !silent {
		c.pass(c.travel())
		c.emit(&c.b, &c.a, rst|ack, nil)
	}
	return c.now
}
