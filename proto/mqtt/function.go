package mqtt

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "mqtt"

// functions are the control packet types (MQTT 5.0, 2.1.2), by number.
var functions = func() (t [16]fact.Function) {
	for i, f := range [...]fact.Function{
		connect:     {Name: "connect", Class: fact.Login},
		connack:     {Name: "connect acknowledgement", Class: fact.Login, Reply: true},
		publish:     {Name: "publish", Class: fact.Data},
		puback:      {Name: "publish acknowledgement", Class: fact.Data, Reply: true},
		pubrec:      {Name: "publish received", Class: fact.Data, Reply: true},
		pubrel:      {Name: "publish release", Class: fact.Data},
		pubcomp:     {Name: "publish complete", Class: fact.Data, Reply: true},
		subscribe:   {Name: "subscribe", Class: fact.Read},
		suback:      {Name: "subscribe acknowledgement", Class: fact.Read, Reply: true},
		unsubscribe: {Name: "unsubscribe", Class: fact.Read},
		unsuback:    {Name: "unsubscribe acknowledgement", Class: fact.Read, Reply: true},
		pingreq:     {Name: "ping request", Class: fact.Diagnose},
		pingresp:    {Name: "ping response", Class: fact.Diagnose, Reply: true},
		disconnect:  {Name: "disconnect", Class: fact.Login},
		auth:        {Name: "authentication exchange", Class: fact.Login},
	} {
		f.Protocol, f.Code = name, strconv.Itoa(i)
		t[i] = f
	}
	return t
}()

func allFunctions() []fact.Function {
	fs := append([]fact.Function(nil), functions[1:]...)
	for i := range sparkplugs {
		fs = append(fs, sparkplugs[i].Function)
	}
	return append(fs, controls[:]...)
}

// returns are the return codes of CONNACK in MQTT 3.1 and 3.1.1 (3.2.2.3).
var returns = [...]string{
	1: "unacceptable protocol version", 2: "identifier rejected", 3: "server unavailable",
	4: "bad user name or password", 5: "not authorized",
}

// reasons are the reason codes of MQTT 5.0 (2.4) that mean failure.
var reasons = [256]string{
	0x80: "unspecified error", 0x81: "malformed packet", 0x82: "protocol error",
	0x83: "implementation specific error", 0x84: "unsupported protocol version",
	0x85: "client identifier not valid", 0x86: "bad user name or password", 0x87: "not authorized",
	0x88: "server unavailable", 0x89: "server busy", 0x8a: "banned", 0x8b: "server shutting down",
	0x8c: "bad authentication method", 0x8d: "keep alive timeout", 0x8e: "session taken over",
	0x8f: "topic filter invalid", 0x90: "topic name invalid", 0x91: "packet identifier in use",
	0x92: "packet identifier not found", 0x93: "receive maximum exceeded", 0x94: "topic alias invalid",
	0x95: "packet too large", 0x96: "message rate too high", 0x97: "quota exceeded",
	0x98: "administrative action", 0x99: "payload format invalid", 0x9a: "retain not supported",
	0x9b: "QoS not supported", 0x9c: "use another server", 0x9d: "server moved",
	0x9e: "shared subscriptions not supported", 0x9f: "connection rate exceeded", 0xa0: "maximum connect time",
	0xa1: "subscription identifiers not supported", 0xa2: "wildcard subscriptions not supported",
}

func reason(code uint8) string {
	if s := reasons[code]; s != "" {
		return s
	}
	if int(code) < len(returns) && returns[code] != "" {
		return returns[code]
	}
	return "refused"
}
