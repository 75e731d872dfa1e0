package capture_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// shared is the folder of real captures that lies beside the repository on a
// developer's machine.
const shared = "../../../shared/captures"

// truth is what tshark and capinfos say about a capture, in the first line of
// its truth file.
type truth struct {
	Packets     *uint64
	First, Last *float64
}

func sharedCaptures(t *testing.T) map[string]truth {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the shared captures are not on this machine")
	}
	all := map[string]truth{}
	err := filepath.WalkDir(shared, func(path string, d fs.DirEntry, err error) error {
		dir, name := filepath.Split(path)
		if err != nil || d.IsDir() || filepath.Base(dir) != "truth" || !strings.HasSuffix(name, ".jsonl") {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		line, err := bufio.NewReader(f).ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var meta truth
		if err := json.Unmarshal(line, &meta); err != nil {
			return err
		}
		all[filepath.Join(dir, "..", strings.TrimSuffix(name, ".jsonl"))] = meta
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSharedCaptures(t *testing.T) {
	for path, want := range sharedCaptures(t) {
		rel, _ := filepath.Rel(shared, path)
		t.Run(rel, func(t *testing.T) {
			src, err := capture.Open(context.Background(), []string{path}, capture.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			b := capture.NewBlock(0)
			var n, frame uint64
			for err = src.Next(b); err == nil; err = src.Next(b) {
				n += uint64(len(b.Packets))
				frame = b.Packets[len(b.Packets)-1].Frame
			}
			if err != io.EOF {
				t.Fatal(err)
			}
			info := src.Sources()[0]
			if info.Packets != n || info.Read != info.Size || frame != n {
				t.Errorf("packets: counted %d, %d of %d bytes read, last frame %d, delivered %d", info.Packets, info.Read, info.Size, frame, n)
			}
			if want.Packets == nil { // tshark gives up on this one
				if info.Err == nil || !strings.Contains(info.Err.Error(), "block at byte 480 begins a section of pcapng version 2.0") || n != 1 {
					t.Errorf("%d packets, %v", n, info.Err)
				}
				return
			}
			if info.Err != nil {
				t.Error(info.Err)
			}
			if n != *want.Packets {
				t.Errorf("%d packets, want %d", n, *want.Packets)
			}
			// The truth has microseconds, or fewer digits where if_tsresol is coarse.
			same := func(which string, got int64, want *float64) {
				within := 2e-6
				if strings.HasSuffix(path, "test902.pcapng") {
					within = 0.01
				}
				if want != nil && math.Abs(float64(got)/1e9-*want) > within {
					t.Errorf("%s is %f, want %f", which, float64(got)/1e9, *want)
				}
			}
			same("first", info.First, want.First)
			same("last", info.Last, want.Last)
		})
	}
}
