package capture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// A test that captures runs in a network namespace of its own, in a process of
// its own: the namespace belongs to a thread, and these tests have several.
const insideEnv = "BULKHEAD_TEST_NETNS"

// inside runs the rest of the calling test in a fresh namespace with a pair of
// connected interfaces, tap0 (to capture at) and peer0 (to send from). It returns
// false where the caller is to return at once: the test ran elsewhere.
func inside(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideEnv) != "" {
		return true
	}
	if os.Geteuid() != 0 {
		t.Skip("capturing needs root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip command (iproute2) to make interfaces with")
	}
	ns := fmt.Sprintf("bulkhead-test-%d", os.Getpid())
	if out, err := exec.Command("ip", "netns", "add", ns).CombinedOutput(); err != nil {
		t.Skipf("no network namespaces here: %s", out)
	}
	defer func() { _ = exec.Command("ip", "netns", "del", ns).Run() }()
	cmd := exec.Command("ip", "netns", "exec", ns, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), insideEnv+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	} else if bytes.Contains(out, []byte("--- SKIP")) {
		t.Skipf("%s", out)
	}
	return false
}

func ip(t *testing.T, args string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %s", args, out)
	}
}

func veth(t *testing.T) {
	t.Helper()
	_ = os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0o600) // no chatter of its own
	if out, err := exec.Command("ip", "link", "add", "tap0", "type", "veth", "peer", "name", "peer0").CombinedOutput(); err != nil {
		t.Skipf("no veth interfaces here: %s", out)
	}
	ip(t, "link set tap0 up")
	ip(t, "link set peer0 up")
}

// sender is a socket that sends frames as they are.
type sender struct {
	t  *testing.T
	fd int
	to unix.SockaddrLinklayer
}

func newSender(t *testing.T, iface string) *sender {
	t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	return &sender{t, fd, unix.SockaddrLinklayer{Ifindex: ifIndex(t, iface), Halen: 6}}
}

func ifIndex(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile("/sys/class/net/" + name + "/ifindex")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	_, _ = fmt.Sscan(string(text), &n)
	return n
}

func (s *sender) send(frame []byte) {
	s.t.Helper()
	for {
		err := unix.Sendto(s.fd, frame, 0, &s.to)
		if err == unix.ENOBUFS || err == unix.EAGAIN {
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil {
			s.t.Fatal(err)
		}
		return
	}
}

// frame composes an Ethernet frame of the experimental type 88b5 with a number.
func frame(n, size int) []byte {
	b := append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5}, make([]byte, max(size, 60)-14)...)
	binary.BigEndian.PutUint32(b[14:], uint32(n))
	return b
}

