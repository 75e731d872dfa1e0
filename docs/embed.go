// Package docs is the handbook. It holds what the program itself hands out of
// it.
package docs

import _ "embed"

// AnalysisSchema is the JSON Schema (2020-12) of the document that
// bulkhead analyze --format json writes.
//
//go:embed analysis.schema.json
var AnalysisSchema []byte
