package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bulkhead": main})
}

// The command line, as a person or a program meets it.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":    exits,
			"polling":  polling,
			"zip":      zip,
			"truncate": truncate,
			"tmpfs":    tmpfs,
			"lines":    lines,
			"slow":     slow,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("GOCOVERDIR", os.Getenv("GOCOVERDIR"))
			return nil
		},
	})
}

// exits CODE PROGRAM ARGS... runs a program that must end with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		got = e.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// lines FILE N: the output named stdout or stderr, or the file, has N lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], got, args[1])
	}
}

// polling FILE N [stop] makes a capture of a Modbus client that reads N times,
// and then stops the controller (UMAS function 0x41).
func polling(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b bytes.Buffer
	pollingCapture(&b, n, len(args) > 2)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

func pollingCapture(b *bytes.Buffer, n int, stop bool) {
	w := capture.NewWriter(b, capture.Ethernet)
	at := int64(1_700_000_000_000_000_000)
	seq := [2]uint32{1000, 5000}
	send := func(from int, flags uint8, payload []byte) {
		at += 1e6
		_ = w.Write(at, segment(from, seq[from], seq[1-from], flags, uint16(at/1e6), payload))
		seq[from] += uint32(len(payload))
		if flags&2 != 0 {
			seq[from]++
		}
	}
	send(0, 0x02, nil)
	send(1, 0x12, nil)
	send(0, 0x10, nil)
	for i := range n {
		m := wire.Builder{}
		send(0, 0x18, m.U16(uint16(i)).U16(0).U16(6).U8(1, 3).U16(100).U16(2).B)
		m = wire.Builder{}
		send(1, 0x18, m.U16(uint16(i)).U16(0).U16(7).U8(1, 3, 4).U32(uint32(i)).B)
	}
	if stop {
		m := wire.Builder{}
		send(0, 0x18, m.U16(9).U16(0).U16(6).U8(1, 0x5a, 0, 0x41, 0xff, 0).B)
		m = wire.Builder{}
		send(1, 0x18, m.U16(9).U16(0).U16(4).U8(1, 0x5a, 0, 0xfe).B)
	}
}

// segment composes a TCP segment between a client (0) and a server (1).
func segment(from int, seq, ack uint32, flags uint8, id uint16, payload []byte) []byte {
	w := wire.Builder{}
	ends := [2][]byte{{10, 0, 0, 1}, {10, 0, 0, 2}}
	ports := [2]uint16{40000, 502}
	w.U8(2, 0, 0, 0, 0, byte(2-from)).U8(2, 0, 0, 0, 0, byte(1+from)).U16(0x0800)
	w.U8(0x45, 0).U16(uint16(40+len(payload))).U16(id).U16(0x4000).U8(64, 6).U16(0).Bytes(ends[from]).Bytes(ends[1-from])
	w.U16(ports[from]).U16(ports[1-from]).U32(seq).U32(ack).U8(0x50, flags).U16(8192).U32(0).Bytes(payload)
	return w.B
}

// zip FILE makes FILE.gz of it.
func zip(ts *testscript.TestScript, neg bool, args []string) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".gz"), b.Bytes(), 0o666))
}

// truncate FILE N cuts N bytes off the end.
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	stat, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), stat.Size()-int64(n)))
}

// tmpfs DIR SIZE mounts a file system of that size, or skips the script.
func tmpfs(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o777))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+args[1], "none", dir).CombinedOutput(); err != nil {
		ts.Logf("%s", out)
		ts.Fatalf("skip: no file system of its own can be mounted here")
	}
	ts.Defer(func() { _ = exec.Command("umount", dir).Run() })
}

// slow FILE PROGRAM ARGS... feeds the file to the program's standard input and
// leaves that open; then the program is interrupted, and must end with code 3.
func slow(ts *testscript.TestScript, neg bool, args []string) {
	in, feed, err := os.Pipe()
	ts.Check(err)
	path := ""
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), string(os.PathListSeparator)) {
		if _, err := os.Stat(filepath.Join(dir, args[1])); err == nil && path == "" {
			path = filepath.Join(dir, args[1])
		}
	}
	cmd := exec.Command(path, args[2:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Dir = in, &stdout, &stderr, ts.MkAbs(".")
	ts.Check(cmd.Start())
	_, err = feed.WriteString(ts.ReadFile(args[0]))
	ts.Check(err)
	time.Sleep(500 * time.Millisecond) // it waits for more now
	ts.Check(cmd.Process.Signal(syscall.SIGINT))
	err = cmd.Wait()
	_ = feed.Close()
	_ = in.Close()
	ts.Check(os.WriteFile(ts.MkAbs("out"), stdout.Bytes(), 0o666))
	ts.Check(os.WriteFile(ts.MkAbs("err"), stderr.Bytes(), 0o666))
	if cmd.ProcessState.ExitCode() != exitPart {
		ts.Fatalf("%v, want exit code %d\n%s%s", err, exitPart, stdout.Bytes(), stderr.Bytes())
	}
}