func openOne(t *testing.T, o capture.LiveOptions) *capture.Live {
	t.Helper()
	all, err := capture.OpenLive("tap0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all[0].Close() })
	return all[0]
}

// collect reads until want packets came or nothing came for a second.
func collect(t *testing.T, l *capture.Live, want int, each func(capture.Packet)) int {
	t.Helper()
	b := capture.NewBlock(0)
	defer b.Release()
	got := 0
	for quiet := 0; got < want && quiet < 5; {
		if err := l.Next(b); err != nil {
			t.Fatal(err)
		}
		quiet++
		for _, p := range b.Packets {
			got, quiet = got+1, 0
			each(p)
		}
	}
	return got
}

func TestLiveReceives(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	ip(t, "link set tap0 mtu 9000")
	ip(t, "link set peer0 mtu 9000")
	l, s := openOne(t, capture.LiveOptions{RingBytes: 16 << 20}), newSender(t, "peer0")
	began := time.Now()
	const n = 1000
	for i := range n {
		s.send(frame(i, 60+8*i))
	}
	i := 0
	got := collect(t, l, n, func(p capture.Packet) {
		if want := frame(i, 60+8*i); !bytes.Equal(p.Data, want) || int(p.Wire) != len(want) || p.Frame != uint64(i+1) || p.Link != capture.Ethernet || p.HasVLAN {
			t.Fatalf("packet %d: %d bytes, wire %d, frame %d, %v, VLAN %v", i, len(p.Data), p.Wire, p.Frame, p.Link, p.HasVLAN)
		}
		if d := time.Unix(0, p.Time).Sub(began); d < -time.Second || d > time.Minute {
			t.Fatalf("packet %d has the time %v", i, time.Unix(0, p.Time))
		}
		i++
	})
	if info := l.Sources()[0]; got != n || info.Packets != n || info.Dropped != 0 || info.Err != nil || info.First == 0 || info.Format != "live" || info.LinkType != "Ethernet" {
		t.Errorf("got %d packets, %+v", got, info)
	}
}

func TestLiveVLAN(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	l, s := openOne(t, capture.LiveOptions{RingBytes: 16 << 20}), newSender(t, "peer0")
	tags := []struct {
		tpid, tci uint16
		vlan      uint16
		has       bool
	}{{0x8100, 0xc000 | 42, 42, true}, {0x8100, 0xc000, 0, true}, {0x88a8, 7, 7, true}, {0, 0, 0, false}, {0x8100, 4094, 4094, true}}
	for i, tag := range tags {
		f := frame(i, 60)
		if tag.tpid != 0 {
			f = append(append(append([]byte{}, f[:12]...), u16s(binary.BigEndian, tag.tpid, tag.tci)...), f[12:]...)
		}
		s.send(f)
	}
	i := 0
	got := collect(t, l, len(tags), func(p capture.Packet) {
		if w := tags[i]; p.VLAN != w.vlan || p.HasVLAN != w.has || !bytes.Equal(p.Data, frame(i, 60)) {
			t.Errorf("packet %d: VLAN %d %v, % x", i, p.VLAN, p.HasVLAN, p.Data)
		}
		i++
	})
	if got != len(tags) {
		t.Errorf("got %d packets", got)
	}
}

// TestLiveDrops fills a ring that nobody reads. What is read afterwards and what
// is told as lost must add up.
func TestLiveDrops(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	l, s := openOne(t, capture.LiveOptions{RingBytes: 4 << 20}), newSender(t, "peer0")
	const n = 8000
	for i := range n {
		s.send(frame(i, 1400))
	}
	got := collect(t, l, n, func(capture.Packet) {})
	info := l.Sources()[0]
	if info.Dropped == 0 || uint64(got)+info.Dropped != n || info.Freezes == 0 {
		t.Errorf("read %d, dropped %d, frozen %d times; sent %d", got, info.Dropped, info.Freezes, n)
	}
	if again := l.Sources()[0]; again.Dropped != info.Dropped {
		t.Error("asking again changes the drops")
	}
}

// TestLiveHolds keeps blocks while more packets come: their bytes must not change,
// and after they are released the ring goes on.
func TestLiveHolds(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	l, s := openOne(t, capture.LiveOptions{RingBytes: 4 << 20}), newSender(t, "peer0")
	sent := 0
	burst := func(n int) {
		for range n {
			s.send(frame(sent, 1400))
			sent++
		}
	}
	next := func(b *capture.Block) {
		t.Helper()
		for range 10 {
			if err := l.Next(b); err != nil {
				t.Fatal(err)
			} else if len(b.Packets) > 0 {
				return
			}
		}
		t.Fatal("no packets came")
	}
	var held []*capture.Block
	var want []uint32
	for range 16 { // all of the ring
		burst(300)
		b := capture.NewBlock(0)
		next(b)
		held = append(held, b)
		want = append(want, binary.BigEndian.Uint32(b.Packets[0].Data[14:]))
	}
	burst(2000)
	extra := capture.NewBlock(0)
	if err := l.Next(extra); err != nil || len(extra.Packets) > 0 {
		t.Errorf("a ring that is all lent out gave %d packets, %v", len(extra.Packets), err)
	}
	for i, b := range held {
		if got := binary.BigEndian.Uint32(b.Packets[0].Data[14:]); got != want[i] {
			t.Errorf("block %d: packet %d turned into %d while it was held", i, want[i], got)
		}
		b.Release()
		b.Release() // harmless
	}
	burst(300)
	next(extra)
	// Packets outlive Close.
	first := bytes.Clone(extra.Packets[0].Data)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(first, extra.Packets[0].Data) {
		t.Error("a packet changed by closing")
	}
	extra.Release()
	if err := l.Next(extra); err != io.EOF {
		t.Errorf("after Close: %v", err)
	}
}

func TestLiveInterfaceLost(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	stays, fails := openOne(t, capture.LiveOptions{RingBytes: 4 << 20, WaitUp: true}), openOne(t, capture.LiveOptions{RingBytes: 4 << 20})
	b := capture.NewBlock(0)
	ip(t, "link set tap0 down")
	err := fails.Next(b)
	if want := "tap0: the interface went down; bring it up (ip link set tap0 up)"; err == nil || err.Error() != want || !errors.Is(err, unix.ENETDOWN) {
		t.Errorf("down: %v", err)
	}
	if again := fails.Next(b); again != err || fails.Sources()[0].Err == nil {
		t.Errorf("the error does not stay: %v", again)
	}
	if err := stays.Next(b); err != nil || stays.Sources()[0].Err == nil {
		t.Errorf("WaitUp: %v, %v", err, stays.Sources()[0].Err)
	}
	ip(t, "link set tap0 up")
	newSender(t, "peer0").send(frame(1, 60))
	if got := collect(t, stays, 1, func(capture.Packet) {}); got != 1 || stays.Sources()[0].Err != nil {
		t.Errorf("after coming up: %d packets, %v", got, stays.Sources()[0].Err)
	}
	ip(t, "link del tap0")
	if err := stays.Next(b); err == nil || err.Error() != "tap0: the interface is gone; capturing stopped" {
		t.Errorf("deleted: %v", err)
	}
}

// TestLiveFanout sends conversations in both directions and wants each at one
// socket, and more than one socket used.
func TestLiveFanout(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	all, err := capture.OpenLive("tap0", capture.LiveOptions{Sockets: 2, RingBytes: 16 << 20})
	if err != nil {
		t.Fatal(err)
	}
	s := newSender(t, "peer0")
	const flows, rounds = 64, 4
	for range rounds {
		for i := range flows {
			s.send(udp(byte(i), false))
			s.send(udp(byte(i), true))
		}
	}
	at := map[byte]int{}
	total := 0
	for n, l := range all {
		got := collect(t, l, flows*rounds*2, func(p capture.Packet) {
			flow := p.Data[42]
			if was, ok := at[flow]; ok && was != n {
				t.Errorf("flow %d is at socket %d and %d", flow, was, n)
			}
			at[flow] = n
		})
		if got == 0 {
			t.Errorf("socket %d got nothing", n)
		}
		total += got
		_ = l.Close()
	}
	if total != flows*rounds*2 {
		t.Errorf("%d packets, want %d", total, flows*rounds*2)
	}
}

// udp composes a packet of a conversation, there or back. Its payload is the flow.
func udp(flow byte, back bool) []byte {
	o := binary.BigEndian
	src, dst := []byte{10, 0, 0, flow}, []byte{10, 0, 1, 1}
	ports := u16s(o, 2000+uint16(flow), 502)
	if back {
		src, dst = dst, src
		ports = u16s(o, 502, 2000+uint16(flow))
	}
	h := bytes.Join([][]byte{{0x45, 0}, u16s(o, 29, 0, 0), {64, 17, 0, 0}, src, dst}, nil)
	sum := uint32(0)
	for i := 0; i < len(h); i += 2 {
		sum += uint32(o.Uint16(h[i:]))
	}
	o.PutUint16(h[10:], ^uint16(sum+sum>>16))
	return bytes.Join([][]byte{{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}, h, ports, u16s(o, 9, 0), {flow}, make([]byte, 17)}, nil)
}

func TestLiveCannotSend(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	l := openOne(t, capture.LiveOptions{RingBytes: 4 << 20})
	all, err := capture.OpenLive("peer0", capture.LiveOptions{RingBytes: 4 << 20})
	if err != nil {
		t.Fatal(err)
	}
	to := unix.SockaddrLinklayer{Ifindex: ifIndex(t, "tap0"), Halen: 6, Protocol: 0xb588}
	sent, err := unix.SendmsgN(l.FD(), frame(1, 60), nil, &to, 0)
	t.Logf("sendmsg with an address: %d, %v", sent, err)
	n, err := unix.Write(l.FD(), frame(2, 60))
	t.Logf("write: %d, %v", n, err)
	if got := collect(t, all[0], 1, func(capture.Packet) {}); got != 0 || sent > 0 || n > 0 {
		t.Errorf("%d frames left through a socket that receives only", got)
	}
	_ = all[0].Close()
}

func TestLiveOutgoing(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	both, in := openOne(t, capture.LiveOptions{RingBytes: 4 << 20}), openOne(t, capture.LiveOptions{RingBytes: 4 << 20, IgnoreOutgoing: true})
	newSender(t, "tap0").send(frame(1, 60))
	if got := collect(t, both, 1, func(capture.Packet) {}); got != 1 {
		t.Errorf("%d outgoing packets, want 1", got)
	}
	if got := collect(t, in, 1, func(capture.Packet) {}); got != 0 {
		t.Errorf("%d outgoing packets although they are left out", got)
	}
}

func TestLiveEnds(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	ctx, cancel := context.WithCancel(context.Background())
	l := openOne(t, capture.LiveOptions{RingBytes: 4 << 20, Context: ctx})
	b := capture.NewBlock(0)
	began := time.Now()
	if err := l.Next(b); err != nil || len(b.Packets) != 0 || time.Since(began) > 2*time.Second {
		t.Errorf("idle: %d packets, %v after %v", len(b.Packets), err, time.Since(began))
	}
	cancel()
	if err := l.Next(b); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
	m := openOne(t, capture.LiveOptions{RingBytes: 4 << 20})
	ended := make(chan error)
	go func() {
		for b := capture.NewBlock(0); ; {
			if err := m.Next(b); err != nil {
				ended <- err
				return
			}
		}
	}()
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != io.EOF {
		t.Errorf("Next while closing: %v", err)
	}
	if err := m.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	_ = m.Sources()
}

func TestLiveRefused(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	ip(t, "link set lo up")
	ip(t, "link add off0 type veth peer name off1")
	for _, c := range []struct {
		iface string
		o     capture.LiveOptions
		want  string
	}{
		{"none0", capture.LiveOptions{}, "none0: no such interface; there are lo, "},
		{"off0", capture.LiveOptions{}, "off0: the interface is down; bring it up (ip link set off0 up)"},
		{"tap0", capture.LiveOptions{Sockets: 2, RingBytes: 1 << 20}, "tap0: a ring of 1048576 bytes is too small for 2 sockets; give it 8388608 or more"},
	} {
		if _, err := capture.OpenLive(c.iface, c.o); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.iface, err, c.want)
		}
	}
}

