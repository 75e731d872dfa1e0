package nftables_test

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
	"github.com/bulkhead-ot/bulkhead/firewall/nftables"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, nftables.Format) }

// TestKernel loads the output into a kernel that routes between namespaces,
// sends traffic through it, and compares the verdicts with the model.
func TestKernel(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
	for _, tool := range []string{"nft", "ip", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs", tool)
		}
	}
	p := firewalltest.Policy(t, firewalltest.Plant)
	file := t.TempDir() + "/rules.nft"
	if err := os.WriteFile(file, []byte(firewalltest.Write(t, nftables.Format, p)), 0o644); err != nil {
		t.Fatal(err)
	}
	tag := fmt.Sprintf("bhfw%d", os.Getpid())
	ns := func(i int) string { return fmt.Sprintf("%s-%d", tag, i) }
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	if err := exec.Command("ip", "netns", "add", ns(0)).Run(); err != nil {
		t.Skip("no network namespaces here:", err)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", ns(0)).Run() })
	run("ip", "netns", "exec", ns(0), "sysctl", "-qw", "net.ipv4.ip_forward=1")
	hosts := []string{"10.1.0.1", "10.1.0.99", "10.2.0.10", "10.2.0.5", "10.3.0.5", "10.3.0.10", "10.9.0.1", "8.8.8.8"}
	for i, h := range hosts {
		n := ns(i + 1)
		run("ip", "netns", "add", n)
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", n).Run() })
		a := fmt.Sprintf("v%d", i)
		run("ip", "link", "add", a, "netns", ns(0), "type", "veth", "peer", "name", "eth0", "netns", n)
		gw := fmt.Sprintf("169.254.%d.1", i+1)
		run("ip", "-n", ns(0), "addr", "add", gw+"/32", "dev", a)
		run("ip", "-n", ns(0), "link", "set", a, "up")
		run("ip", "-n", ns(0), "route", "add", h+"/32", "dev", a)
		run("ip", "-n", n, "addr", "add", h+"/32", "dev", "eth0")
		run("ip", "-n", n, "link", "set", "eth0", "up")
		run("ip", "-n", n, "link", "set", "lo", "up")
		run("ip", "-n", n, "route", "add", gw+"/32", "dev", "eth0")
		run("ip", "-n", n, "route", "add", "default", "via", gw)
	}
	run("ip", "netns", "exec", ns(0), "nft", "-f", file)
	run("ip", "netns", "exec", ns(0), "nft", "-f", file) // loading again replaces

	ports := "502,501,443,2000,2010,2011"
	for i := range hosts {
		c := exec.Command("ip", "netns", "exec", ns(i+1), "python3", "-c", listener, ports, "123,502")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
		if _, err := out.Read(make([]byte, 3)); err != nil {
			t.Fatal("listener: ", err)
		}
	}
	tried := 0
	for i, from := range hosts {
		c := exec.Command("ip", append([]string{"netns", "exec", ns(i + 1), "python3", "-c", prober, ports, "123,502"}, hosts...)...)
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			var to string
			var protocol uint8
			var port uint16
			var passed int
			if _, err := fmt.Sscan(line, &to, &protocol, &port, &passed); err != nil {
				t.Fatal(line, err)
			}
			if to == from {
				continue
			}
			tried++
			if want := p.Allows(addr(from), addr(to), protocol, port); want != (passed == 1) {
				t.Errorf("%s > %s protocol %d port %d: model %t, kernel %t", from, to, protocol, port, want, passed == 1)
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d flows tried", tried)
	}
	t.Log(tried, "flows")
}

// listener answers on TCP and UDP ports.
const listener = `
import socket,sys,select
ss=[]
for p in sys.argv[1].split(','):
    s=socket.socket(); s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1); s.bind(('',int(p))); s.listen(64); ss.append(s)
for p in sys.argv[2].split(','):
    s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('',int(p))); ss.append(s)
print('ok',flush=True)
while True:
    for s in select.select(ss,[],[])[0]:
        if s.type==socket.SOCK_STREAM: s.accept()[0].close()
        else:
            d,a=s.recvfrom(100); s.sendto(d,a)
`

// prober tries all at once and tells what was answered.
const prober = `
import socket,sys,time,select
tests=[]
for h in sys.argv[3:]:
    for p in sys.argv[1].split(','):
        s=socket.socket(); s.setblocking(False)
        try: s.connect((h,int(p)))
        except BlockingIOError: pass
        except OSError: pass
        tests.append((h,6,int(p),s))
    for p in sys.argv[2].split(','):
        s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.setblocking(False); s.connect((h,int(p))); s.send(b'x')
        tests.append((h,17,int(p),s))
time.sleep(0.8)
for h,pr,p,s in tests:
    ok=0
    try:
        if pr==6: s.getpeername(); ok=1
        else: s.recv(10); ok=1
    except OSError: pass
    print(h,pr,p,ok)
`

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }
