package flow_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
)

var (
	read  = fact.Function{Protocol: "modbus", Code: "3", Name: "read holding registers", Class: fact.Read}
	write = fact.Function{Protocol: "modbus", Code: "6", Name: "write single register", Class: fact.Write}
)

func ip(n int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x0a000000+uint32(n))
	return netip.AddrFrom4(b)
}

// between is a TCP flow from client to server, with two packets there and one back.
func between(client, server int, port uint16, protocol string) *fact.Flow {
	f := &fact.Flow{Transport: "tcp", Protocol: protocol, Ended: true, Opened: true, Answered: protocol != "",
		Packets: [2]uint64{2, 1}, Bytes: [2]uint64{120, 60}, Seen: fact.Seen{First: 10, Last: 20, Frame: 1, Count: 3}}
	f.Ends[0], f.Ends[1] = fact.Party{IP: ip(client), Port: 50000}, fact.Party{IP: ip(server), Port: port}
	if protocol != "" {
		f.Payload = [2]uint64{12, 12}
	}
	return f
}

func operation(fn *fact.Function, kind fact.Kind, from uint8, n uint64, targets ...fact.TargetStat) fact.OperationStat {
	return fact.OperationStat{Function: fn, Kind: kind, From: from, Targets: targets, Seen: fact.Seen{First: 10, Last: 20, Frame: 1, Count: n}}
}

func total(list []*flow.Conversation) (packets, bytes uint64) {
	for _, c := range list {
		packets += c.Packets[0] + c.Packets[1]
		bytes += c.Bytes[0] + c.Bytes[1]
	}
	return packets, bytes
}

// Whatever flows come, in whatever order and pieces: no packet and no byte is
// lost or counted twice, and the conversations are the same.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []*fact.Flow
		for range rapid.IntRange(1, 60).Draw(t, "flows") {
			f := between(rapid.IntRange(1, 3).Draw(t, "client"), rapid.IntRange(4, 6).Draw(t, "server"),
				rapid.SampledFrom([]uint16{502, 102, 4840}).Draw(t, "port"), rapid.SampledFrom([]string{"", "modbus", "s7comm"}).Draw(t, "protocol"))
			f.Client = uint8(rapid.IntRange(0, 1).Draw(t, "side"))
			if f.Protocol == "modbus" {
				f.Operations = []fact.OperationStat{operation(&read, fact.Request, f.Client, 5), operation(&read, fact.Response, f.Client^1, 4)}
			}
			f.Packets[0] = rapid.Uint64Range(0, 9).Draw(t, "packets")
			all = append(all, f)
		}
		var packets, bytes, requests uint64
		for _, f := range all {
			packets += f.Packets[0] + f.Packets[1]
			bytes += f.Bytes[0] + f.Bytes[1]
			if len(f.Operations) > 0 {
				requests += 5
			}
		}
		var first string
		for i, order := range [][]*fact.Flow{all, rapid.Permutation(all).Draw(t, "order")} {
			b := flow.NewBook()
			for _, f := range order {
				b.Add(f)
			}
			list := b.Close()
			if p, n := total(list); p != packets || n != bytes {
				t.Fatalf("%d packets of %d, %d bytes of %d", p, packets, n, bytes)
			}
			var asked uint64
			keys := ""
			for _, c := range list {
				for _, o := range c.Operations {
					asked += o.Requests
				}
				keys += fmt.Sprintln(c.Key, c.Packets, c.Bytes, c.Flows)
			}
			if asked != requests {
				t.Fatalf("%d requests of %d", asked, requests)
			}
			if i == 0 {
				first = keys
			} else if keys != first {
				t.Fatalf("in another order:\n%s\nbefore:\n%s", keys, first)
			}
		}
	})
}

// A scan of ports, a scan of hosts and a flood from made-up hosts make few
// conversations; what is answered beside them stays apart.
func TestFolding(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(i int) *fact.Flow
		most int
	}{
		{"ports of one host", func(i int) *fact.Flow { return between(1, 2, uint16(i), "") }, 40},
		{"one port of many hosts", func(i int) *fact.Flow { return between(1, 100+i, 502, "") }, 300},
		{"ports of many hosts", func(i int) *fact.Flow { return between(1, 100+i/1000, uint16(i), "") }, 60 * 34},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := flow.NewBook()
			const n = 50_000
			for i := range n {
				b.Add(c.make(i))
			}
			b.Add(between(1, 2, 502, "modbus"))
			list := b.Close()
			if p, _ := total(list); p != 3*(n+1) {
				t.Errorf("%d packets of %d", p, 3*(n+1))
			}
			if len(list) > c.most {
				t.Errorf("%d conversations", len(list))
			}
			found := false
			for _, c := range list {
				found = found || c.Protocol == "modbus" && c.Port == 502 && !c.Server.Many()
			}
			if !found {
				t.Error("the real conversation is lost in the scan")
			}
		})
	}
}

