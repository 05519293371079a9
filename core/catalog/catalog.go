// Package catalog knows the platform's gifts: those that LiveCue is shipped with, and those seen in live streams, which it
// remembers in a file or with a Keeper. New gifts come every week, and no public list has them all.
package catalog

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/livecue/livecue/core/event"
)

const (
	// maxGifts bounds how many learned gifts are kept. TikTok has had a few thousand in all its years.
	maxGifts = 10_000
	// maxName and maxURL bound a gift's name, in characters, and the address of its picture, in bytes.
	maxName = 80
	maxURL  = 1000
)

// Catalog is the set of known gifts. It is safe for concurrent use. Make one with Open.
type Catalog struct {
	path string
	save sync.Mutex // keeps an older state from being written over a newer one

	mu        sync.Mutex // guards all below
	gifts     map[int64]event.GiftInfo
	learned   map[int64]bool
	keeper    Keeper           // nil where the file keeps them
	isChanged bool             // since the last Save, or without the keeper's knowing
	list      []event.GiftInfo // gifts in List's order, or nil when it must be made anew
}

// Learn takes in a gift as an event described it. What an event leaves out is kept from before. Gifts without an id or a
// name are ignored, and so are new ones when ten thousand have been learned. It reports whether the catalogue changed.
func (c *Catalog) Learn(g event.GiftInfo) bool {
	g = clean(g)
	if g.ID <= 0 || g.Name == "" {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	old, isKnown := c.gifts[g.ID]
	if !c.learned[g.ID] && len(c.learned) >= maxGifts {
		return false
	}
	if isKnown {
		g.Coins = cmp.Or(g.Coins, old.Coins)
		g.IconURL = cmp.Or(g.IconURL, old.IconURL)
		g.Streakable = g.Streakable || old.Streakable
	}
	if g == old {
		return false
	}
	c.gifts[g.ID], c.learned[g.ID] = g, true
	c.list = nil
	if c.keeper == nil || c.keeper.LearnGifts(context.Background(), []event.GiftInfo{g}) != nil {
		c.isChanged = true // Save tells why
	}
	return true
}

// List returns all known gifts, cheapest first, and by name within one price.
func (c *Catalog) List() []event.GiftInfo {
	return slices.Clone(c.sorted())
}

// Find returns the gift with that id.
func (c *Catalog) Find(id int64) (event.GiftInfo, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.gifts[id]
	return g, ok
}

// FindName returns the gifts of that name, in List's order; names are compared without case and surrounding space. There
// can be several: TikTok has given one name to different gifts.
func (c *Catalog) FindName(name string) []event.GiftInfo {
	name = fold(name)
	var found []event.GiftInfo
	for _, g := range c.sorted() {
		if fold(g.Name) == name {
			found = append(found, g)
		}
	}
	return found
}

// sorted returns the gifts in List's order. The slice must not be changed.
func (c *Catalog) sorted() []event.GiftInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil {
		c.list = make([]event.GiftInfo, 0, len(c.gifts))
		for _, g := range c.gifts {
			c.list = append(c.list, g)
		}
		slices.SortFunc(c.list, compare)
	}
	return c.list
}

func compare(a, b event.GiftInfo) int {
	return cmp.Or(cmp.Compare(a.Coins, b.Coins), cmp.Compare(fold(a.Name), fold(b.Name)), cmp.Compare(a.ID, b.ID))
}

// fold returns name in the form in which names are compared, the same as core/rule's.
func fold(name string) string {
	return cases.Fold().String(norm.NFC.String(strings.TrimFunc(name, isBlank)))
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// clean makes what a stream told of a gift fit to be shown and kept: no control characters, no endless texts, no negative
// price, and only addresses of the web.
func clean(g event.GiftInfo) event.GiftInfo {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d': // emoji are joined with the latter
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(g.Name[:min(len(g.Name), 8*maxName)], ""))
	g.Name = strings.TrimSpace(strings.Join(strings.Fields(name), " "))
	if runes := []rune(g.Name); len(runes) > maxName {
		g.Name = strings.TrimSpace(string(runes[:maxName]))
	}
	g.Coins = max(g.Coins, 0)
	isWeb := strings.HasPrefix(g.IconURL, "https://") || strings.HasPrefix(g.IconURL, "http://")
	if !isWeb || len(g.IconURL) > maxURL || strings.ContainsFunc(g.IconURL, unicode.IsControl) {
		g.IconURL = ""
	}
	return g
}

// parse reads a table of id, name and price in coins, with a header.
func parse(table []byte) (map[int64]event.GiftInfo, error) {
	r := csv.NewReader(bytes.NewReader(table))
	r.FieldsPerRecord = 3
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the table of gifts: %w", err)
	}
	gifts := make(map[int64]event.GiftInfo, len(rows))
	for i, row := range rows[min(1, len(rows)):] {
		id, err := strconv.ParseInt(row[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read the table of gifts: id of row %d: %w", i+2, err)
		}
		coins, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, fmt.Errorf("read the table of gifts: price of row %d: %w", i+2, err)
		}
		gifts[id] = clean(event.GiftInfo{ID: id, Name: row[1], Coins: coins})
	}
	return gifts, nil
}
