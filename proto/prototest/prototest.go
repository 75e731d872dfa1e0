// Package prototest is the suite that every dissector passes: expected facts,
// the same facts for every way of cutting a stream, no fault on any prefix,
// no allocation per message, the same output twice.
package prototest

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Case is one exchange and what is to be said about it.
type Case struct {
	Name    string
	Carrier proto.Carrier // what it rides on; zero: TCP
	Ports   [2]uint16     // client and server port; zero: 40000 and the protocol's first own number

	// Messages has one stretch of a stream, or one datagram, per line: ">"
	// from the first side or "<" from the other, then hex digits, grouped as
	// one likes. "" or # begins a comment. A line that starts with neither
	// goes on with the one before. "gap >" loses bytes of that side.
	Messages string

	// Want has one fact per line, as Recorder writes it, in order. An error
	// that Parse returns is the line "error: text". Bytes left over at the
	// end are the line "left > N".
	Want string

	// Foreign marks bytes that Recognise must refuse.
	Foreign bool
}

type piece struct {
	dir proto.Dir
	b   []byte
	gap bool
}

func parse(t testing.TB, text string) []piece {
	var ps []piece
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if s, ok := strings.CutPrefix(line, "gap"); ok {
			ps = append(ps, piece{dir: dirOf(strings.TrimSpace(s)), gap: true})
			continue
		}
		fresh := line[0] == '>' || line[0] == '<'
		if fresh {
			ps = append(ps, piece{dir: dirOf(line[:1])})
			line = line[1:]
		}
		b, err := hex.DecodeString(strings.Join(strings.Fields(line), ""))
		if err != nil || len(ps) == 0 {
			t.Fatalf("messages: line %q: %v", line, err)
		}
		ps[len(ps)-1].b = append(ps[len(ps)-1].b, b...)
	}
	return ps
}

func dirOf(s string) proto.Dir {
	if s == "<" {
		return 1
	}
	return 0
}

// feeder plays the sensor's part for one flow.
type feeder struct {
	s    proto.Session
	ctx  proto.Context
	ends [2]proto.Endpoint
	buf  [2][]byte
	max  int
}

func newFeeder(p *proto.Protocol, c *Case, sink proto.Sink) *feeder {
	f := &feeder{s: p.New(), max: p.MaxMessage}
	if f.max == 0 {
		f.max = 64 << 10
	}
	f.ends[0] = proto.Endpoint{MAC: fact.MAC{2, 0, 0, 0, 0, 1}, IP: netip.MustParseAddr("10.0.0.1").As16(), Port: 40000}
	f.ends[1] = proto.Endpoint{MAC: fact.MAC{2, 0, 0, 0, 0, 2}, IP: netip.MustParseAddr("10.0.0.2").As16(), Port: ownPort(p, c.Carrier)}
	if c.Ports != [2]uint16{} {
		f.ends[0].Port, f.ends[1].Port = c.Ports[0], c.Ports[1]
	}
	f.ctx = proto.Context{Time: 1_600_000_000e9, Carrier: c.Carrier, Sink: sink}
	return f
}

func ownPort(p *proto.Protocol, c proto.Carrier) uint16 {
	for _, on := range p.On {
		if on.Carrier == c && len(on.Numbers) > 0 && (c == proto.TCP || c == proto.UDP) {
			return uint16(on.Numbers[0])
		}
	}
	return 0
}

// data hands b over as the sensor would, and returns the errors of Parse.
func (f *feeder) data(d proto.Dir, b []byte) (errs []error) {
	f.ctx.Frame++
	f.ctx.Time += 1e6
	f.ctx.Dir, f.ctx.Src, f.ctx.Dst = d, &f.ends[d], &f.ends[d.Other()]
	stream := f.ctx.Carrier == proto.TCP
	if stream && len(f.buf[d]) > 0 {
		f.buf[d] = append(f.buf[d], b...)
		b = f.buf[d]
	}
	for len(b) > 0 {
		n, err := f.s.Parse(&f.ctx, b)
		if n < 0 || n > len(b) {
			return append(errs, errors.New("consumed more than was there"))
		}
		if stream && n == 0 && errors.Is(err, wire.ErrShort) {
			if len(b) > f.max {
				errs = append(errs, errors.New("waits for more than MaxMessage"))
				b = nil
			}
			break
		}
		if err != nil {
			errs = append(errs, err)
		} else if n == 0 {
			return append(errs, errors.New("no progress and no error"))
		}
		if n == 0 {
			b = nil
		}
		b = b[n:]
	}
	f.buf[d] = append(f.buf[d][:0], b...)
	return errs
}

