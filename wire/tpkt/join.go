package tpkt

import "errors"

// ErrTooLong says that a segmented message outgrew the bound of its Joiner.
var ErrTooLong = errors.New("segmented message is too long")

// Joiner puts the segments of one direction together (X.224, 6.3). The zero
// Joiner is ready. It keeps its buffer, so that it allocates only while
// messages grow.
type Joiner struct {
	buf  []byte
	over bool
}

// Add takes the next DT and returns the message when it is the last of one.
// A message of a single DT is not copied; another is good until the next Add.
// What grows beyond max bytes is dropped up to its end.
func (j *Joiner) Add(t *TPDU, max int) (msg []byte, done bool, err error) {
	if len(t.Data) > max-len(j.buf) {
		j.over = true
	}
	if j.over {
		j.buf = j.buf[:0]
		j.over = !t.EOT
		return nil, false, ErrTooLong
	}
	if t.EOT && len(j.buf) == 0 {
		return t.Data, true, nil
	}
	j.buf = append(j.buf, t.Data...)
	if !t.EOT {
		return nil, false, nil
	}
	msg, j.buf = j.buf, j.buf[:0]
	return msg, true, nil
}

// Drop forgets a message that was begun.
func (j *Joiner) Drop() { j.buf, j.over = j.buf[:0], false }
