package stats

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/store"
)

func TestNamesDoNotRunInASpreadsheet(t *testing.T) {
	for name, want := range map[string]string{
		`=HYPERLINK("http://evil.example","click")`: `'=HYPERLINK("http://evil.example","click")`,
		"+1":               "'+1",
		"-2+3":             "'-2+3",
		"@SUM(A1)":         "'@SUM(A1)",
		"\t=1+1":           "' =1+1",
		"\r\n=1+1":         "'  =1+1",
		" \u200b\u00a0=1":  "' \u200b\u00a0=1",
		"＝1+1":             "'＝1+1",
		"|calc":            "'|calc",
		"'=1":              "''=1",
		"pixel_pia":        "pixel_pia",
		"Pia, \"the\" one": "Pia, \"the\" one",
		"a=b":              "a=b",
		"-5":               "-5",
		"":                 "",
		"🌹":                "🌹",
		"a\nb\x00c\xff":    "a b c ",
	} {
		if got := harmless(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

func TestTablesCanBeReadBack(t *testing.T) {
	at := time.Date(2026, 3, 14, 20, 0, 0, 0, time.UTC)
	hostile := "=cmd|'/C calc'!A1,\"x\"\n;"
	v := store.ViewerTotal{Source: "tiktok", Account: "1", Handle: hostile, Nickname: "ü", Coins: 5, Gifts: 2}
	st := Statistics{
		Step: 5 * time.Minute, Points: []store.Slot{{Start: at, Counts: store.Counts{Coins: 7}, Viewers: 9}},
		ByCoins: []store.ViewerTotal{v}, ByGifts: []store.ViewerTotal{v}, ByLikes: []store.ViewerTotal{{Account: "2", Likes: 4}},
		Gifts: []store.GiftTotal{{ID: 5655, Name: "Rose", Gifts: 2, Coins: 2}},
		Rules: []store.RuleTotal{{ID: "r", Name: "Roses", Fired: 3, Done: 2, Rejected: 1, Median: 1500 * time.Microsecond, P95: 2 * time.Second}},
	}
	for table, want := range map[Table][][]string{
		TableTime:    {{"time", "step_minutes", "coins"}, {"2026-03-14 20:00:00", "5", "7"}},
		TableViewers: {{"viewer", "nickname"}, {`'=cmd|'/C calc'!A1,"x" ;`, "ü"}, {"", "", "2"}},
		TableGifts:   {{"gift"}, {"Rose", "5655", "2", "2"}},
		TableRules:   {{"rule"}, {"Roses", "r", "3", "2", "1", "0", "0", "0", "0", "1.500", "2000.000"}},
	} {
		checkTable(t, string(table), want, func(c CSV, out *bytes.Buffer) error { return c.Write(out, table, st) })
	}
	checkTable(t, "sessions", [][]string{{"session", "title"}, {"3", "'-Title", "testy_tom", "2026-03-14 20:00:00", "", "90", "8"}},
		func(c CSV, out *bytes.Buffer) error {
			return c.WriteSessions(out, []store.Session{{
				ID: 3, Title: "-Title", Handle: "testy_tom", Begun: at, Last: at.Add(90 * time.Minute),
				Total: store.Slot{Counts: store.Counts{Coins: 8}},
			}})
		})
	if err := (CSV{}).Write(&bytes.Buffer{}, "others", st); !errors.Is(err, ErrNoTable) {
		t.Error(err)
	}
}

func TestSemicolonsPartColumnsWhereACommaIsTheDecimalSign(t *testing.T) {
	st := Statistics{Rules: []store.RuleTotal{{ID: "r", Name: "a; b, c", Fired: 3, Median: 1500 * time.Microsecond}}}
	var out bytes.Buffer
	if err := (CSV{ForExcel: true, Semicolon: true}).Write(&out, TableRules, st); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "rule;id;fired;") || !strings.Contains(out.String(), `"a; b, c";r;3;0;0;0;0;0;0;1,500;0,000`) {
		t.Errorf("%q", out.String())
	}
}

// checkTable compares the beginnings of rows.
func checkTable(t *testing.T, name string, want [][]string, write func(CSV, *bytes.Buffer) error) {
	t.Helper()
	for _, forExcel := range []bool{false, true} {
		var out bytes.Buffer
		if err := write(CSV{ForExcel: forExcel, Zone: time.UTC}, &out); err != nil {
			t.Fatal(err)
		}
		text, hasMark := strings.CutPrefix(out.String(), "\uFEFF")
		if hasMark != forExcel || !strings.HasSuffix(text, "\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
			t.Errorf("%s: %q", name, out.String())
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) != len(want) {
			t.Fatalf("%s: %d rows: %v", name, len(rows), err)
		}
		for i, row := range want {
			for j, cell := range row {
				if rows[i][j] != cell {
					t.Errorf("%s: row %d has %q in column %d, want %q", name, i, rows[i][j], j, cell)
				}
			}
		}
	}
}
