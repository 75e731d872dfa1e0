package enip

import "github.com/bulkhead-ot/bulkhead/fact"

// act is what a common service does, to be made a class by the group of the
// object; or a class of its own.
type act uint8

const (
	acts act = iota // the class given in service
	reads
	writes
	shapes // makes, deletes, applies
)

type service struct {
	name  string
	act   act
	class fact.Class
}

// Services with a rule of their own in the decoder.
const (
	replyBit         = 0x80
	getAttributesAll = 0x01
	getAttributeList = 0x03
	setAttributeList = 0x04
	multipleService  = 0x0a
	getAttribute     = 0x0e
	setAttribute     = 0x10
	readTag          = 0x4c
	writeTag         = 0x4d
	modifyTag        = 0x4e
	readFragment     = 0x52
	writeFragment    = 0x53
	listSymbols      = 0x55
	executePCCC      = 0x4b // class 0x67
	forwardClose     = 0x4e // class 0x06, as the next three
	unconnectedSend  = 0x52
	forwardOpen      = 0x54
	largeForwardOpen = 0x5b
)

// common are the services of Vol. 1, appendix A.
var common = [0x20]service{
	0x01: {"get attributes all", reads, 0},
	0x02: {"set attributes all", writes, 0},
	0x03: {"get attribute list", reads, 0},
	0x04: {"set attribute list", writes, 0},
	0x05: {"reset", acts, fact.Control},
	0x06: {"start", acts, fact.Control},
	0x07: {"stop", acts, fact.Control},
	0x08: {"create", shapes, 0},
	0x09: {"delete", shapes, 0},
	0x0a: {"multiple service packet", acts, fact.Other},
	0x0d: {"apply attributes", shapes, 0},
	0x0e: {"get attribute single", reads, 0},
	0x10: {"set attribute single", writes, 0},
	0x11: {"find next object instance", acts, fact.Discover},
	0x14: {"error response", acts, fact.Diagnose},
	0x15: {"restore", shapes, 0},
	0x16: {"save", shapes, 0},
	0x17: {"no operation", acts, fact.Diagnose},
	0x18: {"get member", reads, 0},
	0x19: {"set member", writes, 0},
	0x1a: {"insert member", writes, 0},
	0x1b: {"remove member", writes, 0},
	0x1c: {"group sync", acts, fact.Other},
}

