package capture

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Options say how Open reads; the zero value is what most want.
type Options struct {
	// Stdin is what the name "-" reads; nil means os.Stdin.
	Stdin io.Reader
}

// Open opens captures as one timeline: files, folders (every capture below,
// told by its content and ordered by name; other files are passed over), and "-"
// for standard input. The error is for a name that does not exist, and for when
// nothing at all can be read; otherwise what is wrong with one input stands in
// its Info. ctx ends the reading.
//
// Of several inputs, a file is read when its time has come, so thousands of
// files of a ring buffer are not open at once.
func Open(ctx context.Context, names []string, opt Options) (Source, error) {
	l := listing{ctx: ctx, opt: opt, seen: map[string]bool{}, named: map[string]bool{}}
	for _, name := range names {
		if err := l.add(name); err != nil {
			return nil, err
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no capture given: name files or folders, or - for standard input")
	}
	if f := l.files[0]; len(l.files) == 1 && f.folder == "" {
		if e := f.open(); e != nil {
			_ = f.Close()
			return nil, e
		}
		return f, nil
	}
	return newMerge(ctx, l.files, l.named)
}

// listing collects the inputs that the names stand for.
type listing struct {
	ctx   context.Context
	opt   Options
	files []*file
	seen  map[string]bool // paths taken: a file named twice is read once
	named map[string]bool // folders with a file that was taken before
}

func (l *listing) add(name string) error {
	if name == "-" {
		l.stdin()
		return nil
	}
	stat, err := os.Stat(name)
	if err != nil {
		return &Error{Name: name, Text: openText(err), At: -1, Err: err}
	}
	if !stat.IsDir() {
		l.file(name, stat, "")
		return nil
	}
	return l.folder(name)
}

func (l *listing) stdin() {
	if l.seen["-"] {
		return
	}
	l.seen["-"] = true
	r := l.opt.Stdin
	if r == nil {
		r = standardInput(l.ctx)
	}
	f := newFile(l.ctx, "-", func() (io.ReadCloser, error) { return io.NopCloser(r), nil })
	f.once = true
	l.files = append(l.files, f)
}

func (l *listing) file(path string, stat fs.FileInfo, folder string) {
	if abs, err := filepath.Abs(path); err == nil {
		if l.seen[abs] {
			l.named[folder] = true
			return
		}
		l.seen[abs] = true
	}
	f := newFile(l.ctx, path, func() (io.ReadCloser, error) { return os.Open(path) })
	f.folder = folder
	if f.fills = stat.Mode().IsRegular(); f.fills {
		f.info.Size = stat.Size()
	} else {
		f.once = true
	}
	l.files = append(l.files, f)
}

// folder adds the files below a folder. Whether they are captures is seen when
// they are opened.
func (l *listing) folder(root string) error {
	before := len(l.files)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			l.broken(path, openText(err), err)
			return nil
		}
		stat, err := os.Stat(path) // of what a link points to
		if err != nil || !stat.Mode().IsRegular() {
			return nil
		}
		l.file(path, stat, root)
		return nil
	})
	if err == nil && len(l.files) == before && !l.named[root] {
		l.broken(root, "no file in this folder", errForeign)
	}
	return err
}

// broken adds an input that cannot be read, to tell about it.
func (l *listing) broken(name, text string, err error) {
	f := newFile(l.ctx, name, nil)
	f.problem = &Error{Name: name, Text: text, At: -1, Err: err}
	l.files = append(l.files, f)
}
