package capture

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"golang.org/x/sys/unix"
)

const maxSockets = 256 // of a fanout group, as in the kernel

// OpenLive starts to capture at an interface. It needs CAP_NET_RAW, and may give
// it up afterwards (DropPrivileges). With several sockets, packets of one
// conversation come from one of them, in both directions; each is a Source of
// its own, whose only Info has index 0 and whose frames are numbered for
// themselves.
//
// The sockets receive only: send(2) on one finds an empty transmit ring that is
// not mapped, whatever the arguments.
func OpenLive(iface string, o LiveOptions) ([]*Live, error) {
	if o.Context == nil {
		o.Context = context.Background()
	}
	if o.RingBytes <= 0 {
		o.RingBytes = DefaultRing
	}
	n := min(max(o.Sockets, 1), maxSockets)
	i, err := net.InterfaceByName(iface)
	if err != nil {
		return nil, &Error{Name: iface, Text: noInterface(), At: -1, Err: err}
	}
	if i.Flags&net.FlagUp == 0 {
		return nil, &Error{Name: iface, Text: "the interface is down; bring it up (ip link set " + iface + " up)", At: -1, Err: unix.ENETDOWN}
	}
	if i.Flags&net.FlagLoopback != 0 {
		o.IgnoreOutgoing = true // each packet passes twice
	}
	blocks := o.RingBytes / n / ringBlock
	if blocks < 16 {
		return nil, &Error{Name: iface, At: -1, Err: unix.EINVAL,
			Text: fmt.Sprintf("a ring of %d bytes is too small for %d sockets; give it %d or more", o.RingBytes, n, 16*n*ringBlock)}
	}
	all := make([]*Live, 0, n)
	for range n {
		l, err := openSocket(i, o, blocks)
		if err != nil {
			closeAll(all)
			return nil, err
		}
		all = append(all, l)
	}
	if err := begin(all); err != nil {
		closeAll(all)
		return nil, err
	}
	return all, nil
}

func closeAll(all []*Live) {
	for _, l := range all {
		_ = l.Close()
	}
}

// noInterface names those that there are.
func noInterface() string {
	var names []string
	all, _ := net.Interfaces()
	for _, i := range all {
		names = append(names, i.Name)
	}
	return "no such interface; there are " + strings.Join(names, ", ")
}

// openSocket opens one socket that is bound but receives nothing yet.
func openSocket(i *net.Interface, o LiveOptions, blocks int) (*Live, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, socketError(i.Name, err)
	}
	l := &Live{ctx: o.Context, name: i.Name, opt: o, fd: fd, start: rxDropped(i.Name)}
	if err := l.setUp(i, blocks); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	if l.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		_ = unix.Close(fd)
		l.ring.unref()
		return nil, l.errorf("cannot be captured: "+err.Error(), err)
	}
	l.info = Info{Name: i.Name, Format: "live", LinkType: l.link.String(), Size: -1}
	return l, nil
}

// socketError says why there is no socket.
func socketError(iface string, err error) error {
	text := "cannot be captured: " + err.Error()
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		text = "no permission to capture; run as root, or once: setcap cap_net_raw+ep PROGRAM"
	case errors.Is(err, unix.EAFNOSUPPORT):
		text = "this kernel has no packet sockets (CONFIG_PACKET)"
	}
	return &Error{Name: iface, Text: text, At: -1, Err: err}
}

// setUp makes the rings and binds the socket.
func (l *Live) setUp(i *net.Interface, blocks int) error {
	step := func(what string, err error) error {
		if err == nil {
			return nil
		}
		return l.errorf(what+": "+err.Error(), err)
	}
	// Until all sockets of the group are ready, nothing gets in.
	if err := step("filter", l.filter(0)); err != nil {
		return err
	}
	if err := step("ring of version 3 (Linux 3.2 or later)", unix.SetsockoptInt(l.fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3)); err != nil {
		return err
	}
	if err := l.mapRing(blocks); err != nil {
		return err
	}
	if l.opt.IgnoreOutgoing {
		if err := step("leaving out outgoing packets (Linux 4.20 or later)", unix.SetsockoptInt(l.fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1)); err != nil {
			l.ring.unref()
			return err
		}
	}
	err := step("binding", unix.Bind(l.fd, &unix.SockaddrLinklayer{Protocol: bigEndian16(unix.ETH_P_ALL), Ifindex: i.Index}))
	if err == nil {
		err = l.linkType()
	}
	if err == nil && !l.opt.NoPromiscuous {
		err = step("promiscuous mode", unix.SetsockoptPacketMreq(l.fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP,
			&unix.PacketMreq{Ifindex: int32(i.Index), Type: unix.PACKET_MR_PROMISC}))
	}
	if err != nil {
		l.ring.unref()
	}
	return err
}

