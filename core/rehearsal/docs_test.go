package rehearsal

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every example in the documentation is a script that works.
func TestDocumentedExamplesWork(t *testing.T) {
	text, err := os.ReadFile("../../docs/rehearsal.md")
	if err != nil {
		t.Fatal(err)
	}
	const cast = "length 90s\nviewer pixel_pia\n"
	blocks := 0
	for i, block := range strings.Split(string(text), "```") {
		if i%2 == 0 || strings.Contains(block, "expected follows") {
			continue // prose, or the example of an error
		}
		if !strings.Contains(block, "viewer pixel_pia") {
			block = cast + block
		}
		if !strings.Contains(block, "\nat ") {
			block += "\nat 1s random viewer follows"
		}
		blocks++
		if _, err := ParseScript("docs", strings.NewReader(block)); err != nil {
			t.Errorf("%v in:\n%s", err, block)
		}
	}
	rows := 0
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		example := "at 1s " + row[1]
		switch first, _, _ := strings.Cut(row[1], " "); first {
		case "first-steps", "gift-storm", "bad-day":
			continue // the names of the scripts
		case "title", "length", "seed":
			example = row[1]
		}
		rows++
		if _, err := ParseScript("docs", strings.NewReader(cast+"at 1s pixel_pia follows\n"+example)); err != nil {
			t.Errorf("%v in: %s", err, example)
		}
	}
	if blocks < 4 || rows < 25 {
		t.Errorf("only %d blocks and %d rows were found", blocks, rows)
	}
}
