package tls

import (
	"crypto/sha256"
	"slices"
)

// fingerprint holds the room in which a JA4 is computed.
type fingerprint struct {
	out     [36]byte
	numbers [maxExtensions]uint16
	text    [maxExtensions*10 + 1]byte
}

const hexDigits = "0123456789abcdef"

// of computes the JA4 of a client hello: transport, version, server name,
// counts and ALPN; then SHA-256 of the sorted suites; then of the sorted
// extensions with the signature algorithms in their order. Reserved values of
// RFC 8701 do not count.
func (f *fingerprint) of(o *offer) []byte {
	out := append(f.out[:0], 't')
	out = append(out, ja4Version(o.version)...)
	if o.hasName {
		out = append(out, 'd')
	} else {
		out = append(out, 'i')
	}
	suites := f.pairs(o.suites, f.numbers[:0])
	out = twoDigits(out, len(suites))
	slices.Sort(suites)
	text := f.list(f.text[:0], suites)

	var extensions, all int
	b := o.extensions
	suiteHash := short(text)
	numbers := f.numbers[:0]
	for len(b) >= 4 {
		kind := uint16(b[0])<<8 | uint16(b[1])
		n := 4 + int(b[2])<<8 + int(b[3])
		if n > len(b) {
			break
		}
		b = b[n:]
		if grease(kind) {
			continue
		}
		all++
		if kind != extServerName && kind != extALPN && extensions < maxExtensions {
			numbers = append(numbers, kind)
			extensions++
		}
	}
	out = twoDigits(out, all)
	first, last := ja4ALPN(o.alpn)
	out = append(out, first, last)
	out = append(out, '_')
	out = append(out, suiteHash[:]...)
	slices.Sort(numbers)
	text = f.list(f.text[:0], numbers)
	if signatures := f.pairs(o.signatures, f.numbers[:0]); len(signatures) > 0 {
		text = f.list(append(text, '_'), signatures)
	}
	if all == 0 {
		text = text[:0]
	}
	extensionHash := short(text)
	out = append(out, '_')
	return append(out, extensionHash[:]...)
}

// pairs reads 16-bit numbers without the reserved ones.
func (f *fingerprint) pairs(b []byte, to []uint16) []uint16 {
	for i := 0; i+1 < len(b) && len(to) < maxExtensions; i += 2 {
		if v := uint16(b[i])<<8 | uint16(b[i+1]); !grease(v) {
			to = append(to, v)
		}
	}
	return to
}

// list writes numbers as four hex digits, separated by commas.
func (f *fingerprint) list(to []byte, numbers []uint16) []byte {
	for i, v := range numbers {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(to, hexDigits[v>>12], hexDigits[v>>8&15], hexDigits[v>>4&15], hexDigits[v&15])
	}
	return to
}

// short is the first 12 hex digits of SHA-256, or zeros for nothing.
func short(b []byte) (h [12]byte) {
	if len(b) == 0 {
		for i := range h {
			h[i] = '0'
		}
		return h
	}
	sum := sha256.Sum256(b)
	for i := range 6 {
		h[2*i], h[2*i+1] = hexDigits[sum[i]>>4], hexDigits[sum[i]&15]
	}
	return h
}

func twoDigits(to []byte, n int) []byte {
	n = min(n, 99)
	return append(to, '0'+byte(n/10), '0'+byte(n%10))
}

func ja4Version(v uint16) string {
	switch v {
	case 0x0304:
		return "13"
	case 0x0303:
		return "12"
	case 0x0302:
		return "11"
	case 0x0301:
		return "10"
	case 0x0300:
		return "s3"
	case 0x0002:
		return "s2"
	}
	return "00"
}

// ja4ALPN is the first and last character of the first protocol, or of its hex
// digits when one of them is no letter or digit.
func ja4ALPN(b []byte) (first, last byte) {
	if len(b) == 0 {
		return '0', '0'
	}
	first, last = b[0], b[len(b)-1]
	if !alphanumeric(first) || !alphanumeric(last) {
		return hexDigits[first>>4], hexDigits[last&15]
	}
	return first, last
}

func alphanumeric(x byte) bool {
	return x >= '0' && x <= '9' || x >= 'a' && x <= 'z' || x >= 'A' && x <= 'Z'
}
