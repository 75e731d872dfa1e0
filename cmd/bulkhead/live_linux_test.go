package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// document is what the tests look at in a report.
type document struct {
	Capture struct {
		Sources []struct {
			Name, Format     string
			Packets, Dropped uint64
		}
		Quality struct{ Dropped, Duplicates uint64 }
	}
	Conversations []struct {
		Protocol   string
		Operations []struct {
			Code                string
			Requests, Responses uint64
		}
	}
}

func parse(t *testing.T, b []byte) (d document) {
	t.Helper()
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// tapped is a network namespace with a pair of connected interfaces: tap0 to
// listen at, peer0 to send from. It is gone when the test ends.
type tapped struct {
	t    *testing.T
	ns   string
	prog string
}

func newPlant(t *testing.T) *tapped {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("listening at an interface needs root")
	}
	for _, tool := range []string{"ip", "tcpreplay", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here", tool)
		}
	}
	prog := filepath.Join(t.TempDir(), "bulkhead")
	build := exec.Command("go", "build", "-o", prog, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	p := &tapped{t: t, ns: fmt.Sprintf("bulkhead-cmd-%d", os.Getpid()), prog: prog}
	if out, err := exec.Command("ip", "netns", "add", p.ns).CombinedOutput(); err != nil {
		t.Skipf("no network namespaces here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", p.ns).Run() })
	p.sh("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; ip link add tap0 mtu 9000 type veth peer name peer0 mtu 9000 && ip link set tap0 up && ip link set peer0 up")
	return p
}

// in makes a command that runs in the namespace.
func (p *tapped) in(args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", p.ns}, args...)...)
}

func (p *tapped) sh(script string) string {
	p.t.Helper()
	out, err := p.in("sh", "-c", script).CombinedOutput()
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

// listener is a program that listens at tap0.
type listener struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr bytes.Buffer
	done   chan error
}

func (p *tapped) listen(args ...string) *listener {
	p.t.Helper()
	l := &listener{t: p.t, cmd: p.in(append([]string{p.prog, "analyze", "-i", "tap0", "--format", "json"}, args...)...), done: make(chan error, 1)}
	r, w, err := os.Pipe()
	if err != nil {
		p.t.Fatal(err)
	}
	l.cmd.Stdout, l.cmd.Stderr = &l.stdout, w
	if err := l.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	_ = w.Close()
	ready, read := make(chan bool, 1), make(chan bool)
	go func() {
		defer close(read)
		s := bufio.NewScanner(r)
		for s.Scan() {
			fmt.Fprintln(&l.stderr, s.Text())
			if strings.Contains(s.Text(), "listening at tap0") {
				ready <- true
			}
		}
		close(ready)
	}()
	go func() {
		<-read
		l.done <- l.cmd.Wait()
	}()
	p.t.Cleanup(func() { _ = l.cmd.Process.Kill() })
	select {
	case ok := <-ready:
		if !ok {
			p.t.Fatalf("it did not listen: %s", l.stderr.String())
		}
	case <-time.After(20 * time.Second):
		p.t.Fatal("it does not listen")
	}
	return l
}

// end waits for the report. ip netns exec has become the program itself, so
// the signal reaches it.
func (l *listener) end(s os.Signal) (d document, code int) {
	l.t.Helper()
	if s != nil {
		_ = l.cmd.Process.Signal(s)
	}
	select {
	case err := <-l.done:
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			code = e.ExitCode()
		} else if err != nil {
			l.t.Fatal(err)
		}
	case <-time.After(60 * time.Second):
		l.t.Fatal("it does not end")
	}
	if l.stdout.Len() > 0 {
		d = parse(l.t, l.stdout.Bytes())
	}
	return d, code
}

// operations counts messages by protocol and code.
func operations(a *document) map[string]uint64 {
	m := make(map[string]uint64)
	for _, c := range a.Conversations {
		for _, o := range c.Operations {
			m[c.Protocol+" "+o.Code] += o.Requests + o.Responses
		}
	}
	return m
}

