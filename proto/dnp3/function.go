package dnp3

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const name = "dnp3"

// Function codes of the application layer (4.2.2.5) that the dissector tells apart.
const (
	fcConfirm     = 0
	fcRead        = 1
	fcWrite       = 2
	fcSelect      = 3
	fcDirectNR    = 6
	fcFreezeTime  = 11
	fcFreezeTimeN = 12
	fcOpenFile    = 25
	fcAuth        = 32
	fcAuthNR      = 33
	fcResponse    = 129
	fcUnsolicited = 130
	fcAuthAnswer  = 131
)

// functions are the function codes without regard to objects.
var functions = func() (t [256]fact.Function) {
	for _, f := range []struct {
		code  int
		name  string
		class fact.Class
	}{
		{0, "confirm", fact.Other},
		{1, "read", fact.Read},
		{2, "write", fact.Write},
		{3, "select", fact.Control},
		{4, "operate", fact.Control},
		{5, "direct operate", fact.Control},
		{6, "direct operate, no response", fact.Control},
		{7, "immediate freeze", fact.Write},
		{8, "immediate freeze, no response", fact.Write},
		{9, "freeze and clear", fact.Control},
		{10, "freeze and clear, no response", fact.Control},
		{11, "freeze at time", fact.Configure},
		{12, "freeze at time, no response", fact.Configure},
		{13, "cold restart", fact.Control},
		{14, "warm restart", fact.Control},
		{15, "initialize data", fact.Control},
		{16, "initialize application", fact.Control},
		{17, "start application", fact.Control},
		{18, "stop application", fact.Control},
		{19, "save configuration", fact.Configure},
		{20, "enable unsolicited responses", fact.Configure},
		{21, "disable unsolicited responses", fact.Configure},
		{22, "assign class", fact.Configure},
		{23, "delay measurement", fact.Diagnose},
		{24, "record current time", fact.Configure},
		{25, "open file", fact.Read},
		{26, "close file", fact.Other},
		{27, "delete file", fact.Program},
		{28, "get file information", fact.Discover},
		{29, "authenticate file", fact.Login},
		{30, "abort file transfer", fact.Other},
		{31, "activate configuration", fact.Configure},
		{32, "authentication request", fact.Login},
		{33, "authentication request, no acknowledgement", fact.Login},
		{129, "response", fact.Other},
		{130, "unsolicited response", fact.Data},
		{131, "authentication response", fact.Login},
	} {
		t[f.code] = fact.Function{Name: f.name, Class: f.class}
	}
	for code := range t {
		f := &t[code]
		f.Protocol, f.Code = name, strconv.Itoa(code)
		f.Reply = code == fcResponse || code == fcAuthAnswer
		if f.Name == "" {
			f.Name = "function " + f.Code
		}
	}
	return t
}()

// fileWrite marks the function that opens a file for writing or appending.
const fileWrite = 1

var space = proto.KeySpace(name)

// functionOf is the function for a code and the object that it acts on.
func functionOf(c *proto.Context, fc uint8, o *objectHeader, extra uint8) *fact.Function {
	if o == nil {
		return &functions[fc]
	}
	g, v := o.group, o.variation
	switch {
	case g >= 110 && g <= 113 || g == 0:
		v = 0 // the variation is a length or the number of an attribute
	case !o.known:
		g, v = unknownGroup, 0
	}
	return c.Func(space|uint64(fc)<<24|uint64(g)<<16|uint64(v)<<8|uint64(extra), build)
}

// unknownGroup stands for all objects that are not defined, so that a sender
// cannot fill the table of functions.
const unknownGroup = 254

func build(key uint64) fact.Function {
	fc, g, v, extra := uint8(key>>24), uint8(key>>16), uint8(key>>8), uint8(key)
	f := functions[fc]
	f.Class = classOf(fc, g, extra)
	f.Object = objectName(g, v)
	return f
}

// classOf is the class of a function with an object of group g.
func classOf(fc, g, extra uint8) fact.Class {
	switch fc {
	case fcRead:
		if g == 0 {
			return fact.Discover
		}
	case fcWrite:
		switch g {
		case 80: // clears the restart indication
			return fact.Diagnose
		case 70:
			return fact.Program
		case 0, 34, 50, 85, 86, 112:
			return fact.Configure
		case 120:
			return fact.Login
		}
	case fcOpenFile:
		if extra == fileWrite {
			return fact.Program
		}
	case fcResponse:
		switch {
		case g == 0:
			return fact.Discover
		case g == 12 || g == 41:
			return fact.Control
		case g >= 1 && g <= 42, g == 70, g == 110, g == 111:
			return fact.Read
		case g == 120:
			return fact.Login
		}
	case fcUnsolicited:
		if g == 120 {
			return fact.Login
		}
	}
	return functions[fc].Class
}

func objectName(g, v uint8) string {
	if g == unknownGroup {
		return "unknown object"
	}
	s := "g" + strconv.Itoa(int(g))
	if g != 0 && (g < 110 || g > 113) {
		s += "v" + strconv.Itoa(int(v))
	}
	info := variationOf(g, v)
	if info.name != "" {
		return s + " " + info.name
	}
	return s + " " + groups[g].name
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for _, f := range functions {
		if f.Name != "function "+f.Code {
			fs = append(fs, f)
		}
	}
	for _, t := range [][16]*fact.Function{primary, secondary} {
		for _, f := range t {
			if f != nil {
				fs = append(fs, *f)
			}
		}
	}
	return fs
}

// statuses of a control (annex A, control status codes).
var statuses = func() (t [128]string) {
	for i := range t {
		t[i] = "control status reserved"
	}
	copy(t[:], []string{
		"", "timeout", "no select", "format error", "not supported", "already active",
		"hardware error", "local", "too many operations", "not authorized", "automation inhibit",
		"processing limited", "out of range",
	})
	t[126], t[127] = "non participating", "undefined"
	return t
}()
