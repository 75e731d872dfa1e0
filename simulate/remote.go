package simulate

import (
	"fmt"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// ssh opens a connection of RFC 4253 and exchanges some secret packets.
func (n *network) ssh(at time.Duration, client, server *host, clientText, serverText string, length time.Duration) {
	c := n.dial(at, client, server, 22, "ssh")
	c.server([]byte(serverText + "\r\n"))
	c.client([]byte(clientText + "\r\n"))
	t := &tls{conn: c}
	packet := func(payload []byte) []byte {
		var w wire.Builder
		padding := 8 - (len(payload)+5)%8
		if padding < 4 {
			padding += 8
		}
		return w.U32(uint32(1 + len(payload) + padding)).U8(byte(padding)).Bytes(payload).Zero(padding).B
	}
	offer := func() []byte {
		var w wire.Builder
		w.U8(20).Bytes(t.random(16))
		for _, list := range []string{"curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256", "rsa-sha2-512,rsa-sha2-256,ssh-ed25519",
			"aes128-ctr,aes256-ctr,aes256-gcm@openssh.com", "aes128-ctr,aes256-ctr,aes256-gcm@openssh.com", "hmac-sha2-256,hmac-sha2-512", "hmac-sha2-256,hmac-sha2-512", "none,zlib@openssh.com", "none,zlib@openssh.com", "", ""} {
			w.U32(uint32(len(list))).Text(list)
		}
		return packet(w.U8(0).U32(0).B)
	}
	c.client(offer())
	c.server(offer())
	var q, a, key wire.Builder
	c.client(packet(q.U8(30).U32(32).Bytes(t.random(32)).B))
	key.U32(7).Text("ssh-rsa").U32(3).U8(1, 0, 1).U32(257).U8(0).Bytes(t.random(256))
	a.U8(31).U32(uint32(len(key.B))).Bytes(key.B).U32(32).Bytes(t.random(32)).U32(276).U32(12).Text("rsa-sha2-512").U32(256).Bytes(t.random(256))
	c.server(join(packet(a.B), packet([]byte{21})))
	c.client(packet([]byte{21}))
	for end := at + length; c.now < end; {
		c.ask(t.random(64+16*c.rng.IntN(4)), t.random(64+16*c.rng.IntN(20)))
		c.at(c.now + time.Duration(200+c.rng.IntN(3000))*time.Millisecond)
	}
	c.close()
}

// dialogue is lines of a text protocol: the client's after ">", the server's after "<".
func (c *conn) dialogue(lines ...string) {
	for _, l := range lines {
		b := []byte(strings.ReplaceAll(l[1:], "\n", "\r\n"))
		if l[0] == '>' {
			c.at(c.now + time.Duration(60+c.rng.IntN(400))*time.Millisecond)
			c.client(b)
		} else {
			c.server(b)
		}
	}
}

// ftp signs in in clear (RFC 959) and fetches a file over a passive connection.
func (n *network) ftp(at time.Duration, client, server *host, banner, user, password, file string, content []byte) {
	c := n.dial(at, client, server, 21, "ftp")
	c.dialogue("<220 "+banner+"\n", ">USER "+user+"\n", "<331 Password required.\n", ">PASS "+password+"\n", "<230 User logged in.\n", ">TYPE I\n", "<200 Type set to I.\n", ">PASV\n")
	ip := server.addr.As4()
	const port = 50021
	c.dialogue(fmt.Sprintf("<227 Entering Passive Mode (%d,%d,%d,%d,%d,%d)\n", ip[0], ip[1], ip[2], ip[3], port>>8, port&255))
	d := n.dial(c.now+time.Millisecond, client, server, port, "ftp-data")
	c.at(d.now)
	c.dialogue(">RETR "+file+"\n", "<150 Opening data connection.\n")
	d.at(c.now)
	d.server(content)
	d.hangUp()
	c.at(d.now)
	c.dialogue("<226 Transfer complete.\n", ">QUIT\n", "<221 Goodbye.\n")
	c.close()
}

// telnet signs in in clear (RFC 854).
func (n *network) telnet(at time.Duration, client, server *host, lines ...string) {
	c := n.dial(at, client, server, 23, "telnet")
	c.ask([]byte{255, 253, 3, 255, 251, 1}, []byte{255, 251, 3, 255, 253, 1}) // suppress go ahead, echo
	c.dialogue(lines...)
	c.close()
}

// rdp opens a session of the Remote Desktop Protocol ([MS-RDPBCGR]) inside TLS.
func (n *network) rdp(at time.Duration, client, server *host, user string, cert []byte, length time.Duration) {
	c := n.dial(at, client, server, 3389, "rdp")
	cookie := "Cookie: mstshash=" + user + "\r\n"
	q := append([]byte{byte(6 + len(cookie) + 8), 0xe0, 0, 0, 0, 0, 0}, cookie...)
	c.ask(tpkt(append(q, 1, 0, 8, 0, 3, 0, 0, 0)), tpkt([]byte{14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0x1f, 8, 0, 2, 0, 0, 0}))
	t := &tls{c, 0x0303}
	t.shake(server.Name, cert)
	for end := at + length; c.now < end; {
		c.client(t.secret(40 + c.rng.IntN(60)))
		c.server(t.secret(120 + c.rng.IntN(900)))
		c.at(c.now + time.Duration(300+c.rng.IntN(2600))*time.Millisecond)
	}
	c.close()
}

// vnc opens a session of the Remote Framebuffer Protocol (RFC 6143).
func (n *network) vnc(at time.Duration, client, server *host, name string, length time.Duration) {
	c := n.dial(at, client, server, 5900, "vnc")
	t := &tls{conn: c}
	c.server([]byte("RFB 003.008\n"))
	c.ask([]byte("RFB 003.008\n"), []byte{1, 2})
	c.ask([]byte{2}, t.random(16))
	c.ask(t.random(16), []byte{0, 0, 0, 0})
	var w wire.Builder
	w.U16(800).U16(480).U8(32, 24, 0, 1).U16(255).U16(255).U16(255).U8(16, 8, 0, 0, 0, 0).U32(uint32(len(name))).Text(name)
	c.ask([]byte{1}, w.B)
	c.client([]byte{2, 0, 0, 1, 0, 0, 0, 0})
	for end := at + length; c.now < end; {
		var u wire.Builder
		u.U8(0, 0).U16(1).U16(0).U16(0).U16(16).U16(4).U32(0).Zero(16 * 4 * 4)
		c.ask([]byte{3, 1, 0, 0, 0, 0, 3, 0x20, 1, 0xe0}, u.B)
		c.at(c.now + time.Duration(500+c.rng.IntN(2000))*time.Millisecond)
	}
	c.close()
}

// ping is an echo of RFC 792.
func (n *network) ping(at time.Duration, client, server *host, count int) {
	n.spoke(client, server, "icmp", 0, "icmp")
	for i := range count {
		message := func(kind byte) []byte {
			var w wire.Builder
			w.U8(kind, 0).U16(0).U16(1).U16(uint16(i + 1)).Text("abcdefghijklmnopqrstuvwabcdefghi")
			s := ^fold(sum(0, w.B))
			w.B[2], w.B[3] = byte(s>>8), byte(s)
			return w.B
		}
		t := at + time.Duration(i)*time.Second
		n.ip(t, client, server, 1, message(8))
		n.ip(t+700*time.Microsecond, server, client, 1, message(0))
	}
}