// What is replayed at full speed arrives without a loss, and gives the
// operations that the file gives.
func TestLiveReplay(t *testing.T) {
	name, err := filepath.Abs(shared + "/bench/mixed-bench.pcap")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); err != nil {
		t.Skip("no capture", name)
	}
	p := newPlant(t)
	file := parse(t, analyzed(t, 1, name))
	l := p.listen()
	t.Log(strings.TrimSpace(p.sh("tcpreplay --quiet --topspeed --preload-pcap -i peer0 " + name + " 2>&1 | grep -i -E 'rated|flows|failed packets'")))
	time.Sleep(time.Second)
	live, code := l.end(os.Interrupt)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, l.stderr.String())
	}
	got, want := live.Capture.Sources[0], file.Capture.Sources[0]
	if got.Packets != want.Packets || got.Dropped != 0 || live.Capture.Quality.Dropped != 0 || got.Format != "live" || got.Name != "tap0" {
		t.Errorf("%d packets of %d, %d dropped; %+v", got.Packets, want.Packets, got.Dropped, got)
	}
	mine, theirs := operations(&live), operations(&file)
	var all, off uint64
	for k, n := range theirs {
		all += n
		off += max(n, mine[k]) - min(n, mine[k])
		if d := max(n, mine[k]) - min(n, mine[k]); d > n/100+2 {
			t.Errorf("%s: %d in the file, %d live", k, n, mine[k])
		}
	}
	for k, n := range mine {
		if theirs[k] == 0 {
			t.Errorf("%s: %d live, none in the file", k, n)
		}
	}
	t.Logf("%d operations, %d differ; %d duplicates live, %d in the file", all, off, live.Capture.Quality.Duplicates, file.Capture.Quality.Duplicates)
}

// It ends when its time is over, also when nothing came, without work in between.
func TestLiveDuration(t *testing.T) {
	p := newPlant(t)
	began := time.Now()
	l := p.listen("--duration", "2s", "--ring", "16")
	a, code := l.end(nil)
	d := time.Since(began)
	if code != 0 || d < 2*time.Second || d > 15*time.Second || a.Capture.Sources[0].Packets != 0 {
		t.Errorf("exit code %d after %v, %+v", code, d, a.Capture)
	}
	if used := l.cmd.ProcessState.UserTime() + l.cmd.ProcessState.SystemTime(); used > time.Second {
		t.Errorf("doing nothing took %v of CPU time", used)
	}
}

// An interface that goes down, is gone, is not up: one line, and a code.
func TestLiveInterfaceEnds(t *testing.T) {
	name, _ := filepath.Abs(shared + "/modbus")
	p := newPlant(t)
	l := p.listen()
	some, _ := filepath.Glob(name + "/*.pcap")
	if len(some) > 0 {
		p.sh("tcpreplay --quiet --topspeed -i peer0 " + some[0] + " >/dev/null 2>&1")
		time.Sleep(300 * time.Millisecond)
	}
	p.sh("ip link set tap0 down")
	a, code := l.end(nil)
	told := l.stderr.String()
	if len(some) > 0 && (code != exitPart || len(a.Conversations) == 0) || !strings.Contains(told, "bulkhead: tap0: the interface went down; bring it up (ip link set tap0 up)\n") {
		t.Errorf("down: exit code %d, %d conversations: %s", code, len(a.Conversations), told)
	}
	out, err := p.in(p.prog, "analyze", "-i", "tap0").CombinedOutput()
	if e, ok := errors.AsType[*exec.ExitError](err); !ok || e.ExitCode() != exitFailed || string(out) != "bulkhead: tap0: the interface is down; bring it up (ip link set tap0 up)\n" {
		t.Errorf("is down: %v, %s", err, out)
	}
	p.sh("ip link set tap0 up")
	l = p.listen()
	p.sh("ip link del tap0")
	if _, code = l.end(nil); code != exitFailed || !strings.Contains(l.stderr.String(), "tap0: the interface is gone") {
		t.Errorf("gone: exit code %d: %s", code, l.stderr.String())
	}
}

// Without the right to capture, the remedy is told. The report of one who
// became nobody still goes to a file that only root may make.
func TestLivePrivileges(t *testing.T) {
	p := newPlant(t)
	public := t.TempDir()
	prog := public + "/bulkhead"
	in, err := os.ReadFile(p.prog)
	if err != nil {
		t.Fatal(err)
	}
	for dir := public; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		_ = os.Chmod(dir, 0o755)
	}
	if err := os.WriteFile(prog, in, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := p.in("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", prog, "analyze", "-i", "tap0", "--duration", "1s").CombinedOutput()
	if e, ok := errors.AsType[*exec.ExitError](err); ok && !strings.Contains(string(out), "setpriv") {
		if e.ExitCode() != exitFailed || !strings.Contains(string(out), "tap0: no permission to capture; run as root, or once: setcap cap_net_raw+ep") {
			t.Errorf("exit code %d: %s", e.ExitCode(), out)
		}
	} else {
		t.Logf("not tried as another user: %v %s", err, out)
	}
	file := t.TempDir() + "/report.json"
	l := p.listen("-o", file)
	who, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.cmd.Process.Pid))
	if err != nil || !strings.Contains(string(who), "Uid:\t65534\t65534\t65534\t65534") || !strings.Contains(string(who), "CapEff:\t0000000000000000") {
		t.Errorf("who it is: %v\n%s", err, who)
	}
	if _, code := l.end(os.Interrupt); code != 0 {
		t.Errorf("exit code %d: %s", code, l.stderr.String())
	}
	if b, err := os.ReadFile(file); err != nil || !json.Valid(b) {
		t.Errorf("the report: %v, %s", err, b)
	}
}
