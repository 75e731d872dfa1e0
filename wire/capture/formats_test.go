package capture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

var (
	le order = binary.LittleEndian
	be order = binary.BigEndian
)

// read is what came out of a source: packets as text, in order.
type read struct {
	packets []string
	infos   []capture.Info
	err     error // if not io.EOF
}

// drain reads all of src. Each packet is "frame time/wire link data".
func drain(src capture.Source) (r read) {
	b := capture.NewBlock(0)
	for {
		err := src.Next(b)
		if err != nil {
			if err != io.EOF {
				r.err = err
			}
			break
		}
		for _, p := range b.Packets {
			r.packets = append(r.packets, fmt.Sprintf("%d %d/%d %d %s", p.Frame, p.Time, p.Wire, p.Link, p.Data))
		}
	}
	r.infos = src.Sources()
	_ = src.Close()
	return r
}

func (r read) problem() string {
	if r.infos[0].Err == nil {
		return ""
	}
	return r.infos[0].Err.Error()
}

const sll = 113

// formats are files and what is in them. Those without an error are also tried
// compressed and cut.
var formats = []struct {
	name   string
	file   []byte
	want   []string
	format string
	err    string
}{
	{"microseconds, little endian", pcapFile(le, 0xa1b2c3d4, 1, record(le, 7, 5, "abc", 60), record(le, 8, 6, "", 0)),
		[]string{"1 7000005000/60 1 abc", "2 8000006000/0 1 "}, "pcap", ""},
	{"microseconds, big endian", pcapFile(be, 0xa1b2c3d4, 1, record(be, 7, 5, "abc", 60)), []string{"1 7000005000/60 1 abc"}, "pcap", ""},
	{"nanoseconds, little endian", pcapFile(le, 0xa1b23c4d, sll, record(le, 7, 5, "abc", 60)), []string{"1 7000000005/60 113 abc"}, "pcap", ""},
	{"nanoseconds, big endian", pcapFile(be, 0xa1b23c4d, 276, record(be, 7, 5, "abc", 60)), []string{"1 7000000005/60 276 abc"}, "pcap", ""},
	{"modified", pcapFile(be, 0xa1b2cd34, 1, record(be, 7, 5, "", 3)[:8], u32s(be, 3, 3, 1, 0), []byte("abc")),
		[]string{"1 7000005000/3 1 abc"}, "pcap", ""},
	{"no packet", pcapFile(le, 0xa1b2c3d4, 1), nil, "pcap", ""},
	{"absurd time and lengths", pcapFile(le, 0xa1b2c3d4, 1, record(le, 0xffffffff, 0xffffffff, "abc", 1)),
		[]string{"1 4294971589967295000/3 1 abc"}, "pcap", ""},
	{"raw IP as 12", pcapFile(le, 0xa1b2c3d4, 12, record(le, 7, 0, "abc", 3)), []string{"1 7000000000/3 101 abc"}, "pcap", ""},
	{"raw IP as 14", pcapFile(le, 0xa1b2c3d4, 14, record(le, 7, 0, "abc", 3)), []string{"1 7000000000/3 101 abc"}, "pcap", ""},
	{"FCS is taken off, not from cut packets", pcapFile(le, 0xa1b2c3d4, 0x24000001, record(le, 7, 0, "abcdFCS!", 8), record(le, 7, 0, "abcdefgh", 60)),
		[]string{"1 7000000000/8 1 abcd", "2 7000000000/60 1 abcdefgh"}, "pcap", ""},

	{"pcapng, little endian", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngPacket(le, 0, 7000005, "abc")),
		[]string{"1 7000005000/3 1 abc"}, "pcapng", ""},
	{"pcapng, big endian", slices.Concat(ngSection(be, 1), ngInterface(be, 1, 0), ngPacket(be, 0, 7000005, "abcd")),
		[]string{"1 7000005000/4 1 abcd"}, "pcapng", ""},
	{"sections of either order", slices.Concat(
		ngSection(be, 1), ngInterface(be, 1, 0), ngPacket(be, 0, 1, "ab"),
		ngSection(le, 1), ngInterface(le, sll, 0, ngOption(le, 9, []byte{9})), ngPacket(le, 0, 2, "cd")),
		[]string{"1 1000/2 1 ab", "2 2/2 113 cd"}, "pcapng", ""},
	{"interfaces with their own clock", slices.Concat(ngSection(le, 1),
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{0})),                               // seconds
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{12})),                              // picoseconds
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{0x8a})),                            // 1/1024 s
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{0x80 | 40})),                       // 2^-40 s
		ngInterface(le, 1, 0, ngOption(le, 14, u64(le, 3)), ngOption(le, 9, []byte{3})), // ms since 3 s
		ngInterface(le, 1, 0, ngOption(le, 14, u64(le, ^uint64(0)))),                    // µs since -1 s
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{0x7f})),                            // too short a tick
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{0xff})),                            // likewise
		ngInterface(le, 1, 0, ngOption(le, 14, u64(le, 1<<63-1))),                       // beyond the end of time
		ngInterface(le, 1, 0, ngOption(le, 9, []byte{0})),                               // seconds that are too many
		ngPacket(le, 0, 5, "a"), ngPacket(le, 1, 5_000_000_000_999, "b"), ngPacket(le, 2, 1024+256, "c"),
		ngPacket(le, 3, 3<<40+1<<38, "d"), ngPacket(le, 4, 5, "e"), ngPacket(le, 5, 7, "f"), ngPacket(le, 6, 1<<63, "g"),
		ngPacket(le, 7, 1<<63, "h"), ngPacket(le, 8, 1e12, "i"), ngPacket(le, 9, 1<<62, "j")),
		[]string{"1 5000000000/1 1 a", "2 5000000000/1 1 b", "3 1250000000/1 1 c", "4 3250000000/1 1 d", "5 3005000000/1 1 e",
			"6 -999993000/1 1 f", "7 0/1 1 g", "8 0/1 1 h", "9 9223372036854775807/1 1 i", "10 9223372036854775807/1 1 j"}, "pcapng", ""},
	{"simple packets have the time of the packet before", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 2),
		ngBlock(le, 3, u32s(le, 60), []byte("ab")), ngPacket(le, 0, 7, "c"), ngBlock(le, 3, u32s(le, 1), []byte("d"))),
		[]string{"1 0/60 1 ab", "2 7000/1 1 c", "3 7000/1 1 d"}, "pcapng", ""},
	{"simple packet without snap length", slices.Concat(ngSection(be, 1), ngInterface(be, 1, 0), ngBlock(be, 3, u32s(be, 5), []byte("abcde"))),
		[]string{"1 0/5 1 abcde"}, "pcapng", ""},
	{"obsolete packets", slices.Concat(ngSection(be, 1), ngInterface(be, 1, 0),
		ngBlock(be, 2, u16s(be, 0, 3), u32s(be, 0, 9, 2, 60), []byte("ab"))),
		[]string{"1 9000/60 1 ab"}, "pcapng", ""},
	{"unknown blocks", slices.Concat(ngSection(le, 1), ngBlock(le, 0xbad), ngInterface(le, 1, 0), ngBlock(le, 0x40000bad, make([]byte, 40)),
		ngPacket(le, 0, 9, "ab"), ngBlock(le, 10, make([]byte, 3<<20)), ngPacket(le, 0, 9, "cd"), ngBlock(le, 0x80000001, make([]byte, 4<<20))),
		[]string{"1 9000/2 1 ab", "2 9000/2 1 cd"}, "pcapng", ""},
	{"FCS by interface and by packet", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0, ngOption(le, 13, []byte{4})), ngInterface(le, 1, 0),
		ngPacket(le, 0, 0, "abcdFCS!"), ngPacket(le, 1, 0, "abcdFCS!", ngOption(le, 2, u32s(le, 4<<5))), ngPacket(le, 1, 0, "abcd", ngOption(le, 2, u32s(le, 0)))),
		[]string{"1 0/8 1 abcd", "2 0/8 1 abcd", "3 0/4 1 abcd"}, "pcapng", ""},
	{"options without end, and broken ones", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0, []byte{9, 0, 200, 0, 1, 2, 3, 4}),
		ngPacket(le, 0, 5, "abcd", []byte{2, 0, 9, 0}), ngPacket(le, 0, 5, "abcd", []byte{2, 0, 1, 0})),
		[]string{"1 5000/4 1 abcd", "2 5000/4 1 abcd"}, "pcapng", ""},

	// What is wrong.
	{"snap length is no limit, 256 KiB is", pcapFile(le, 0xa1b2c3d4, 1, record(le, 7, 0, strings.Repeat("x", 5), 5), record(le, 8, 0, strings.Repeat("x", 262145), 0)),
		[]string{"1 7000000000/5 1 xxxxx"}, "pcap", "x: record at byte 45 claims 262145 bytes, more than a packet can have; what came before was read"},
	{"link type", pcapFile(le, 0xa1b2c3d4, 127, record(le, 7, 0, "abc", 3)), nil, "pcap",
		"x: link type 127 (Wi-Fi with radiotap header) is not supported; capture one of Ethernet, Linux cooked, Linux cooked v2, raw IP, raw IPv4, raw IPv6, BSD loopback, OpenBSD loopback"},
	{"nameless link type", pcapFile(le, 0xa1b2c3d4, 999), nil, "pcap",
		"x: link type 999 is not supported; capture one of Ethernet, Linux cooked, Linux cooked v2, raw IP, raw IPv4, raw IPv6, BSD loopback, OpenBSD loopback"},
	{"one interface of another link type", slices.Concat(ngSection(le, 1), ngInterface(le, 249, 0), ngInterface(le, 1, 0), ngPacket(le, 0, 1, "ab"), ngPacket(le, 1, 2, "cd")),
		[]string{"2 2000/2 1 cd"}, "pcapng", "x: interface 0 is left out: link type 249 (USBPcap) is not supported; capture one of Ethernet, Linux cooked, Linux cooked v2, raw IP, raw IPv4, raw IPv6, BSD loopback, OpenBSD loopback"},
	{"pcap version", append(u32s(le, 0xa1b2c3d4), append(u16s(le, 3, 0), make([]byte, 16)...)...), nil, "pcap",
		"x: unknown version of pcap; convert it with: editcap -F pcapng"},
	{"empty", nil, nil, "", "x: empty: it has no bytes at all; was the capture stopped before it wrote any?"},
	{"pcap header cut", pcapFile(le, 0xa1b2c3d4, 1)[:10], nil, "pcap", "x: cut off at byte 10, in its header; no packet could be read"},
	{"pcapng header cut", ngSection(le, 1)[:20], nil, "pcapng", "x: cut off at byte 20, in its header; no packet could be read"},
	{"pcap cut", pcapFile(le, 0xa1b2c3d4, 1, record(le, 7, 0, "abc", 3), record(le, 8, 0, "abc", 3)[:18]), []string{"1 7000000000/3 1 abc"}, "pcap",
		"x: cut off at byte 61, in the middle of packet 2; what came before was read"},
	{"pcapng packet cut", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngPacket(le, 0, 1, "ab"), ngPacket(le, 0, 1, "ab")[:30]),
		[]string{"1 1000/2 1 ab"}, "pcapng", "x: cut off at byte 114, in the middle of packet 2; what came before was read"},
	{"pcapng block cut", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0)[:15]), nil, "pcapng", "x: cut off at byte 43, in the middle of a block; no packet could be read"},
	{"long unknown block cut", slices.Concat(ngSection(le, 1), ngBlock(le, 10, make([]byte, 3<<20))[:2<<20]), nil, "pcapng",
		"x: cut off at byte 2097180, in the middle of a block; no packet could be read"},
	{"block length", slices.Concat(ngSection(le, 1), u32s(le, 6, 13, 0)), nil, "pcapng", "x: block at byte 28 has an impossible length of 13; no packet could be read"},
	{"block lengths differ", slices.Concat(ngSection(le, 1), u32s(le, 0xbad, 16, 0, 20)), nil, "pcapng",
		"x: block at byte 28 has the length 16 at its begin and 20 at its end; no packet could be read"},
	{"packet block too long", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), u32s(le, 6, 1<<20, 0)), nil, "pcapng",
		"x: block at byte 48 has a length of 1048576, more than such a block can have; no packet could be read"},
	{"packet length", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngBlock(le, 6, u32s(le, 0, 0, 0, 99, 99), []byte("ab")), ngPacket(le, 0, 1, "cd")),
		[]string{"2 1000/2 1 cd"}, "pcapng", "x: block at byte 48 has a packet of 99 bytes in room for 4; it is left out"},
	{"packet block too short", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngBlock(le, 6, u32s(le, 0, 0)), ngPacket(le, 0, 1, "cd")),
		[]string{"1 1000/2 1 cd"}, "pcapng", "x: block at byte 48 is too short for a packet; it is left out"},
	{"interface that is not there", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngPacket(le, 1, 1, "ab"), ngPacket(le, 0, 1, "cd")),
		[]string{"2 1000/2 1 cd"}, "pcapng", "x: block at byte 48 has a packet of interface 1, which no block describes; it is left out"},
	{"interfaces end with their section", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngSection(le, 1), ngPacket(le, 0, 1, "ab")),
		nil, "pcapng", "x: block at byte 76 has a packet of interface 0, which no block describes; it is left out"},
	{"section of another version", slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngPacket(le, 0, 1, "ab"), ngSection(le, 2), ngInterface(le, 1, 0)),
		[]string{"1 1000/2 1 ab"}, "pcapng", "x: block at byte 84 begins a section of pcapng version 2.0, known is 1; what came before was read"},
	{"byte order", ngBlock(le, 0x0a0d0d0a, make([]byte, 16)), nil, "pcapng",
		"x: block at byte 0 is a section header without a valid byte order (0x00000000); no packet could be read"},
	{"JPEG", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"), nil, "",
		"x: not a capture: it begins with ff d8 ff e0 00 10 4a 46 (it looks like a JPEG picture); expected is pcap or pcapng, or gzip or zstd of either"},
	{"ZIP", []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), nil, "",
		"x: not a capture: it begins with 50 4b 03 04 14 00 00 00 (it looks like a ZIP archive: unpack it first); expected is pcap or pcapng, or gzip or zstd of either"},
	{"text", []byte("hé\n"), nil, "",
		"x: not a capture: it begins with 68 c3 a9 0a (it looks like text); expected is pcap or pcapng, or gzip or zstd of either"},
	{"tar", append(make([]byte, 257), "ustar"...), nil, "",
		"x: not a capture: it begins with 00 00 00 00 00 00 00 00 (it looks like a tar archive: unpack it first); expected is pcap or pcapng, or gzip or zstd of either"},
	{"text in gzip", gzipped([]byte("hello, world")), nil, "",
		"x: not a capture: inside gzip it begins with 68 65 6c 6c 6f 2c 20 77 (it looks like text); expected is pcap or pcapng, or gzip or zstd of either"},
	// A frame header that asks for a window of 256 MiB, then one raw block.
	{"zstd with a huge window", []byte("\x28\xb5\x2f\xfd\x00\x90\x21\x00\x00\xd4\xc3\xb2\xa1"), nil, "",
		"x: zstd data before byte 6: needs more than 128 MiB of memory to decompress; compress it without --long and --ultra; no packet could be read"},
	{"nothing in gzip", gzipped(nil), nil, "",
		"x: not a capture: inside gzip there is nothing; expected is pcap or pcapng, or gzip or zstd of either"},
}