// own are the services that a class defines for itself, by class<<8 | service.
var own = map[uint32]service{
	// Connection manager (Vol. 1, 3-5.5).
	0x064e: {"forward close", acts, fact.Login},
	0x0652: {"unconnected send", acts, fact.Other},
	0x0654: {"forward open", acts, fact.Login},
	0x0656: {"get connection data", acts, fact.Diagnose},
	0x0657: {"search connection data", acts, fact.Diagnose},
	0x065a: {"get connection owner", acts, fact.Diagnose},
	0x065b: {"large forward open", acts, fact.Login},
	// File (Vol. 1, 5-42): firmware and electronic data sheets.
	0x374b: {"initiate upload", acts, fact.Read},
	0x374c: {"initiate download", acts, fact.Firmware},
	0x374d: {"initiate partial read", acts, fact.Read},
	0x374e: {"initiate partial write", acts, fact.Firmware},
	0x374f: {"upload transfer", acts, fact.Read},
	0x3750: {"download transfer", acts, fact.Firmware},
	0x3751: {"clear file", acts, fact.Firmware},
	// Safety supervisor (Vol. 5).
	0x394c: {"recover", acts, fact.Control},
	0x394e: {"perform diagnostics", acts, fact.Diagnose},
	0x394f: {"configure request", acts, fact.Configure},
	0x3950: {"validate configuration", acts, fact.Configure},
	0x3951: {"set password", acts, fact.Configure},
	0x3952: {"configuration lock/unlock", acts, fact.Configure},
	0x3953: {"mode change", acts, fact.Control},
	0x3954: {"safety reset", acts, fact.Control},
	0x3955: {"reset password", acts, fact.Configure},
	0x3956: {"propose tunid", acts, fact.Configure},
	0x3957: {"apply tunid", acts, fact.Configure},
	0x3958: {"propose tunid list", acts, fact.Configure},
	0x3959: {"apply tunid list", acts, fact.Configure},
	// Motion device axis (Vol. 9).
	0x424b: {"get axis attributes list", acts, fact.Read},
	0x424c: {"set axis attributes list", acts, fact.Configure},
	0x424d: {"set cyclic write list", acts, fact.Configure},
	0x424e: {"set cyclic read list", acts, fact.Configure},
	0x424f: {"run motor test", acts, fact.Control},
	0x4250: {"get motor test data", acts, fact.Read},
	0x4251: {"run inertia test", acts, fact.Control},
	0x4252: {"get inertia test data", acts, fact.Read},
	0x4253: {"run hookup test", acts, fact.Control},
	0x4254: {"get hookup test data", acts, fact.Read},
	// Modbus (Vol. 7).
	0x444b: {"read discrete inputs", acts, fact.Read},
	0x444c: {"read coils", acts, fact.Read},
	0x444d: {"read input registers", acts, fact.Read},
	0x444e: {"read holding registers", acts, fact.Read},
	0x444f: {"write coils", acts, fact.Write},
	0x4450: {"write holding registers", acts, fact.Write},
	0x4451: {"modbus passthrough", acts, fact.Other},
	// Links (Vol. 2, 5-4 to 5-6).
	0x474b: {"verify fault location", acts, fact.Diagnose},
	0x474c: {"clear rapid faults", acts, fact.Diagnose},
	0x474d: {"restart sign on", acts, fact.Diagnose},
	0xf54c: {"get and clear", acts, fact.Diagnose},
	0xf64c: {"get and clear", acts, fact.Diagnose},
	// PCCC: the class is in the command inside.
	0x674b: {"execute pccc", acts, fact.Other},
	// Logix data access (1756-PM020).
	0x6b4c: {"read tag", acts, fact.Read},
	0x6b4d: {"write tag", acts, fact.Write},
	0x6b4e: {"read modify write tag", acts, fact.Write},
	0x6b52: {"read tag fragmented", acts, fact.Read},
	0x6b53: {"write tag fragmented", acts, fact.Write},
	0x6b55: {"get instance attribute list", acts, fact.Discover},
	0x6c4c: {"read template", acts, fact.Discover},
	// Logix vendor services, as seen in uploads, downloads, firmware updates
	// and tag list reads of known content.
	0x6a4f: {"upload program data", acts, fact.Program},
	0x6a50: {"download program data", acts, fact.Program},
	0x6d4c: {"upload routine", acts, fact.Program},
	0x724c: {"read data table", acts, fact.Read},
	0x744b: {"acquire edit lock", acts, fact.Login},
	0x744c: {"release edit lock", acts, fact.Login},
	0xa14b: {"begin firmware update", acts, fact.Firmware},
	0xa14d: {"transfer firmware", acts, fact.Firmware},
	0xa151: {"authorise firmware update", acts, fact.Firmware},
	0xb24c: {"read tag list", acts, fact.Read},
	0xb24e: {"add to tag list", acts, fact.Other},
}

// listsInstances tells the classes of Logix controllers where service 0x4b answers
// with the list of instances.
func listsInstances(class uint16) bool {
	switch class {
	case 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x70, 0x7e, 0x8c, 0x8d, 0xb0, 0xb1:
		return true
	}
	return false
}

// meaning is the name and class of a service of an object.
func meaning(cls uint16, code uint8) (string, fact.Class) {
	if s, ok := own[uint32(cls)<<8|uint32(code)]; ok {
		return s.name, s.class
	}
	g := classes[cls].group
	if int(code) < len(common) && common[code].name != "" {
		s := common[code]
		switch s.act {
		case reads:
			return s.name, effects[g].read
		case writes:
			return s.name, effects[g].write
		case shapes:
			return s.name, effects[g].shape
		}
		if s.class == fact.Control && (g == reader || cls == 0x05) {
			return s.name, fact.Other // the client's own list or connection
		}
		return s.name, s.class
	}
	if code == 0x4b && listsInstances(cls) {
		return "list instances", fact.Discover
	}
	if cls >= 0x5d && cls <= 0x62 && code >= 0x4b {
		return "", fact.Configure // the services of CIP Security all change it
	}
	return "", fact.Other
}
