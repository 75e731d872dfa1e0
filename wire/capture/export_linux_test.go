package capture

// FD is the socket, for the test that it cannot send.
func (l *Live) FD() int { return l.fd }