// mapRing sets up the receive ring, and a transmit ring of one page only so that
// the kernel takes packets to send from there and nowhere else. The transmit
// ring is unmapped at once, so there never is one to send.
func (l *Live) mapRing(blocks int) error {
	req := unix.TpacketReq3{
		Block_size: ringBlock, Block_nr: uint32(blocks), Retire_blk_tov: retire,
		Frame_size: 2048, Frame_nr: uint32(blocks) * (ringBlock / 2048), // frames have their own size in version 3; this only has to be consistent
	}
	if err := unix.SetsockoptTpacketReq3(l.fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &req); err != nil {
		return l.errorf(fmt.Sprintf("no memory for a ring of %d MiB (%v); choose a smaller one", blocks*ringBlock>>20, err), err)
	}
	page := unix.Getpagesize()
	tx := unix.TpacketReq3{Block_size: uint32(page), Block_nr: 1, Frame_size: uint32(page), Frame_nr: 1}
	if err := unix.SetsockoptTpacketReq3(l.fd, unix.SOL_PACKET, unix.PACKET_TX_RING, &tx); err != nil {
		page = 0 // before Linux 4.11; nothing here sends anyway
	}
	size := blocks * ringBlock
	mem, err := unix.MmapPtr(l.fd, 0, nil, uintptr(size+page), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return l.errorf("mapping the ring: "+err.Error(), err)
	}
	l.ring = newRing(mem, size, page, blocks)
	return nil
}

// linkType reads which kind of interface the socket is bound to.
func (l *Live) linkType() error {
	sa, err := unix.Getsockname(l.fd)
	if err != nil {
		return l.errorf("cannot be captured: "+err.Error(), err)
	}
	ll, ok := sa.(*unix.SockaddrLinklayer)
	if !ok {
		return l.errorf("is no packet interface", nil)
	}
	switch ll.Hatype {
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		l.link = Ethernet
	case unix.ARPHRD_NONE, unix.ARPHRD_RAWIP, unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT, unix.ARPHRD_IPGRE, unix.ARPHRD_PPP:
		l.link = RawIP
	default:
		return l.errorf(fmt.Sprintf("hardware type %d is not supported; capture at an Ethernet interface", ll.Hatype), nil)
	}
	return nil
}

// begin lets packets in, after joining several sockets to share them by flow.
// The kernel puts fragments together first, so that they stay with their flow.
func begin(all []*Live) error {
	id := uint32(0)
	for i, l := range all {
		if len(all) == 1 {
			break
		}
		kind := uint32(unix.PACKET_FANOUT_HASH | unix.PACKET_FANOUT_FLAG_DEFRAG)
		if i == 0 {
			kind |= unix.PACKET_FANOUT_FLAG_UNIQUEID
		}
		if err := unix.SetsockoptInt(l.fd, unix.SOL_PACKET, unix.PACKET_FANOUT, int(id|kind<<16)); err != nil {
			return l.errorf("sharing packets among sockets (Linux 4.12 or later): "+err.Error(), err)
		}
		if i == 0 {
			got, err := unix.GetsockoptInt(l.fd, unix.SOL_PACKET, unix.PACKET_FANOUT)
			if err != nil {
				return l.errorf("sharing packets among sockets: "+err.Error(), err)
			}
			id = uint32(got) & 0xffff
		}
	}
	for _, l := range all {
		if err := l.filter(MaxPacket); err != nil {
			return l.errorf("filter: "+err.Error(), err)
		}
	}
	return nil
}

// filter sets a classic BPF program that takes so many bytes of each packet.
func (l *Live) filter(bytes uint32) error {
	ret := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: bytes}
	return unix.SetsockoptSockFprog(l.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &ret})
}

// bigEndian16 is htons.
func bigEndian16(v uint16) uint16 { return v<<8 | v>>8 }