func TestFormats(t *testing.T) {
	for _, c := range formats {
		t.Run(c.name, func(t *testing.T) {
			got := drain(capture.NewReader("x", bytes.NewReader(c.file)))
			if !slices.Equal(got.packets, c.want) || got.problem() != c.err || got.err != nil {
				t.Errorf("got %q\n%s %v\nwant %q\n%s", got.packets, got.problem(), got.err, c.want, c.err)
			}
			info := got.infos[0]
			if info.Format != c.format || info.Packets != uint64(len(c.want)) || info.Name != "x" {
				t.Errorf("got %+v, want the format %q", info, c.format)
			}
			if info.Err != nil && errors.Is(info.Err, capture.ErrPart) != (len(c.want) > 0) || info.Err != nil && errors.Is(info.Err, capture.ErrNothing) != (len(c.want) == 0) {
				t.Error("the error is not worth what was read")
			}
			if len(c.file) > 1<<20 || c.format == "" {
				return
			}
			same(t, "byte by byte", got, drain(capture.NewReader("x", iotest.OneByteReader(bytes.NewReader(c.file)))))
			same(t, "with data and EOF at once", got, drain(capture.NewReader("x", iotest.DataErrReader(bytes.NewReader(c.file)))))
			for via, packed := range map[string][]byte{
				"gzip": gzipped(c.file), "zstd": zstded(c.file),
				"gzip of several members": slices.Concat(gzipped(c.file[:len(c.file)/2]), gzipped(c.file[len(c.file)/2:])),
				"zstd of several frames":  slices.Concat([]byte("\x50\x2a\x4d\x18\x01\x00\x00\x00?"), zstded(c.file[:len(c.file)/3]), zstded(c.file[len(c.file)/3:])),
			} {
				out := drain(capture.NewReader("x", bytes.NewReader(packed)))
				if want := c.format + "+" + via[:4]; !slices.Equal(out.packets, c.want) || out.infos[0].Format != want || (out.problem() == "") != (c.err == "") {
					t.Errorf("%s: got %q, %s, %s", via, out.packets, out.infos[0].Format, out.problem())
				}
			}
		})
	}
}

