package dnp3

// shape tells how the data of one object is read.
type shape uint8

const (
	opaque  shape = iota // not read
	packed1              // one bit each, without flags
	packed2              // two bits each
	flagBit              // flags, state in bit 7
	flag2                // flags, state in bits 6 and 7
	u32flag              // flags and value, as the ones below
	u16flag
	u32bare
	u16bare
	i32flag
	i16flag
	i32bare
	i16bare
	f32flag
	f64flag
	f32bare
	crob      // control relay output block
	ao32      // analog output command: value and control status
	ao16      //
	aof32     //
	aof64     //
	time48    // DNP3TIME
	octets    // as many octets as the variation says
	attribute // type, length, value
)

// variation is what is known of one variation of a group.
type variation struct {
	shape shape
	size  int // octets of one object; 0 with opaque: told by a size prefix
	name  string
}

// group is a kind of object (annex A).
type group struct {
	name string
	vars []variation // by number; 0 is "any variation"
}

// The variations that several groups share.
var (
	binaryEvent = []variation{1: {flagBit, 1, ""}, 2: {flagBit, 7, ""}, 3: {flagBit, 3, ""}}
	doubleEvent = []variation{1: {flag2, 1, ""}, 2: {flag2, 7, ""}, 3: {flag2, 3, ""}}
	counterNow  = []variation{
		1: {u32flag, 5, ""}, 2: {u16flag, 3, ""}, 3: {u32flag, 5, ""}, 4: {u16flag, 3, ""},
		5: {u32bare, 4, ""}, 6: {u16bare, 2, ""}, 7: {u32bare, 4, ""}, 8: {u16bare, 2, ""},
	}
	counterFrozen = []variation{
		1: {u32flag, 5, ""}, 2: {u16flag, 3, ""}, 3: {u32flag, 5, ""}, 4: {u16flag, 3, ""},
		5: {u32flag, 11, ""}, 6: {u16flag, 9, ""}, 7: {u32flag, 11, ""}, 8: {u16flag, 9, ""},
		9: {u32bare, 4, ""}, 10: {u16bare, 2, ""}, 11: {u32bare, 4, ""}, 12: {u16bare, 2, ""},
	}
	counterEvent = counterFrozen[:9]
	analogNow    = []variation{
		1: {i32flag, 5, ""}, 2: {i16flag, 3, ""}, 3: {i32bare, 4, ""}, 4: {i16bare, 2, ""},
		5: {f32flag, 5, ""}, 6: {f64flag, 9, ""},
	}
	analogFrozen = []variation{
		1: {i32flag, 5, ""}, 2: {i16flag, 3, ""}, 3: {i32flag, 11, ""}, 4: {i16flag, 9, ""},
		5: {i32bare, 4, ""}, 6: {i16bare, 2, ""}, 7: {f32flag, 5, ""}, 8: {f64flag, 9, ""},
	}
	analogEvent = []variation{
		1: {i32flag, 5, ""}, 2: {i16flag, 3, ""}, 3: {i32flag, 11, ""}, 4: {i16flag, 9, ""},
		5: {f32flag, 5, ""}, 6: {f64flag, 9, ""}, 7: {f32flag, 11, ""}, 8: {f64flag, 15, ""},
	}
	analogOutput = []variation{1: {i32flag, 5, ""}, 2: {i16flag, 3, ""}, 3: {f32flag, 5, ""}, 4: {f64flag, 9, ""}}
	statistic    = []variation{1: {opaque, 7, ""}, 2: {opaque, 13, ""}}
)