// play runs the pieces and returns the lines.
func play(p *proto.Protocol, c *Case, ps []piece) []string {
	rec := &Recorder{}
	f := newFeeder(p, c, rec)
	f.run(ps, rec)
	return rec.Lines
}

func (f *feeder) run(ps []piece, rec *Recorder) {
	for _, pc := range ps {
		if pc.gap {
			f.buf[pc.dir] = f.buf[pc.dir][:0]
			f.s.Gap(pc.dir)
			continue
		}
		for _, err := range f.data(pc.dir, pc.b) {
			rec.Lines = append(rec.Lines, "error: "+err.Error())
		}
	}
	for d, b := range f.buf {
		if len(b) > 0 && f.ctx.Carrier == proto.TCP {
			rec.Lines = append(rec.Lines, "left "+string("><"[d])+" "+strconv.Itoa(len(b)))
		}
	}
}

func wantLines(s string) []string {
	var ls []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			ls = append(ls, l)
		}
	}
	return ls
}

// Run holds p to the promises of the contract, with the given exchanges.
func Run(t *testing.T, p proto.Protocol, cases []Case) {
	t.Helper()
	describe(t, &p)
	known(t, &p, cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			ps := parse(t, c.Messages)
			if c.Foreign {
				refuses(t, &p, &c, ps)
				return
			}
			got := play(&p, &c, ps)
			if d := cmp.Diff(wantLines(c.Want), got); d != "" {
				t.Fatalf("facts (-want +got):\n%s", d)
			}
			if again := play(&p, &c, ps); !slices.Equal(got, again) {
				t.Errorf("a second run says something else: %q", again)
			}
			reset(t, &p, &c, ps, got)
			cuts(t, &p, &c, ps, got)
			prefixes(&p, &c, ps)
			allocations(t, &p, &c, ps)
		})
	}
}

// describe checks that the manual page is filled in.
func describe(t *testing.T, p *proto.Protocol) {
	t.Helper()
	for field, v := range map[string]string{"Name": p.Name, "Title": p.Title, "About": p.About, "Spec": p.Spec} {
		if strings.TrimSpace(v) == "" {
			t.Errorf("%s is empty", field)
		}
	}
	if p.Name != strings.ToLower(p.Name) || strings.ContainsAny(p.Name, " /") {
		t.Errorf("name %q: want one lower-case word", p.Name)
	}
	if p.Depth&proto.Recognised == 0 || p.Recognise == nil || p.New == nil || len(p.On) == 0 {
		t.Error("depth, recognition, session or carrier is missing")
	}
	if p.Functions == nil {
		return
	}
	for _, f := range p.Functions() {
		if f.Protocol == "" || f.Code == "" || f.Name == "" {
			t.Errorf("function %+v: protocol, code or name is empty", f)
		}
	}
}

// known: a message of at least one case is recognised on its own port. What
// is only told apart, such as what another conversation announces, need not.
func known(t *testing.T, p *proto.Protocol, cases []Case) {
	t.Helper()
	if p.Depth == proto.Recognised {
		return
	}
	for _, c := range cases {
		if c.Foreign {
			continue
		}
		for _, pc := range parse(t, c.Messages) {
			if v := p.Recognise(pc.b, hint(p, &c, pc.dir)); v == proto.Likely || v == proto.Yes {
				return
			}
		}
	}
	t.Error("no message of any case is recognised")
}

func refuses(t *testing.T, p *proto.Protocol, c *Case, ps []piece) {
	t.Helper()
	for _, pc := range ps {
		if v := p.Recognise(pc.b, hint(p, c, pc.dir)); v == proto.Yes {
			t.Errorf("recognises %x", pc.b)
		}
	}
}

func hint(p *proto.Protocol, c *Case, d proto.Dir) proto.Hint {
	f := newFeeder(p, c, discard{})
	return proto.Hint{
		Carrier: c.Carrier, SrcPort: f.ends[d].Port, DstPort: f.ends[d.Other()].Port,
		OnPort: true, FromClient: d == 0, Opened: true,
	}
}

// reset: a session that was used and reset behaves as a new one.
func reset(t *testing.T, p *proto.Protocol, c *Case, ps []piece, want []string) {
	t.Helper()
	f := newFeeder(p, c, &Recorder{})
	f.run(ps, &Recorder{})
	f.s.Reset()
	rec := &Recorder{}
	g := newFeeder(p, c, rec)
	g.s = f.s
	g.run(ps, rec)
	if !slices.Equal(want, rec.Lines) {
		t.Errorf("after Reset (-want +got):\n%s", cmp.Diff(want, rec.Lines))
	}
}

