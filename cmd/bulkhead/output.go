package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// output is where a report goes. It is opened before the work begins, so that
// a place that cannot be written to is told at once.
type output struct {
	name  string // as the user gave it; "" for standard output
	final string // what tmp is renamed to; "" when f is the file itself
	f     *os.File
}

// openOutput prepares to write to the named file. A regular file appears, or
// is replaced, only when the report is complete. With inPlace it is opened
// itself and written to at once at the end: for a process that will have lost
// the right to rename it.
func openOutput(name string, inPlace bool) (*output, error) {
	if name == "" || name == "-" {
		return &output{f: os.Stdout}, nil
	}
	o := &output{name: name}
	target := name
	if real, err := filepath.EvalSymlinks(name); err == nil {
		target = real
	}
	stat, err := os.Stat(target)
	switch {
	case err == nil && stat.IsDir():
		return nil, fmt.Errorf("write %s: it is a folder; name a file in it", name)
	case err == nil && !stat.Mode().IsRegular():
		inPlace = true // a device or a pipe
	}
	if inPlace {
		o.f, err = os.OpenFile(target, os.O_WRONLY|os.O_CREATE, 0o666)
	} else {
		o.final = target
		tmp := fmt.Sprintf("%s.%d.part", target, os.Getpid())
		o.f, err = os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	}
	if err != nil {
		return nil, o.explain(err)
	}
	return o, nil
}

// write fills the output and closes it.
func (o *output) write(report func(io.Writer) error) error {
	defer o.abandon()
	if o.final == "" {
		return o.writeInPlace(report)
	}
	b := bufio.NewWriter(o.f)
	err := report(b)
	for _, step := range []func() error{b.Flush, o.f.Sync, o.f.Close} {
		if e := step(); err == nil {
			err = e
		}
	}
	if err == nil {
		err = os.Rename(o.f.Name(), o.final)
	}
	if err != nil {
		return o.explain(err)
	}
	o.f = nil
	return nil
}

// writeInPlace leaves nothing behind when a regular file does not take all.
func (o *output) writeInPlace(report func(io.Writer) error) error {
	var b bytes.Buffer
	if err := report(&b); err != nil {
		return o.explain(err)
	}
	regular := false
	if stat, err := o.f.Stat(); err == nil && o.name != "" {
		regular = stat.Mode().IsRegular()
	}
	if regular {
		if err := o.f.Truncate(0); err != nil {
			return o.explain(err)
		}
	}
	if _, err := o.f.Write(b.Bytes()); err != nil {
		if regular {
			_ = o.f.Truncate(0)
		}
		return o.explain(err)
	}
	return nil
}

// abandon closes what is open and removes what is not complete.
func (o *output) abandon() {
	if o.f == nil || o.name == "" {
		return
	}
	_ = o.f.Close()
	if o.final != "" {
		_ = os.Remove(o.f.Name())
	}
	o.f = nil
}

// explain names the output and what went wrong with it, without the name of
// the temporary file.
func (o *output) explain(err error) error {
	name := o.name
	if name == "" {
		name = "standard output"
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	} else if e, ok := errors.AsType[*os.LinkError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("write %s: %w", name, err)
}
