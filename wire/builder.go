package wire

// Builder appends fields to a packet. It is the counterpart of Reader, for
// tests and for the traffic that the project composes itself.
type Builder struct{ B []byte }

// U8 appends bytes.
func (w *Builder) U8(v ...byte) *Builder { w.B = append(w.B, v...); return w }

// U16 appends a big-endian 16-bit number.
func (w *Builder) U16(v uint16) *Builder { return w.U8(byte(v>>8), byte(v)) }

// U16LE appends a little-endian 16-bit number.
func (w *Builder) U16LE(v uint16) *Builder { return w.U8(byte(v), byte(v>>8)) }

// U32 appends a big-endian 32-bit number.
func (w *Builder) U32(v uint32) *Builder { return w.U16(uint16(v >> 16)).U16(uint16(v)) }

// U32LE appends a little-endian 32-bit number.
func (w *Builder) U32LE(v uint32) *Builder { return w.U16LE(uint16(v)).U16LE(uint16(v >> 16)) }

// U64 appends a big-endian 64-bit number.
func (w *Builder) U64(v uint64) *Builder { return w.U32(uint32(v >> 32)).U32(uint32(v)) }

// U64LE appends a little-endian 64-bit number.
func (w *Builder) U64LE(v uint64) *Builder { return w.U32LE(uint32(v)).U32LE(uint32(v >> 32)) }

// Bytes appends b.
func (w *Builder) Bytes(b []byte) *Builder { w.B = append(w.B, b...); return w }

// Text appends the bytes of s.
func (w *Builder) Text(s string) *Builder { w.B = append(w.B, s...); return w }

// Zero appends n zero bytes.
func (w *Builder) Zero(n int) *Builder { w.B = append(w.B, make([]byte, n)...); return w }

// Len16 appends a big-endian 16-bit length of what body appends.
func (w *Builder) Len16(body func(*Builder)) *Builder {
	at := len(w.B)
	w.U16(0)
	body(w)
	n := len(w.B) - at - 2
	w.B[at], w.B[at+1] = byte(n>>8), byte(n)
	return w
}

// Len16LE appends a little-endian 16-bit length of what body appends.
func (w *Builder) Len16LE(body func(*Builder)) *Builder {
	at := len(w.B)
	w.U16(0)
	body(w)
	n := len(w.B) - at - 2
	w.B[at], w.B[at+1] = byte(n), byte(n>>8)
	return w
}
