// Package ftpdata stands for the data connections of FTP (RFC 959, 3.2), which
// have no form of their own: the control connection announces them.
package ftpdata

import "github.com/bulkhead-ot/bulkhead/proto"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:      "ftp-data",
	Title:     "FTP data connection",
	About:     "Carries the files and listings that an FTP session asks for: programs, recipes, firmware. The control connection tells which.",
	Spec:      "RFC 959 (October 1985), section 3.2",
	Limit:     "Contents are counted, not read.",
	Depth:     proto.Recognised,
	On:        []proto.On{{Carrier: proto.TCP, Numbers: []uint32{20}}},
	Recognise: func([]byte, proto.Hint) proto.Verdict { return proto.No },
	New:       func() proto.Session { return session{} },
}

type session struct{}

func (session) Parse(c *proto.Context, b []byte) (int, error) { return c.Pass(len(b)) }
func (session) Gap(proto.Dir)                                 {}
func (session) Reset()                                        {}
