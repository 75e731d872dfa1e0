// Package sheet reads texts of requirements from an XLSX workbook. It is apart
// from the catalogues, which need no library.
package sheet

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/bulkhead-ot/bulkhead/standard"
)

// maxUnzipped bounds what a workbook may unpack to.
const maxUnzipped = 64 << 20

// Texts reads the first sheet; its first row names the columns id, title and
// text.
func Texts(r io.Reader) ([]standard.Text, error) {
	f, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return nil, fmt.Errorf("not an XLSX workbook: %w", err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("the workbook has no sheet")
	}
	rows, err := f.GetRows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", sheets[0], err)
	}
	return standard.TextsFromRows(rows)
}
