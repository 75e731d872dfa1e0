package http

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "http"

// methods are the request methods in use: RFC 9110 section 9, RFC 5789,
// RFC 4918 section 9, RFC 3253, UPnP Device Architecture 2.0 section 4,
// [MS-RPCH] 2.1.1.
var methods = [...]fact.Function{
	method("GET", fact.Read), method("POST", fact.Write), method("HEAD", fact.Read),
	method("PUT", fact.Write), method("DELETE", fact.Write), method("OPTIONS", fact.Discover),
	method("PATCH", fact.Write), method("CONNECT", fact.Other), method("TRACE", fact.Diagnose),
	method("PROPFIND", fact.Read), method("PROPPATCH", fact.Write), method("MKCOL", fact.Write),
	method("COPY", fact.Write), method("MOVE", fact.Write), method("LOCK", fact.Write), method("UNLOCK", fact.Write),
	method("SEARCH", fact.Read), method("REPORT", fact.Read), method("MKCALENDAR", fact.Write),
	method("SUBSCRIBE", fact.Read), method("UNSUBSCRIBE", fact.Read), method("NOTIFY", fact.Data), method("M-POST", fact.Write),
	method("BITS_POST", fact.Write), method("RPC_IN_DATA", fact.Other), method("RPC_OUT_DATA", fact.Other),
}

func method(m string, class fact.Class) fact.Function {
	return fact.Function{Protocol: name, Code: m, Name: m, Class: class}
}

var (
	otherMethod = fact.Function{Protocol: name, Code: "other method", Name: "method of no known specification", Class: fact.Other}
	unasked     = fact.Function{Protocol: name, Code: "response", Name: "response to a request that was not seen", Class: fact.Other}
)

func methodOf(b []byte) *fact.Function {
	for i := range methods {
		if methods[i].Code == string(b) {
			return &methods[i]
		}
	}
	return &otherMethod
}

func allFunctions() []fact.Function {
	return append(append([]fact.Function(nil), methods[:]...), otherMethod, unasked)
}

// reasons are the status codes that report failure: RFC 9110 section 15, RFC
// 4918 section 11, RFC 6585.
var reasons = func() (t [600]string) {
	for i := range t {
		switch {
		case i >= 500:
			t[i] = fmt.Sprintf("%d server error", i)
		case i >= 400:
			t[i] = fmt.Sprintf("%d client error", i)
		}
	}
	for code, text := range map[int]string{
		400: "bad request", 401: "unauthorized", 403: "forbidden", 404: "not found", 405: "method not allowed",
		406: "not acceptable", 407: "proxy authentication required", 408: "request timeout", 409: "conflict", 410: "gone",
		411: "length required", 412: "precondition failed", 413: "content too large", 414: "URI too long",
		415: "unsupported media type", 416: "range not satisfiable", 417: "expectation failed", 421: "misdirected request",
		422: "unprocessable content", 423: "locked", 424: "failed dependency", 426: "upgrade required", 428: "precondition required",
		429: "too many requests", 431: "request header fields too large", 500: "internal server error", 501: "not implemented",
		502: "bad gateway", 503: "service unavailable", 504: "gateway timeout", 505: "HTTP version not supported", 507: "insufficient storage",
	} {
		t[code] = fmt.Sprintf("%d %s", code, text)
	}
	return t
}()

var versions = [10]string{
	"HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/1.3", "HTTP/1.4", "HTTP/1.5", "HTTP/1.6", "HTTP/1.7", "HTTP/1.8", "HTTP/1.9",
}
