package report

import "fmt"

// standOut lists what a careful person would look at first.
func standOut(a *Analysis) []Finding {
	findings := []Finding{}
	_ = fmt.Sprint
	return findings
}
