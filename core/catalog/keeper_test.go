package catalog

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/store"
)

func openStore(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keepIn(t *testing.T, c *Catalog, s *store.Store) {
	t.Helper()
	if err := c.KeepIn(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestAStoreTakesTheFileOver(t *testing.T) {
	dir := t.TempDir()
	path, database := filepath.Join(dir, "gifts.json"), filepath.Join(dir, "store.db")
	c := open(t, path)
	old := event.GiftInfo{ID: 1, Name: "Old", Coins: 5}
	c.Learn(old)
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}

	s := openStore(t, database)
	c = open(t, path)
	keepIn(t, c, s)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	fresh := event.GiftInfo{ID: 2, Name: "Fresh", Coins: 7}
	c.Learn(fresh)
	if err := errors.Join(c.Save(), s.Close()); err != nil {
		t.Fatal(err)
	}

	s = openStore(t, database)
	c = open(t, path)
	keepIn(t, c, s)
	for _, want := range []event.GiftInfo{old, fresh} {
		if got, _ := c.Find(want.ID); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
	kept, err := s.Gifts(t.Context())
	if err != nil || !slices.Equal(kept, []event.GiftInfo{old, fresh}) {
		t.Errorf("the store has %+v, want what was learned alone (%v)", kept, err)
	}
}

func TestTheFileServesWhereTheStoreDoesNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "gifts.json")
	s := openStore(t, filepath.Join(dir, "store.db"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c := open(t, path)
	c.Learn(event.GiftInfo{ID: 1, Name: "New"})
	if err := c.KeepIn(t.Context(), s); err == nil {
		t.Fatal("a closed store keeps gifts")
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	if _, ok := open(t, path).Find(1); !ok {
		t.Error("the gift was forgotten")
	}
}
