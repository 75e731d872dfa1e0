package wire

// ASCII tells whether b is text of printable ASCII characters, and not empty.
func ASCII(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x > 0x7e {
			return false
		}
	}
	return len(b) > 0
}

// Plain tells whether b has no control characters and is not empty: text in
// ASCII or in an encoding that leaves the control range alone.
func Plain(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return false
		}
	}
	return len(b) > 0
}
