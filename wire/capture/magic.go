package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// known are the beginnings of files that people hand in by mistake, and what to
// do about those that hold packets after all.
var known = []struct {
	at    int
	magic string
	what  string
}{
	{0, "\xff\xd8\xff", "a JPEG picture"},
	{0, "\x89PNG", "a PNG picture"},
	{0, "GIF8", "a GIF picture"},
	{0, "%PDF", "a PDF document"},
	{0, "\xd0\xcf\x11\xe0", "an old Office document"},
	{0, "\x7fELF", "a program"},
	{0, "MZ", "a Windows program"},
	{0, "SQLite format 3", "an SQLite database"},
	{0, "PK\x03\x04", "a ZIP archive: unpack it first"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"},
	{0, "Rar!", "a RAR archive: unpack it first"},
	{257, "ustar", "a tar archive: unpack it first"},
	{0, "\xfd7zXZ", "xz: unpack it first"},
	{0, "BZh", "bzip2: unpack it first"},
	{0, "\x04\x22\x4d\x18", "lz4: unpack it first"},
	{0, "snoop\x00", "a snoop capture: convert it with editcap -F pcapng"},
	{0, "GMBU", "a Network Monitor capture: convert it with editcap -F pcapng"},
	{0, "RTSS", "a Network Monitor capture: convert it with editcap -F pcapng"},
	{0, "TRSNIFF data", "a Sniffer capture: convert it with editcap -F pcapng"},
	{0, "XCP\x00", "a NetXRay capture: convert it with editcap -F pcapng"},
	{0, "<?xml", "XML"},
}

// looksLike says what a file is that begins with b.
func looksLike(b []byte) string {
	for _, k := range known {
		if len(b) > k.at && bytes.HasPrefix(b[k.at:], []byte(k.magic)) {
			return " (it looks like " + k.what + ")"
		}
	}
	if plainText(b) {
		return " (it looks like text)"
	}
	return ""
}

// plainText tells whether b is printable. The last character may be cut.
func plainText(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && utf8.FullRune(b) || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		b = b[n:]
	}
	return true
}

// foreign describes an input that is no capture. via is "gzip" or "zstd" when
// b came out of one.
func foreign(b []byte, via string) string {
	what := fmt.Sprintf("it begins with % x%s", b[:min(len(b), 8)], looksLike(b))
	if len(b) == 0 {
		what = "there is nothing"
	}
	if via != "" {
		what = "inside " + via + " " + what
	}
	return "not a capture: " + what + "; expected is pcap or pcapng, or gzip or zstd of either"
}

// packing tells how the input that begins with b is compressed.
func packing(b []byte) string {
	switch {
	case len(b) >= 3 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8:
		return "gzip"
	case len(b) >= 4 && binary.LittleEndian.Uint32(b) == 0xfd2fb528,
		len(b) >= 4 && binary.LittleEndian.Uint32(b)&^0xf == 0x184d2a50: // a skippable frame first
		return "zstd"
	}
	return ""
}

// decoderFor picks the format of the (decompressed) input that begins with b.
func decoderFor(b []byte) (decoder, string) {
	if magic, _ := pcapMagic(b); magic != 0 {
		return &pcap{}, "pcap"
	}
	if len(b) >= 4 && binary.LittleEndian.Uint32(b) == blockSection {
		return &pcapng{}, "pcapng"
	}
	return nil, ""
}
