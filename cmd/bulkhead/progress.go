package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// progressAfter is how long the work goes on before progress is shown at all,
// and progressEvery is how often it is shown anew.
const (
	progressAfter = time.Second
	progressEvery = 250 * time.Millisecond
)

// showProgress shows what line says while work goes on, on one line of a
// terminal that vanishes when the returned function is called. Anywhere else
// it shows nothing.
func showProgress(w io.Writer, quiet bool, line func(elapsed time.Duration) string) (done func()) {
	f, ok := w.(*os.File)
	if quiet || !ok || !isTerminal(f) || os.Getenv("TERM") == "dumb" {
		return func() {}
	}
	return progress(f, func() int { return columns(f) }, line)
}

// progress runs beside the work.
func progress(w io.Writer, columns func() int, line func(elapsed time.Duration) string) (done func()) {
	stop, gone := make(chan struct{}), make(chan struct{})
	began := time.Now()
	go func() {
		defer close(gone)
		shown := false
		t := time.NewTicker(progressEvery)
		defer t.Stop()
		for {
			select {
			case <-stop:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case now := <-t.C:
				elapsed := now.Sub(began)
				if elapsed < progressAfter {
					continue
				}
				s := line(elapsed)
				if n := columns() - 1; n > 0 && len(s) > n {
					s = s[:n]
				}
				fmt.Fprint(w, "\r"+s+"\x1b[K")
				shown = true
			}
		}
	}()
	return func() {
		close(stop)
		<-gone
	}
}

// fileProgress words how far the reading of files has come.
func fileProgress(sources func() []capture.Info) func(time.Duration) string {
	return func(elapsed time.Duration) string { return fileLine(sources(), elapsed) }
}

// fileLine is "reading: 45 % of 1.2 GB, 830,000 packets/s, 12 s left".
func fileLine(infos []capture.Info, elapsed time.Duration) string {
	var read, size int64
	var packets uint64
	known := true
	for _, i := range infos {
		packets += i.Packets
		read += i.Read
		if i.Size < 0 && i.Err == nil {
			known = false
		}
		size += max(i.Size, 0)
		if i.Err != nil { // what could not be read is not waited for
			size -= max(i.Size, 0) - i.Read
		}
	}
	var s []string
	if known && size > 0 {
		s = append(s, fmt.Sprintf("%d %% of %s", min(100, read*100/size), byteCount(size)))
	} else {
		s = append(s, byteCount(read)+" read")
	}
	seconds := max(elapsed.Seconds(), 1e-3)
	s = append(s, thousands(uint64(float64(packets)/seconds))+" packets/s")
	if known && read > 0 && size > read {
		left := time.Duration(float64(elapsed) * (float64(size-read) / float64(read)))
		s = append(s, left.Round(time.Second).String()+" left")
	}
	return "reading: " + strings.Join(s, ", ")
}

// byteCount writes a size with a decimal prefix.
func byteCount(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1e6:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// thousands writes a number with commas.
func thousands(n uint64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
