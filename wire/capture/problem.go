package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// at turns an offset in the bytes that are being decoded into one in the file.
func (f *file) at(offset int64) int64 {
	if offset < 0 {
		return -1
	}
	return f.pos + offset
}

// where words an offset.
func (f *file) where(at int64) string {
	if f.via != "" {
		return fmt.Sprintf("byte %d of the decompressed file", at)
	}
	return fmt.Sprintf("byte %d", at)
}

// wrong is a problem at an offset from what is being decoded, or at none (-1).
func (f *file) wrong(offset int64, text string) *Error {
	return &Error{Name: f.name, Text: text, At: f.at(offset)}
}

// damaged ends the file: what follows cannot be found.
func (f *file) damaged(offset int64, text string) *Error {
	unit := "record"
	if _, ok := f.dec.(*pcapng); ok {
		unit = "block"
	}
	return f.wrong(offset, fmt.Sprintf("%s at %s %s; %s", unit, f.where(f.at(offset)), text, f.before()))
}

// skipped notes a packet that had to be left out.
func (f *file) skipped(offset int64, text string) {
	f.note(f.wrong(offset, fmt.Sprintf("block at %s %s; it is left out", f.where(f.at(offset)), text)))
}

// cutOff is an input that ends too early, after end bytes.
func (f *file) cutOff(end int64, inside string) *Error {
	return &Error{Name: f.name, Text: fmt.Sprintf("cut off at %s, %s; %s", f.where(end), inside, f.before()), At: end}
}

// before says what an early end means for the user.
func (f *file) before() string {
	if f.frame == 0 {
		return "no packet could be read"
	}
	return "what came before was read"
}

// note keeps the first problem.
func (f *file) note(e *Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.problem == nil {
		f.problem = e
	}
}

func asError(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// openText says why a file cannot be opened, and what helps.
func openText(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "no permission to read it; run as its owner, or let its owner allow it (chmod a+r)"
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return "too many files are open at once; raise the limit with ulimit -n, or join the captures with mergecap"
	}
	return "cannot be opened: " + err.Error()
}

// readError words an error of the disk or of the decompression.
func (f *file) readError(err error) *Error {
	e := &Error{Name: f.name, At: f.pos + int64(len(f.carry)), Err: err}
	where := fmt.Sprintf("byte %d", f.raw.n.Load())
	if f.via != "" {
		text, cut := unpackText(err)
		if cut {
			e.Text = fmt.Sprintf("cut off at %s, inside the %s data; %s", where, f.via, f.before())
		} else {
			e.Text = fmt.Sprintf("%s data before %s: %s; %s", f.via, where, text, f.before())
		}
		return e
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	e.Text = fmt.Sprintf("cannot be read at %s: %v; %s", where, err, f.before())
	return e
}
