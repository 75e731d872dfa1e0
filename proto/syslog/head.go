package syslog

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/proto"
)

// head is what stands before the text of a message.
type head struct {
	host, app []byte
	cisco     bool
}

func read(b []byte) head {
	if len(b) > 2 && b[0] == '1' && b[1] == ' ' {
		return modern(b[2:])
	}
	return classic(b)
}

// modern reads TIMESTAMP HOSTNAME APP-NAME (RFC 5424, 6).
func modern(b []byte) (h head) {
	_, b, _ = bytes.Cut(b, []byte{' '})
	host, b, _ := bytes.Cut(b, []byte{' '})
	app, _, _ := bytes.Cut(b, []byte{' '})
	h.host, h.app = hostName(host), word(app)
	return h
}

// classic reads "Oct 11 22:14:15 host tag[pid]: text" (RFC 3164, 4), of which
// every part may be missing.
func classic(b []byte) (h head) {
	rest := b
	if dated(b) {
		rest = bytes.TrimLeft(b[15:], " ")
		first, after, ok := bytes.Cut(rest, []byte{' '})
		if ok && len(first) > 0 && first[len(first)-1] != ':' && bytes.IndexByte(first, '[') < 0 {
			h.host, rest = hostName(first), after
		}
	}
	if i := bytes.Index(rest, []byte(": %")); i >= 0 && i < 64 {
		rest = rest[i+2:]
	}
	end := bytes.IndexAny(rest[:min(len(rest), 48)], ":[ ")
	if end > 0 && rest[end] != ' ' {
		h.app = word(rest[:end])
	}
	h.cisco = len(h.app) > 5 && h.app[0] == '%' && bytes.Count(h.app, []byte{'-'}) >= 2
	return h
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// dated tells a time stamp such as "Oct 11 22:14:15".
func dated(b []byte) bool {
	if len(b) < 16 || b[3] != ' ' || b[6] != ' ' || b[9] != ':' || b[12] != ':' {
		return false
	}
	for i := 0; i < len(months); i += 3 {
		if proto.View(b[:3]) == months[i:i+3] {
			return true
		}
	}
	return false
}

// word is b when it is a value at all and can be printed.
func word(b []byte) []byte {
	if len(b) == 0 || len(b) > 255 || len(b) == 1 && b[0] == '-' {
		return nil
	}
	for _, x := range b {
		if x <= 0x20 || x >= 0x7f {
			return nil
		}
	}
	return b
}

// hostName is b unless it is an address or no name: a name has a letter.
func hostName(b []byte) []byte {
	b = word(b)
	if bytes.IndexByte(b, ':') >= 0 || len(b) > 0 && b[0] == '%' {
		return nil
	}
	for _, x := range b {
		if x|0x20 >= 'a' && x|0x20 <= 'z' {
			return b
		}
	}
	return nil
}
