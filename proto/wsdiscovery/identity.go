package wsdiscovery

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// maxTags bounds the tags that are looked at in one message.
const maxTags = 256

// element is the text of the first element with the local name, whatever its
// prefix, or nil.
func element(b []byte, local string) []byte {
	for range maxTags {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return nil
		}
		b = b[i+1:]
		end := bytes.IndexByte(b, '>')
		if end < 0 {
			return nil
		}
		tag := b[:end]
		b = b[end+1:]
		if len(tag) == 0 || tag[0] == '/' || tag[len(tag)-1] == '/' {
			continue
		}
		if j := bytes.IndexAny(tag, " \t\r\n"); j >= 0 {
			tag = tag[:j]
		}
		if j := bytes.IndexByte(tag, ':'); j >= 0 {
			tag = tag[j+1:]
		}
		if proto.View(tag) == local {
			text, _, _ := bytes.Cut(b, []byte{'<'})
			return bytes.TrimSpace(text)
		}
	}
	return nil
}

// roles are local names of device types that say what a device is.
var roles = []struct {
	kind, role string
	confidence uint8
}{
	{"NetworkVideoTransmitter", "camera", 90}, {"NetworkVideoDisplay", "hmi", 30}, {"PrintDeviceType", "printer", 90},
	{"PrinterServiceType", "printer", 80}, {"Computer", "workstation", 50},
}

// scopes are those that ONVIF gives a meaning (7.3.2.2).
var scopes = []struct {
	prefix string
	attr   fact.Attr
}{
	{"onvif://www.onvif.org/name/", fact.DeviceName},
	{"onvif://www.onvif.org/hardware/", fact.Model},
	{"onvif://www.onvif.org/location/", fact.Location},
	{"onvif://www.onvif.org/manufacturer/", fact.Vendor},
	{"onvif://www.onvif.org/MAC/", fact.MACStated},
}

// identify reads what a device says of itself, once for each wording.
func (s *session) identify(c *proto.Context, b, types []byte) {
	const source = "WS-Discovery"
	if printable(types) && !s.seen.Seen(1, types) {
		c.SayBytes(fact.Sender, fact.DeviceType, types, source, 80)
		for _, r := range roles {
			if has(types, r.kind) {
				c.Say(fact.Sender, fact.RoleHint, r.role, "WS-Discovery type", r.confidence)
			}
		}
	}
	if where := first(element(b, "XAddrs")); printable(where) && !s.seen.Seen(2, where) {
		c.SayBytes(fact.Sender, fact.Service, where, "WS-Discovery address", 80)
	}
	text := element(b, "Scopes")
	if len(text) == 0 || s.seen.Seen(3, text) {
		return
	}
	for range maxScopes {
		scope := first(text)
		if len(scope) == 0 {
			return
		}
		text = bytes.TrimSpace(text[len(scope):])
		for _, k := range scopes {
			if v, ok := bytes.CutPrefix(scope, []byte(k.prefix)); ok && printable(v) {
				c.SayBytes(fact.Sender, k.attr, v, "ONVIF scope", 80)
			}
		}
	}
}

// maxScopes bounds the scopes of one message.
const maxScopes = 64

// first is the first word of a list.
func first(b []byte) []byte {
	if i := bytes.IndexAny(b, " \t\r\n"); i >= 0 {
		return b[:i]
	}
	return b
}

// has tells whether a list of qualified names holds one with the local name.
func has(types []byte, local string) bool {
	i := bytes.Index(types, []byte(local))
	if i < 0 || i > 0 && types[i-1] != ':' && types[i-1] != ' ' {
		return false
	}
	end := i + len(local)
	return end == len(types) || types[end] == ' ' || types[end] == '\n' || types[end] == '\r'
}

// printable also lets line breaks pass, which lists have, but no markup.
func printable(b []byte) bool {
	for _, x := range b {
		if x < 0x20 && x != '\n' && x != '\r' && x != '\t' || x == 0x7f {
			return false
		}
	}
	return len(b) > 0
}
