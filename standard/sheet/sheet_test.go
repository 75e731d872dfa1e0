package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestTexts(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "ID", "B1": "Text", "A2": "SR 1.1", "B2": "own words", "A4": "SR 1.2", "B4": "more"} {
		if err := f.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	texts, err := Texts(&b)
	if err != nil || len(texts) != 2 || texts[1].ID != "SR 1.2" || texts[0].Body != "own words" {
		t.Errorf("%v %v", texts, err)
	}
	if _, err := Texts(strings.NewReader("PK nothing")); err == nil {
		t.Error("took what is no workbook")
	}
}
