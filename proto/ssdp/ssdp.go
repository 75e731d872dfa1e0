// Package ssdp reads the Simple Service Discovery Protocol of UPnP Device
// Architecture 2.0, chapter 1.
package ssdp

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "ssdp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Simple Service Discovery Protocol (UPnP)",
	About: "Routers, cameras, printers, media and some controllers announce themselves and their web pages. " +
		"It names devices and their software, and tells that a device can be configured by whoever reaches it.",
	Spec:      "UPnP Device Architecture 2.0, chapter 1",
	Limit:     "The description that LOCATION points to is fetched over HTTP and not read here.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{1900}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// The messages, by their start line and NTS header (1.2.2, 1.2.3, 1.3.2, 1.3.3).
var (
	search = fact.Function{Protocol: name, Code: "M-SEARCH", Name: "search", Class: fact.Discover}
	alive  = fact.Function{Protocol: name, Code: "NOTIFY", Name: "notify alive", Class: fact.Discover}
	byebye = fact.Function{Protocol: name, Code: "NOTIFY", Name: "notify byebye", Class: fact.Discover}
	update = fact.Function{Protocol: name, Code: "NOTIFY", Name: "notify update", Class: fact.Discover}
	notify = fact.Function{Protocol: name, Code: "NOTIFY", Name: "notify", Class: fact.Discover}
)

func allFunctions() []fact.Function { return []fact.Function{search, alive, byebye, update, notify} }

var errStart = errors.New("start line is none of SSDP")

// The start lines.
var (
	startSearch = []byte("M-SEARCH * HTTP/1.1")
	startNotify = []byte("NOTIFY * HTTP/1.1")
	startAnswer = []byte("HTTP/1.1 200")
	startOld    = []byte("HTTP/1.0 200")
)

func isAnswer(b []byte) bool {
	return bytes.HasPrefix(b, startAnswer) || bytes.HasPrefix(b, startOld)
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if bytes.HasPrefix(b, startSearch) || bytes.HasPrefix(b, startNotify) {
		return proto.Yes
	}
	if isAnswer(b) && len(header(b, "st")) > 0 && len(header(b, "usn")) > 0 {
		return proto.Yes
	}
	return proto.No
}

type session struct {
	known bool // the client is known
	seen  recent.Set
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	switch {
	case bytes.HasPrefix(b, startSearch):
		s.learn(c, true)
		s.emit(c, &search, fact.Request, header(b, "st"))
		s.agent(c, b)
	case bytes.HasPrefix(b, startNotify):
		s.learn(c, true)
		f := event(header(b, "nts"))
		if f != &byebye {
			s.identify(c, b, header(b, "nt"))
		}
		s.emit(c, f, fact.Notice, header(b, "nt"))
	case isAnswer(b):
		s.learn(c, false)
		s.identify(c, b, header(b, "st"))
		s.emit(c, &search, fact.Response, header(b, "st"))
	default:
		return 0, errStart
	}
	return len(b), nil
}

func event(nts []byte) *fact.Function {
	switch string(nts) {
	case "ssdp:alive":
		return &alive
	case "ssdp:byebye":
		return &byebye
	case "ssdp:update":
		return &update
	}
	return &notify
}

func (s *session) emit(c *proto.Context, f *fact.Function, k fact.Kind, target []byte) {
	op := c.Op(f, k)
	if wire.Plain(target) {
		op.Target = fact.Target{Name: target, Set: true}
	}
	c.Emit()
}

// learn: who asks or tells a group is the client of that conversation.
func (s *session) learn(c *proto.Context, client bool) {
	if s.known {
		return
	}
	s.known = true
	if client {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

// maxHeaders bounds the header lines that are looked at.
const maxHeaders = 40

// header is the value of the named header, which is in lower case.
func header(b []byte, key string) []byte {
	for range maxHeaders {
		_, rest, ok := bytes.Cut(b, []byte{'\n'})
		if !ok {
			return nil
		}
		b = rest
		if len(b) > len(key) && b[len(key)] == ':' && equalFold(b[:len(key)], key) {
			v, _, _ := bytes.Cut(b[len(key)+1:], []byte{'\n'})
			return bytes.TrimSpace(v)
		}
	}
	return nil
}

func equalFold(b []byte, lower string) bool {
	for i, x := range b {
		if x >= 'A' && x <= 'Z' {
			x |= 0x20
		}
		if x != lower[i] {
			return false
		}
	}
	return true
}
