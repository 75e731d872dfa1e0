package ftp

import (
	"bytes"
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "ftp"

func verb(code, title string, class fact.Class) fact.Function {
	return fact.Function{Protocol: name, Code: code, Name: title, Class: class}
}

// verbs are the commands (RFC 959, 4.1 and the extensions that IANA lists).
var verbs = [...]fact.Function{
	verb("USER", "user name", fact.Login), verb("PASS", "password", fact.Login), verb("ACCT", "account", fact.Login),
	verb("REIN", "reinitialize", fact.Login), verb("QUIT", "logout", fact.Login), verb("AUTH", "authentication mechanism", fact.Login),
	verb("ADAT", "authentication data", fact.Login), verb("PBSZ", "protection buffer size", fact.Login), verb("PROT", "data channel protection", fact.Login),
	verb("CCC", "clear command channel", fact.Login), verb("RETR", "retrieve", fact.Read), verb("STOR", "store", fact.Write),
	verb("STOU", "store unique", fact.Write), verb("APPE", "append", fact.Write), verb("DELE", "delete", fact.Write),
	verb("RMD", "remove directory", fact.Write), verb("XRMD", "remove directory", fact.Write), verb("MKD", "make directory", fact.Write),
	verb("XMKD", "make directory", fact.Write), verb("RNFR", "rename from", fact.Write), verb("RNTO", "rename to", fact.Write),
	verb("ALLO", "allocate", fact.Other), verb("MFMT", "modify fact: modification time", fact.Write), verb("LIST", "list", fact.Read),
	verb("NLST", "name list", fact.Read), verb("MLSD", "list directory", fact.Read), verb("MLST", "list object", fact.Read),
	verb("SIZE", "size", fact.Read), verb("MDTM", "modification time", fact.Read), verb("CWD", "change working directory", fact.Other),
	verb("XCWD", "change working directory", fact.Other), verb("CDUP", "change to parent directory", fact.Other), verb("XCUP", "change to parent directory", fact.Other),
	verb("PWD", "print working directory", fact.Read), verb("XPWD", "print working directory", fact.Read), verb("SMNT", "structure mount", fact.Other),
	verb("PORT", "data port", fact.Other), verb("PASV", "passive", fact.Other), verb("EPRT", "extended port", fact.Other),
	verb("EPSV", "extended passive", fact.Other), verb("TYPE", "representation type", fact.Other), verb("STRU", "file structure", fact.Other),
	verb("MODE", "transfer mode", fact.Other), verb("REST", "restart", fact.Other), verb("ABOR", "abort", fact.Other),
	verb("SITE", "site parameters", fact.Configure), verb("SYST", "system", fact.Discover), verb("STAT", "status", fact.Diagnose),
	verb("HELP", "help", fact.Diagnose), verb("NOOP", "noop", fact.Diagnose), verb("FEAT", "feature negotiation", fact.Discover),
	verb("OPTS", "options", fact.Other), verb("LANG", "language", fact.Other), verb("CLNT", "client", fact.Other), verb("HOST", "virtual host", fact.Other),
}

var (
	otherVerb = verb("other command", "command of no known specification", fact.Other)
	unasked   = verb("reply", "reply to a command that was not seen", fact.Other)
	greeting  = verb("220", "service ready", fact.Login)
)

func allFunctions() []fact.Function {
	return append(append([]fact.Function(nil), verbs[:]...), otherVerb, unasked, greeting)
}

// command parts verb and argument; verbs are written in any case.
func command(line []byte) (*fact.Function, []byte) {
	v, arg, _ := bytes.Cut(line, []byte(" "))
	if len(v) < 3 || len(v) > 4 {
		return &otherVerb, nil
	}
	for i := range verbs {
		code := verbs[i].Code
		if len(code) != len(v) {
			continue
		}
		same := true
		for j := range len(v) {
			same = same && v[j]&^0x20 == code[j]
		}
		if same {
			return &verbs[i], bytes.TrimSpace(arg)
		}
	}
	return &otherVerb, nil
}

// refusals are the replies that report failure (RFC 959, 4.2.2; RFC 2228, 5.1).
var refusals = func() (t [200]string) {
	known := map[int]string{
		421: "service not available", 425: "can't open data connection", 426: "transfer aborted", 430: "invalid user name or password",
		431: "need some unavailable resource", 450: "file unavailable", 451: "local error in processing", 452: "insufficient storage space",
		500: "command unrecognized", 501: "syntax error in parameters", 502: "command not implemented", 503: "bad sequence of commands",
		504: "parameter not implemented", 530: "not logged in", 532: "need account for storing files", 533: "protection level denied",
		534: "request denied for policy reasons", 535: "failed security check", 550: "file unavailable", 551: "page type unknown",
		552: "exceeded storage allocation", 553: "file name not allowed",
	}
	for i := range t {
		if t[i] = known[400+i]; t[i] == "" {
			t[i] = "refused"
		}
		t[i] = fmt.Sprintf("%d %s", 400+i, t[i])
	}
	return t
}()