// cuts: however TCP cuts the stream, the facts are the same.
func cuts(t *testing.T, p *proto.Protocol, c *Case, ps []piece, want []string) {
	t.Helper()
	if c.Carrier != proto.TCP {
		return
	}
	if slices.ContainsFunc(want, func(l string) bool { return strings.HasPrefix(l, "error") }) {
		return // where a malformed message ends depends on what is there
	}
	for _, size := range []int{1, 2, 3, 5, 7, 11, 64} {
		var small []piece
		for _, pc := range ps {
			if pc.gap {
				small = append(small, pc)
				continue
			}
			for b := range slices.Chunk(pc.b, size) {
				small = append(small, piece{dir: pc.dir, b: b})
			}
		}
		if got := play(p, c, small); !slices.Equal(want, got) {
			t.Fatalf("cut every %d bytes (-want +got):\n%s", size, cmp.Diff(want, got))
		}
	}
}

// prefixes: no prefix of a message makes the dissector fail.
func prefixes(p *proto.Protocol, c *Case, ps []piece) {
	for i, pc := range ps {
		for n := range len(pc.b) {
			f := newFeeder(p, c, discard{})
			for _, before := range ps[:i] {
				f.data(before.dir, before.b)
			}
			b := pc.b[:n:n]
			p.Recognise(b, hint(p, c, pc.dir))
			f.data(pc.dir, b)
		}
		if i > 8 {
			break
		}
	}
}

// allocations: a session that has seen the messages once parses them again
// without allocating.
func allocations(t *testing.T, p *proto.Protocol, c *Case, ps []piece) {
	t.Helper()
	f := newFeeder(p, c, discard{})
	one := func() {
		for _, pc := range ps {
			if pc.gap {
				continue
			}
			f.ctx.Dir, f.ctx.Src, f.ctx.Dst = pc.dir, &f.ends[pc.dir], &f.ends[pc.dir.Other()]
			for b := pc.b; len(b) > 0; {
				n, err := f.s.Parse(&f.ctx, b)
				if err != nil || n <= 0 || n > len(b) {
					break
				}
				b = b[n:]
			}
		}
	}
	if slices.ContainsFunc(wantLines(c.Want), func(l string) bool { return strings.HasPrefix(l, "error") }) {
		return // errors may allocate
	}
	one()
	if n := testing.AllocsPerRun(20, one); n > 0 {
		t.Errorf("%v allocations per exchange, want none", n)
	}
}

// Fuzz feeds the dissector with mutations of the cases' messages: as a
// stream cut in two, and to Recognise. A panic, a stall or a consumed byte too
// many is a failure.
func Fuzz(f *testing.F, p proto.Protocol, cases []Case) {
	for _, c := range cases {
		ps := parse(f, c.Messages)
		for i, pc := range ps {
			f.Add(pc.b, uint8(c.Carrier), byte(pc.dir), uint16(len(pc.b)/2))
			if i > 0 {
				f.Add(append(slices.Clone(ps[i-1].b), pc.b...), uint8(c.Carrier), byte(pc.dir), uint16(len(ps[i-1].b)))
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, carrier, dir byte, cut uint16) {
		c := Case{Carrier: proto.Carrier(carrier % 6)}
		d := proto.Dir(dir & 1)
		p.Recognise(b, hint(&p, &c, d))
		fd := newFeeder(&p, &c, &Recorder{})
		k := min(int(cut), len(b))
		first, second := d, d
		if dir&2 != 0 {
			second = d.Other()
		}
		for _, err := range append(fd.data(first, b[:k]), fd.data(second, b[k:])...) {
			if s := err.Error(); strings.HasPrefix(s, "consumed more") || strings.HasPrefix(s, "no progress") {
				t.Fatal(s)
			}
		}
		fd.s.Gap(d)
		fd.s.Reset()
	})
}

// Bench measures Parse over the messages of one case.
func Bench(b *testing.B, p proto.Protocol, c Case) {
	ps := parse(b, c.Messages)
	f := newFeeder(&p, &c, discard{})
	total := 0
	for _, pc := range ps {
		total += len(pc.b)
	}
	b.SetBytes(int64(total))
	b.ReportAllocs()
	for b.Loop() {
		for _, pc := range ps {
			f.data(pc.dir, pc.b)
		}
	}
}
