package pnrt

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

var keys = proto.KeySpace(name)

// Keys of frames: frame id, then what an alarm is in bits 16 to 31.
func buildFrame(key uint64) fact.Function {
	id := uint16(key)
	kind, label := kindOf(id)
	f := fact.Function{Protocol: name, Code: fmt.Sprintf("0x%04x", id), Name: label, Class: fact.Other}
	switch kind {
	case cyclic:
		f.Class = fact.Data
	case ptcp:
		f.Protocol = namePTCP
	case alarm:
		f.Class = fact.Diagnose
		what := uint16(key >> 16)
		f.Object = alarmText(what&^alarmAck, what&alarmAck != 0)
	}
	return f
}

// alarmTypes are the alarm types of 5.2.8.
var alarmTypes = map[uint16]string{
	0x01: "diagnosis", 0x02: "process", 0x03: "pull", 0x04: "plug", 0x05: "status", 0x06: "update",
	0x07: "media redundancy", 0x08: "controlled by supervisor", 0x09: "released", 0x0a: "plug wrong submodule",
	0x0b: "return of submodule", 0x0c: "diagnosis disappears", 0x0d: "multicast communication mismatch",
	0x0e: "port data change", 0x0f: "sync data changed", 0x10: "isochronous mode problem",
	0x11: "network component problem", 0x12: "time data changed", 0x13: "dynamic frame packing problem",
	0x14: "MRPD problem", 0x15: "multiple interface mismatch", 0x1e: "upload and retrieval", 0x1f: "pull module",
	alarmTransport: "transport acknowledgement", alarmNack: "transport refusal", alarmError: "error",
}

// What an alarm frame is, besides the alarm types.
const (
	alarmTransport = 0x7001
	alarmNack      = 0x7002
	alarmError     = 0x7003
	alarmAck       = 0x8000
)

func alarmText(what uint16, ack bool) string {
	s := alarmTypes[what]
	if s == "" {
		s = fmt.Sprintf("alarm type 0x%04x", what)
	}
	if ack {
		s += " acknowledged"
	}
	return s
}

// DCP services, 4.3.1.3.
const (
	serviceGet      = 3
	serviceSet      = 4
	serviceIdentify = 5
	serviceHello    = 6
)

// Options of DCP and what setting their suboptions does, 4.3.1.4.
var suboptions = map[uint16]struct {
	label string
	set   fact.Class
}{
	0x0101: {"MAC address", fact.Configure},
	0x0102: {"IP parameter", fact.Configure},
	0x0103: {"full IP suite", fact.Configure},
	0x0201: {"device vendor", fact.Configure},
	0x0202: {"name of station", fact.Configure},
	0x0203: {"device id", fact.Configure},
	0x0204: {"device role", fact.Configure},
	0x0205: {"device options", fact.Configure},
	0x0206: {"alias name", fact.Configure},
	0x0207: {"device instance", fact.Configure},
	0x0208: {"OEM device id", fact.Configure},
	0x0209: {"standard gateway", fact.Configure},
	0x020a: {"RSI properties", fact.Configure},
	0x0501: {"start transaction", fact.Configure},
	0x0502: {"end transaction", fact.Configure},
	0x0503: {"signal LED (flash)", fact.Diagnose},
	0x0504: {"response", fact.Other},
	0x0505: {"factory reset", fact.Control},
	0x0506: {"reset to factory", fact.Control},
	0x0601: {"device initiative", fact.Configure},
	0xffff: {"all", fact.Other},
}

func suboptionText(key uint16) string {
	if s, ok := suboptions[key]; ok {
		return s.label
	}
	switch option := key >> 8; {
	case option == 3:
		return "DHCP option " + strconv.Itoa(int(key&0xff))
	case option >= 0x80 && option <= 0xfe:
		return "maker's option"
	}
	return fmt.Sprintf("option 0x%04x", key)
}

// variantDCP sets the keys of DCP services apart: service in bits 16 to 23,
// option and suboption below.
const variantDCP = 1 << 40

func dcpFunction(c *proto.Context, service uint8, option uint16) *fact.Function {
	return c.Func(keys|variantDCP|uint64(service)<<16|uint64(option), buildDCP)
}

func buildDCP(key uint64) fact.Function {
	service, option := uint8(key>>16), uint16(key)
	f := fact.Function{Protocol: nameDCP, Code: strconv.Itoa(int(service)), Class: fact.Discover}
	if option != 0 {
		f.Object = suboptionText(option)
	}
	switch service {
	case serviceGet:
		f.Name = "get"
		f.Class = fact.Read
	case serviceSet:
		f.Name = "set"
		f.Class = fact.Configure
		if s, ok := suboptions[option]; ok && s.set != fact.Other {
			f.Class = s.set
		}
	case serviceIdentify:
		f.Name = "identify"
	case serviceHello:
		f.Name = "hello"
	}
	return f
}

func knownFunctions() (fs []fact.Function) {
	for _, service := range []uint64{serviceGet, serviceIdentify, serviceHello} {
		fs = append(fs, buildDCP(service<<16))
	}
	for option := range 0x10000 {
		if s, ok := suboptions[uint16(option)]; ok && s.set != fact.Other {
			fs = append(fs, buildDCP(serviceSet<<16|uint64(option)))
		}
	}
	for _, r := range ranges {
		if r.kind == dcpFrame {
			continue
		}
		f := buildFrame(uint64(r.first))
		if r.kind == alarm {
			f.Object = ""
		}
		fs = append(fs, f)
	}
	return fs
}