// groups are the object groups (annex A).
var groups = [256]group{
	0:  {"device attributes", nil},
	1:  {"binary input", []variation{1: {packed1, 0, ""}, 2: {flagBit, 1, ""}}},
	2:  {"binary input event", binaryEvent},
	3:  {"double-bit binary input", []variation{1: {packed2, 0, ""}, 2: {flag2, 1, ""}}},
	4:  {"double-bit binary input event", doubleEvent},
	10: {"binary output", []variation{1: {packed1, 0, ""}, 2: {flagBit, 1, ""}}},
	11: {"binary output event", binaryEvent[:3]},
	12: {"binary command", []variation{
		1: {crob, 11, "binary command control relay output block"},
		2: {crob, 11, "binary command pattern control block"},
		3: {packed1, 0, "binary command pattern mask"},
	}},
	13: {"binary command event", binaryEvent[:3]},
	20: {"counter", counterNow},
	21: {"frozen counter", counterFrozen},
	22: {"counter event", counterEvent},
	23: {"frozen counter event", counterEvent},
	30: {"analog input", analogNow},
	31: {"frozen analog input", analogFrozen},
	32: {"analog input event", analogEvent},
	33: {"frozen analog input event", analogEvent},
	34: {"analog input reporting deadband", []variation{1: {u16bare, 2, ""}, 2: {u32bare, 4, ""}, 3: {f32bare, 4, ""}}},
	40: {"analog output status", analogOutput},
	41: {"analog output command", []variation{1: {ao32, 5, ""}, 2: {ao16, 3, ""}, 3: {aof32, 5, ""}, 4: {aof64, 9, ""}}},
	42: {"analog output event", analogEvent},
	43: {"analog output command event", analogEvent},
	50: {"time and date", []variation{
		1: {time48, 6, "time and date"}, 2: {time48, 10, "time and date with interval"},
		3: {time48, 6, "time and date at last recorded time"}, 4: {time48, 11, "indexed time and date with long interval"},
	}},
	51:  {"time and date common time-of-occurrence", []variation{1: {time48, 6, ""}, 2: {time48, 6, ""}}},
	52:  {"time delay", []variation{1: {u16bare, 2, "time delay coarse"}, 2: {u16bare, 2, "time delay fine"}}},
	60:  {"class data", []variation{1: {name: "class 0 data"}, 2: {name: "class 1 data"}, 3: {name: "class 2 data"}, 4: {name: "class 3 data"}}},
	70:  {"file control", files},
	80:  {"internal indications", []variation{1: {packed1, 0, ""}}},
	81:  {"device storage", []variation{1: {opaque, 3, ""}}},
	82:  {"device profile", []variation{1: {}}},
	83:  {"data set", []variation{1: {name: "private registration object"}, 2: {name: "private registration object descriptor"}}},
	85:  {"data set prototype", []variation{1: {}}},
	86:  {"data set descriptor", []variation{1: {}, 2: {opaque, 1, ""}, 3: {}}},
	87:  {"data set present value", []variation{1: {}}},
	88:  {"data set snapshot", []variation{1: {}}},
	90:  {"application identifier", []variation{1: {}}},
	91:  {"status of requested operation", []variation{1: {}}},
	101: {"binary-coded decimal", []variation{1: {opaque, 2, ""}, 2: {opaque, 4, ""}, 3: {opaque, 8, ""}}},
	102: {"unsigned integer", []variation{1: {opaque, 1, ""}}},
	110: {"octet string", nil},
	111: {"octet string event", nil},
	112: {"virtual terminal output block", nil},
	113: {"virtual terminal event data", nil},
	120: {"authentication", authentications},
	121: {"security statistic", statistic[:2]},
	122: {"security statistic event", statistic},
}

var files = []variation{
	1: {name: "file identifier"}, 2: {name: "file authentication"}, 3: {name: "file command"},
	4: {name: "file command status"}, 5: {name: "file transport"}, 6: {name: "file transport status"},
	7: {name: "file descriptor"}, 8: {name: "file specification string"},
}

var authentications = []variation{
	1: {name: "authentication challenge"}, 2: {name: "authentication reply"},
	3: {opaque, 6, "authentication aggressive mode request"}, 4: {opaque, 2, "session key status request"},
	5: {name: "session key status"}, 6: {name: "session key change"}, 7: {name: "authentication error"},
	8: {name: "user certificate"}, 9: {name: "message authentication code"}, 10: {name: "user status change"},
	11: {name: "update key change request"}, 12: {name: "update key change reply"}, 13: {name: "update key change"},
	14: {name: "update key change signature"}, 15: {name: "update key change confirmation"},
}

// variationOf is what is known of g and v; the zero variation if nothing is.
func variationOf(g, v uint8) variation {
	switch {
	case g == 0:
		return variation{shape: attribute}
	case g >= 110 && g <= 113:
		return variation{shape: octets, size: int(v)}
	case int(v) < len(groups[g].vars):
		return groups[g].vars[v]
	}
	return variation{}
}

// defined tells whether annex A has the object. Variation 0 asks for any.
func defined(g, v uint8) bool {
	if groups[g].name == "" {
		return false
	}
	return groups[g].vars == nil || int(v) < len(groups[g].vars)
}