// TestLiveNoPermission runs as somebody else.
func TestLiveNoPermission(t *testing.T) {
	if os.Getenv(insideEnv) != "" {
		_, err := capture.OpenLive("lo", capture.LiveOptions{})
		fmt.Printf("error: %v\n", err)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("becoming another user needs root")
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.ReadFile(os.Args[0])
	program := filepath.Join(dir, "test")
	if err = errors.Join(err, os.WriteFile(program, self, 0o700), os.Chmod(program, 0o755), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run", "^"+t.Name()+"$")
	cmd.Env = []string{insideEnv + "=1"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	text := string(out)
	if err != nil || !strings.Contains(text, "lo: no permission to capture; run as root, or once: setcap cap_net_raw+ep PROGRAM") &&
		!strings.Contains(text, "lo: the interface is down") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestDropPrivileges does so in a process of its own, goes on to capture, and
// looks at every thread.
func TestDropPrivileges(t *testing.T) {
	if !inside(t) {
		return
	}
	veth(t)
	l, s := openOne(t, capture.LiveOptions{RingBytes: 4 << 20}), newSender(t, "peer0")
	if err := capture.DropPrivileges(""); err != nil {
		if strings.Contains(err.Error(), "CGO_ENABLED=0") {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil || len(tasks) < 2 {
		t.Fatal(tasks, err)
	}
	for _, task := range tasks {
		status, err := os.ReadFile("/proc/self/task/" + task.Name() + "/status")
		if err != nil {
			continue // the thread is over
		}
		for _, want := range []string{"Uid:\t65534\t65534\t65534\t65534", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1"} {
			if !strings.Contains(string(status), want) {
				t.Errorf("thread %s has no %q", task.Name(), want)
			}
		}
	}
	if _, err := capture.OpenLive("tap0", capture.LiveOptions{RingBytes: 4 << 20}); !errors.Is(err, unix.EPERM) {
		t.Errorf("opening another socket: %v", err)
	}
	s.send(frame(1, 60))
	if got := collect(t, l, 1, func(capture.Packet) {}); got != 1 {
		t.Error("the open socket does not go on")
	}
}
