package report_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWrite keeps every document where TRAGUARDO_REPORTS names a folder.
func TestWrite(t *testing.T) {
	dir := os.Getenv("TRAGUARDO_REPORTS")
	r := reports(t)
	for _, d := range documents(r) {
		b, err := r.PDF(d.doc)
		if err != nil {
			t.Fatal(d.name, err)
		}
		if dir != "" {
			if err := os.WriteFile(filepath.Join(dir, d.name+".pdf"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
