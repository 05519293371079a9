package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

var _ rule.Gifts = (*Catalog)(nil)

const table = "id,name,diamonds\n5655,Rose,1\n6064,GG,1\n9,Galaxy,1000\n8,\"Galaxy \",1000\n7,Lion,29999\n"

func open(t *testing.T, path string) *Catalog {
	t.Helper()
	c, err := Open(path, []byte(table))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ids(gifts []event.GiftInfo) []int64 {
	var ids []int64
	for _, g := range gifts {
		ids = append(ids, g.ID)
	}
	return ids
}

func TestLookUp(t *testing.T) {
	c := open(t, "")
	if got, want := ids(c.List()), []int64{6064, 5655, 8, 9, 7}; !slices.Equal(got, want) {
		t.Errorf("List: %v, want %v: by price, then name", got, want)
	}
	if g, ok := c.Find(5655); !ok || g.Name != "Rose" || g.Coins != 1 {
		t.Errorf("Find: %+v, %v", g, ok)
	}
	if _, ok := c.Find(1); ok {
		t.Error("a gift was made up")
	}
	if got := ids(c.FindName(" gaLAXY ")); !slices.Equal(got, []int64{8, 9}) {
		t.Errorf("FindName: %v, want both", got)
	}
	if got := c.FindName("Unicorn"); len(got) != 0 {
		t.Errorf("FindName: %v", got)
	}
	c.List()[0].Name = "changed"
	if c.List()[0].Name != "GG" {
		t.Error("a caller can change the catalogue")
	}
}

func TestShippedTable(t *testing.T) {
	c, err := Open("", assets.GiftsCSV)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range c.List() {
		if g.ID <= 0 || g.Name == "" || g.Coins <= 0 {
			t.Errorf("a poor row: %+v", g)
		}
	}
	if g, ok := c.Find(5655); !ok || g.Name != "Rose" || len(c.List()) < 100 {
		t.Errorf("%d gifts, and 5655 is %+v", len(c.List()), g)
	}
}

func TestMalformedTable(t *testing.T) {
	for _, text := range []string{"id,name\n1,a\n", "id,name,diamonds\nx,a,1\n", "id,name,diamonds\n1,a,x\n", "id,name,diamonds\n1,\"a,1\n"} {
		if _, err := Open("", []byte(text)); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
	if c, err := Open("", nil); err != nil || len(c.List()) != 0 {
		t.Errorf("an empty table: %v", err)
	}
}

func TestLearn(t *testing.T) {
	const icon = "https://example.com/a.png"
	c := open(t, "")
	tests := []struct {
		name      string
		gift      event.GiftInfo
		isChanged bool
		want      event.GiftInfo
	}{
		{"new", event.GiftInfo{ID: 1, Name: "New", Coins: 5}, true, event.GiftInfo{ID: 1, Name: "New", Coins: 5}},
		{"again", event.GiftInfo{ID: 1, Name: "New", Coins: 5}, false, event.GiftInfo{ID: 1, Name: "New", Coins: 5}},
		{"more of it", event.GiftInfo{ID: 1, Name: "New", IconURL: icon, Streakable: true}, true, event.GiftInfo{ID: 1, Name: "New", Coins: 5, IconURL: icon, Streakable: true}},
		{"less of it", event.GiftInfo{ID: 1, Name: "New"}, false, event.GiftInfo{ID: 1, Name: "New", Coins: 5, IconURL: icon, Streakable: true}},
		{"new price", event.GiftInfo{ID: 5655, Name: "Rose", Coins: 2}, true, event.GiftInfo{ID: 5655, Name: "Rose", Coins: 2}},
		{"no name", event.GiftInfo{ID: 2, Name: "\u200b\x00 "}, false, event.GiftInfo{}},
		{"no id", event.GiftInfo{Name: "x"}, false, event.GiftInfo{}},
		{"negative id", event.GiftInfo{ID: -3, Name: "x"}, false, event.GiftInfo{}},
		{"hostile", event.GiftInfo{ID: 3, Name: " a\r\n\tb\u202e\x1b[0m\xff ", Coins: -4, IconURL: "javascript:alert(1)"}, true, event.GiftInfo{ID: 3, Name: "a b[0m"}},
		{"address with a line end", event.GiftInfo{ID: 3, Name: "a b[0m", IconURL: "https://x/\n"}, false, event.GiftInfo{ID: 3, Name: "a b[0m"}},
	}
	for _, tt := range tests {
		if got := c.Learn(tt.gift); got != tt.isChanged {
			t.Errorf("%s: changed is %v", tt.name, got)
		}
		if got, _ := c.Find(tt.gift.ID); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
	c.Learn(event.GiftInfo{ID: 4, Name: strings.Repeat("\U0001F339", 1000)})
	if g, _ := c.Find(4); utf8.RuneCountInString(g.Name) != maxName || !utf8.ValidString(g.Name) {
		t.Errorf("a name of %d characters", utf8.RuneCountInString(g.Name))
	}
}

func TestLearningIsBounded(t *testing.T) {
	c := open(t, "")
	for i := range maxGifts + 100 {
		c.Learn(event.GiftInfo{ID: int64(100_000 + i), Name: "x"})
	}
	if n := len(c.List()); n != maxGifts+5 {
		t.Errorf("%d gifts", n)
	}
	if !c.Learn(event.GiftInfo{ID: 100_000, Name: "renamed"}) {
		t.Error("what was learned cannot be corrected any more")
	}
}

func TestSaveAndOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "gifts.json")
	c := open(t, path)
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written though nothing was learned")
	}
	learned := event.GiftInfo{ID: 1, Name: "New \U0001F9DF", Coins: 5, IconURL: "https://example.com/a.png", Streakable: true}
	c.Learn(learned)
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if g, _ := again.Find(1); g != learned {
		t.Errorf("got %+v, want %+v", g, learned)
	}
	if text, _ := os.ReadFile(path); strings.Contains(string(text), "Rose") {
		t.Errorf("the shipped gifts were written too:\n%s", text)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := again.Save(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written though nothing is new")
	}
}

func TestSaveThatFailsIsMadeUpFor(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "data")
	c := open(t, filepath.Join(blocked, "gifts.json"))
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.Learn(event.GiftInfo{ID: 1, Name: "New"})
	if err := c.Save(); err == nil {
		t.Fatal("saved into a file as though it were a folder")
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	if _, ok := open(t, filepath.Join(blocked, "gifts.json")).Find(1); !ok {
		t.Error("the gift was forgotten")
	}
}

func TestBrokenFileIsSetAside(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `{"version":9}`, `{"version":1,"gifts":[{"id":"x"}]}`} {
		path := filepath.Join(t.TempDir(), "gifts.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := open(t, path)
		if got, err := os.ReadFile(path + brokenSuffix); err != nil || string(got) != text {
			t.Errorf("%q: set aside as %q, %v", text, got, err)
		}
		c.Learn(event.GiftInfo{ID: 1, Name: "New"})
		if err := c.Save(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Open(t.TempDir(), []byte(table)); err == nil {
		t.Error("a folder was opened")
	}
}

func TestConcurrentUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gifts.json")
	c := open(t, path)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 20 {
				c.Learn(event.GiftInfo{ID: int64(1000*i + n + 100), Name: fmt.Sprint("gift ", n)})
				c.FindName("rose")
				if err := c.Save(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(open(t, path).List()); n != 85 {
		t.Errorf("%d gifts are in the file, want all 85", n)
	}
}