func same(t *testing.T, how string, a, b read) {
	t.Helper()
	if !slices.Equal(a.packets, b.packets) || a.problem() != b.problem() {
		t.Errorf("%s: got %q %s\nwant %q %s", how, b.packets, b.problem(), a.packets, a.problem())
	}
}

// TestCutAnywhere cuts files at every byte: the packets before come out, and the
// error says where.
func TestCutAnywhere(t *testing.T) {
	for _, c := range formats {
		if c.err != "" || len(c.file) > 4096 || len(c.want) == 0 {
			continue
		}
		whole := map[int]int{} // packets by length of the file
		for cut := len(c.file); cut >= 0; cut-- {
			for via, b := range map[string][]byte{"": c.file[:cut], "gzip": gzipped(c.file)[:min(cut, len(gzipped(c.file)))]} {
				got := drain(capture.NewReader("x", bytes.NewReader(b)))
				if got.err != nil || !slices.Equal(got.packets, c.want[:min(len(got.packets), len(c.want))]) {
					t.Fatalf("%s %s cut at %d: %v %q", c.name, via, cut, got.err, got.packets)
				}
				if via != "" {
					continue
				}
				whole[cut] = len(got.packets)
				var e *capture.Error
				if cut > 4 && cut < len(c.file) && errors.As(got.infos[0].Err, &e) && e.At != int64(cut) {
					t.Errorf("%s cut at %d: error at %d: %v", c.name, cut, e.At, e)
				}
				if cut < len(c.file) && whole[cut] > whole[cut+1] {
					t.Errorf("%s cut at %d has more packets than one byte later", c.name, cut)
				}
			}
		}
		if whole[len(c.file)] != len(c.want) || whole[0] != 0 {
			t.Errorf("%s: %d packets in all", c.name, whole[len(c.file)])
		}
	}
}