// Flows between hosts that nobody can count end in one conversation.
func TestFull(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a book")
	}
	b := flow.NewBook()
	const n = 1 << 18
	for i := range n {
		f := between(i, 1<<20, 502, "modbus")
		f.Operations = []fact.OperationStat{operation(&read, fact.Request, 0, 1, fact.TargetStat{Unit: 1, First: uint64(i), Seen: fact.Seen{First: 1, Last: 1, Frame: 1, Count: 1}})}
		b.Add(f)
	}
	list := b.Close()
	if p, _ := total(list); p != 3*n || len(list) > 1<<17+1 {
		t.Errorf("%d conversations, %d packets", len(list), p)
	}
}

// What the server asks over a connection that the client opened is a
// conversation of its own, the other way round.
func TestReverse(t *testing.T) {
	b := flow.NewBook()
	f := between(1, 2, 502, "modbus")
	f.Operations = []fact.OperationStat{operation(&read, fact.Request, 0, 7), operation(&read, fact.Response, 1, 7), operation(&write, fact.Request, 1, 2), operation(&write, fact.Response, 0, 1)}
	b.Add(f)
	list := b.Close()
	if len(list) != 2 {
		t.Fatalf("%d conversations", len(list))
	}
	for _, c := range list {
		o := c.Operations[0]
		switch {
		case len(c.Operations) != 1:
			t.Errorf("%+v", c.Operations)
		case !c.Reverse && (c.Client.IP != ip(1) || o.Function.Code != "3" || o.Requests != 7 || o.Responses != 7):
			t.Errorf("forward: %v, %+v", c.Key, o)
		case c.Reverse && (c.Client.IP != ip(2) || c.Server.IP != ip(1) || o.Function.Code != "6" || o.Requests != 2 || o.Responses != 1 || c.Packets != [2]uint64{}):
			t.Errorf("reverse: %v, %+v", c.Key, o)
		}
	}
}

// Answers with a code of their own count for their request, too.
func TestAnswersCount(t *testing.T) {
	reply := fact.Function{Protocol: "opcua", Code: "634", Name: "read response", Reply: true}
	ask := fact.Function{Protocol: "opcua", Code: "631", Name: "read request", Class: fact.Read}
	a := operation(&reply, fact.Response, 1, 4)
	a.Answers, a.Failed, a.Status = &ask, 1, "BadNodeIdUnknown"
	f := between(1, 2, 4840, "opcua")
	f.Operations = []fact.OperationStat{operation(&ask, fact.Request, 0, 4), a}
	b := flow.NewBook()
	b.Add(f)
	c := b.Close()[0]
	for _, o := range c.Operations {
		want := [3]uint64{4, 4, 1}
		if o.Function.Code == "634" {
			want = [3]uint64{0, 4, 1}
		}
		if got := [3]uint64{o.Requests, o.Responses, o.Errors}; got != want || o.Status != "BadNodeIdUnknown" {
			t.Errorf("%s: %v %q", o.Function.Code, got, o.Status)
		}
	}
}

// Flows too short to be recognised belong to the conversation on the same port
// that was.
func TestUnrecognisedJoins(t *testing.T) {
	b := flow.NewBook()
	b.Add(between(1, 2, 502, ""))
	b.Add(between(1, 2, 502, "modbus"))
	b.Add(between(1, 2, 503, ""))
	list := b.Close()
	if len(list) != 2 || list[0].Port != 502 || list[0].Packets != [2]uint64{4, 2} || list[0].Flows != 2 || list[1].Port != 503 {
		t.Errorf("%d conversations: %+v", len(list), list[0])
	}
}

// Many operations and targets: found again beyond the point where an index is
// kept, bounded, and what is not kept is counted.
func TestManyInside(t *testing.T) {
	b := flow.NewBook()
	for round := range 3 {
		f := between(1, 2, 502, "modbus")
		for i := range 1200 {
			fn := fact.Function{Protocol: "modbus", Code: fmt.Sprint(i)}
			o := operation(&fn, fact.Request, 0, 1)
			if i == 0 {
				for j := range 600 {
					o.Targets = append(o.Targets, fact.TargetStat{First: uint64(j), Value: fmt.Sprint(round), Seen: fact.Seen{First: 1, Last: 1, Frame: 1, Count: 1}})
				}
			}
			f.Operations = append(f.Operations, o)
		}
		b.Add(f)
	}
	c := b.Close()[0]
	if len(c.Operations) != 1024 || !c.Crowded {
		t.Errorf("%d operations, crowded %v", len(c.Operations), c.Crowded)
	}
	for _, o := range c.Operations {
		if o.Requests != 3 {
			t.Errorf("%s: %d requests", o.Function.Code, o.Requests)
		}
	}
	o := c.Operations[0]
	if o.Function.Code != "0" || len(o.Targets) != 512 || o.Missed != 3*88 || o.Targets[511].Seen.Count != 3 || o.Targets[511].Values != 2 || o.Targets[511].Value != "2" {
		t.Errorf("%s: %d targets, %d missed, %+v", o.Function.Code, len(o.Targets), o.Missed, o.Targets[len(o.Targets)-1])
	}
}

func BenchmarkAdd(b *testing.B) {
	book := flow.NewBook()
	f := between(1, 2, 502, "modbus")
	f.Operations = []fact.OperationStat{operation(&read, fact.Request, 0, 7), operation(&read, fact.Response, 1, 7)}
	b.ReportAllocs()
	for b.Loop() {
		book.Add(f)
	}
}
