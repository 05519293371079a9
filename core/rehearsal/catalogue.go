package rehearsal

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/livecue/livecue/assets"
)

// streakableBelow is the price in coins from which a gift has an animation of its own and is not combined. The table of
// gifts does not say it; on TikTok it holds for nearly all.
const streakableBelow = 100

// catalogue is the gifts that a script can name, in the table's order.
type catalogue []gift

// readCatalogue returns the built-in table of gifts.
func readCatalogue() (catalogue, error) {
	rows, err := csv.NewReader(bytes.NewReader(assets.GiftsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read gift table: %w", err)
	}
	var c catalogue
	for i, row := range rows {
		if i == 0 {
			continue // the header
		}
		if len(row) < 3 {
			return nil, fmt.Errorf("read gift table: row %d has %d columns, not 3", i+1, len(row))
		}
		id, idErr := strconv.ParseInt(row[0], 10, 64)
		coins, priceErr := strconv.Atoi(row[2])
		if idErr != nil || priceErr != nil {
			return nil, fmt.Errorf("read gift table: row %d: id and price are not numbers", i+1)
		}
		c = append(c, gift{id: id, name: row[1], coins: coins, streakable: coins < streakableBelow})
	}
	return c, nil
}

// find looks a gift up by its name as written, by its name in any case, or by its id.
func (c catalogue) find(name string) (gift, error) {
	var alike []gift
	for _, g := range c {
		if g.name == name || strconv.FormatInt(g.id, 10) == name {
			return g, nil
		}
		if strings.EqualFold(g.name, name) {
			alike = append(alike, g)
		}
	}
	switch len(alike) {
	case 0:
		return gift{}, fmt.Errorf("no gift is called %q; define it with: gift %q id 900001 costs 5", name, name)
	case 1:
		return alike[0], nil
	default:
		return gift{}, fmt.Errorf("several gifts are called %q; write it as TikTok does, or its id", name)
	}
}

// upTo returns the gifts that cost at most coins; only those that combine, if asked.
func (c catalogue) upTo(coins int, streakable bool) []gift {
	var out []gift
	for _, g := range c {
		if g.coins <= coins && (g.streakable || !streakable) {
			out = append(out, g)
		}
	}
	return out
}
