package telnet

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "telnet"

// commands are the command bytes of RFC 854 and RFC 855.
var commands = func() (t [256]fact.Function) {
	known := map[int]string{
		240: "se", 241: "nop", 242: "data mark", 243: "break", 244: "interrupt process", 245: "abort output", 246: "are you there",
		247: "erase character", 248: "erase line", 249: "go ahead", 250: "subnegotiation", 251: "will", 252: "won't", 253: "do", 254: "don't",
	}
	for i := range t {
		n := known[i]
		if n == "" {
			n = fmt.Sprintf("command %d", i)
		}
		t[i] = fact.Function{Protocol: name, Code: fmt.Sprint(i), Name: n, Class: fact.Other}
	}
	return t
}()

// What the text shows; Telnet has no codes for it.
var (
	userName = fact.Function{Protocol: name, Code: "user", Name: "user name typed", Class: fact.Login}
	login    = fact.Function{Protocol: name, Code: "login", Name: "password typed", Class: fact.Login}
	input    = fact.Function{Protocol: name, Code: "line", Name: "line typed", Class: fact.Other}
)

func allFunctions() []fact.Function {
	return append(append([]fact.Function(nil), commands[se:iac]...), userName, login, input)
}
