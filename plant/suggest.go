package plant

import "strings"

// near suggests the field that was probably meant.
func (d *decoder) near(name string, fields map[string]int) string {
	best, least := "", 3
	for f := range fields {
		if n := distance(strings.ToLower(name), strings.ToLower(f)); n < least || n == least && best != "" && f < best {
			best, least = f, n
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	var names []string
	for f := range orderedBy(fields) {
		names = append(names, f)
	}
	return "known are " + strings.Join(names, ", ")
}

// distance is the number of edits between two words (Levenshtein).
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diag
			if a[i] != b[j] {
				cost++
			}
			diag = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