func TestMetadata(t *testing.T) {
	file := slices.Concat(ngSection(le, 1), ngInterface(le, 1, 0), ngInterface(le, sll, 0),
		ngBlock(le, 4, ngOption(le, 1, []byte("\x0a\x00\x00\x01plc-1\x00plc-1.plant\x00")),
			ngOption(le, 2, append(netip.MustParseAddr("fe80::1").AsSlice(), "gate\x00"...)),
			ngOption(le, 1, []byte("\x0a\x00\x00\x01plc-1\x00hidden")), ngOption(le, 3, []byte("123456mac\x00")), ngOption(le, 1, []byte("ab")),
			ngOption(le, 0, nil), ngOption(le, 1, []byte("\x0a\x00\x00\x02never\x00"))),
		ngPacket(le, 0, 5_000_000, "abcd", ngOption(le, 4, u64(le, 3))),
		ngPacket(le, 1, 3_000_000, "ab", ngOption(le, 4, u64(le, 2))),
		ngBlock(le, 5, u32s(le, 1, 0, 0), ngOption(le, 5, u64(le, 10)), ngOption(le, 7, u64(le, 1)), ngOption(le, 4, u64(le, 99))),
		ngBlock(le, 5, u32s(le, 7, 0, 0), ngOption(le, 5, u64(le, 10))),
		ngBlock(le, 5, u32s(le, 0)),
		ngSection(le, 1), ngInterface(le, 1, 0), ngBlock(le, 5, u32s(le, 0, 0, 0), ngOption(le, 5, u64(le, 100)), ngOption(le, 7, u64(le, ^uint64(0)))),
		ngBlock(le, 2, u16s(le, 0, 0xffff), u32s(le, 0, 9, 2, 60), []byte("ab")))
	got := drain(capture.NewReader("x", bytes.NewReader(file))).infos[0]
	want := capture.Info{Name: "x", Format: "pcapng", LinkType: "Ethernet, Linux cooked", Packets: 3, Bytes: 66, First: 9000, Last: 5e9,
		Dropped: 3 + 11 + 100, Size: -1, Read: int64(len(file)), Resolved: []capture.Resolved{
			{Addr: netip.MustParseAddr("10.0.0.1"), Names: []string{"plc-1", "plc-1.plant", "hidden"}},
			{Addr: netip.MustParseAddr("fe80::1"), Names: []string{"gate"}},
		}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestBatches reads many packets of all sizes, up to the largest, in blocks that
// are too small for some.
func TestBatches(t *testing.T) {
	var file bytes.Buffer
	w := capture.NewWriter(&file, capture.Ethernet)
	var sizes []int
	for i := range 12000 {
		n := i % 97
		if i%1500 == 700 {
			n = capture.MaxPacket - i
		}
		sizes = append(sizes, n)
		data := bytes.Repeat([]byte{byte(i)}, n)
		if err := w.Write(int64(i)*1e9+7, data); err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range map[string][]byte{"pcap": file.Bytes(), "pcapng": asPcapng(file.Bytes())} {
		for _, src := range []capture.Source{
			capture.NewReader("x", bytes.NewReader(b)),
			capture.NewReader("x", iotest.HalfReader(bytes.NewReader(b))),
			capture.NewReader("x", bytes.NewReader(zstded(b))),
		} {
			// Several blocks in flight: earlier ones must not change.
			blocks := []*capture.Block{{}, capture.NewBlock(1), capture.NewBlock(0)}
			i := 0
			var before *capture.Block
			for n := 0; ; n++ {
				blk := blocks[n%3]
				if err := src.Next(blk); err == io.EOF {
					break
				} else if err != nil || len(blk.Packets) == 0 || len(blk.Packets) > capture.MaxBatch {
					t.Fatal(err, len(blk.Packets))
				}
				for _, p := range blk.Packets {
					if len(p.Data) != sizes[i] || p.Time != int64(i)*1e9+7 || p.Frame != uint64(i+1) || bytes.Count(p.Data, []byte{byte(i)}) != len(p.Data) {
						t.Fatalf("%s: packet %d: %d bytes at %d, frame %d", name, i, len(p.Data), p.Time, p.Frame)
					}
					i++
				}
				if before != nil {
					for _, p := range before.Packets {
						if bytes.Count(p.Data, []byte{byte(p.Frame - 1)}) != len(p.Data) {
							t.Fatalf("%s: packet %d changed while its block was in use", name, p.Frame)
						}
					}
				}
				before = blk
			}
			if i != len(sizes) {
				t.Errorf("%s: %d packets", name, i)
			}
		}
	}
}

// TestPipe gives a file in pieces: what is there comes without waiting for more.
func TestPipe(t *testing.T) {
	r, w := io.Pipe()
	src := capture.NewReader("x", r)
	pieces := make(chan []byte)
	go func() {
		for p := range pieces {
			_, _ = w.Write(p)
		}
		_ = w.Close()
	}()
	b := capture.NewBlock(0)
	pieces <- pcapFile(le, 0xa1b2c3d4, 1, record(le, 1, 0, "a", 1))
	for i := range 20 {
		if err := src.Next(b); err != nil || len(b.Packets) != 1 || b.Packets[0].Time != int64(i+1)*1e9 {
			t.Fatal(i, err, b.Packets)
		}
		pieces <- record(le, uint32(i+2), 0, "abc", 3)
	}
	close(pieces)
	if err := src.Next(b); err != nil || len(b.Packets) != 1 {
		t.Fatal(err)
	}
	if err := src.Next(b); err != io.EOF {
		t.Fatal(err)
	}
}

func TestReadError(t *testing.T) {
	bad := errors.New("disk on fire")
	file := pcapFile(le, 0xa1b2c3d4, 1, record(le, 1, 0, "a", 1))
	got := drain(capture.NewReader("x\n", io.MultiReader(bytes.NewReader(file), iotest.ErrReader(bad))))
	if want := `"x\n": cannot be read at byte 41: disk on fire; what came before was read`; len(got.packets) != 1 || got.problem() != want || !errors.Is(got.infos[0].Err, bad) {
		t.Errorf("got %q, %s", got.packets, got.problem())
	}
	damaged := gzipped(pcapFile(le, 0xa1b2c3d4, 1, record(le, 1, 0, strings.Repeat("abcdefgh", 4000), 1)))
	damaged[len(damaged)-5] ^= 1 // the checksum
	if got := drain(capture.NewReader("x", bytes.NewReader(damaged))); len(got.packets) != 1 || !strings.Contains(got.problem(), "gzip data before byte") {
		t.Errorf("got %d packets, %s", len(got.packets), got.problem())
	}
	cut := gzipped(benchCapture())
	if got := drain(capture.NewReader("x", bytes.NewReader(cut[:len(cut)/2]))); len(got.packets) < benchPackets/3 || !strings.Contains(got.problem(), "inside the gzip data; what came before was read") {
		t.Errorf("got %d packets, %s", len(got.packets), got.problem())
	}
}

func TestWriter(t *testing.T) {
	var out bytes.Buffer
	w := capture.NewWriter(&out, capture.LinuxSLL)
	if err := errors.Join(w.Write(1_700_000_000_123_456_789, []byte("abc")), w.Write(0, nil)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []int64{-1, 1 << 62} {
		if w.Write(bad, nil) == nil {
			t.Errorf("the time %d was written", bad)
		}
	}
	if w.Write(1, make([]byte, capture.MaxPacket+1)) == nil {
		t.Error("a packet that nobody can read was written")
	}
	got := drain(capture.NewReader("x", &out))
	if want := []string{"1 1700000000123456789/3 113 abc", "2 0/0 113 "}; !slices.Equal(got.packets, want) || got.problem() != "" {
		t.Errorf("got %q %s", got.packets, got.problem())
	}
}
