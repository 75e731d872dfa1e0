package html

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// number writes n with separators.
func number(n int) string { return grouped(uint64(max(n, 0))) }

func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size writes bytes in the unit that fits.
func size(n uint64) string {
	if n < 1000 {
		return fmt.Sprintf("%d bytes", n)
	}
	f := float64(n)
	for _, u := range []string{"kB", "MB", "GB"} {
		if f /= 1000; f < 1000 {
			return fmt.Sprintf("%.1f %s", f, u)
		}
	}
	return fmt.Sprintf("%.1f TB", f/1000)
}

// share is the width of a bar, 1 to 100.
func share(n, most uint64) int {
	if most == 0 {
		return 1
	}
	return max(1, int(100*math.Sqrt(float64(n)/float64(most))))
}

// acronyms are written as such in the names of roles.
var acronyms = map[string]string{
	"plc": "PLC", "rtu": "RTU", "hmi": "HMI", "scada": "SCADA", "opc": "OPC", "io": "I/O", "cnc": "CNC", "ups": "UPS", "nas": "NAS",
}

// label writes the name of a role or class for people: "scada-server" is
// "SCADA server".
func label(s string) string {
	words := strings.Split(s, "-")
	for i, w := range words {
		if a, ok := acronyms[w]; ok {
			words[i] = a
		} else if r := []rune(w); i == 0 && len(r) > 0 {
			r[0] = unicode.ToUpper(r[0])
			words[i] = string(r)
		}
	}
	return strings.Join(words, " ")
}
