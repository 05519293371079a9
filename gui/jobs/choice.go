package jobs

import (
	"github.com/livecue/livecue/core/app"
)

// choice is which of the unfinished jobs the user has chosen: some of those listed, or all, those that are not listed
// included.
type choice struct {
	isAll  bool
	chosen map[string]bool // by id; with isAll it means nothing
	// isOwn says that the user has changed it.
	isOwn bool
}

// follow makes the choice fit what is left now. Until the user has chosen, all are but those that are too late. With more than
// are listed it is all: the others cannot be looked at one by one.
func (c *choice) follow(left []app.Unfinished, total int) {
	if c.isAll && c.isOwn {
		return
	}
	chosen := map[string]bool{}
	for _, u := range left {
		if id := u.Job.ID; c.isOwn && c.chosen[id] || !c.isOwn && !u.Expired {
			chosen[id] = true
		}
	}
	c.chosen = chosen
	c.isAll = !c.isOwn && total > len(left)
}

// has reports whether a listed job is chosen.
func (c *choice) has(id string) bool { return c.isAll || c.chosen[id] }

// count is how many of total are chosen.
func (c *choice) count(total int) int {
	if c.isAll {
		return total
	}
	return len(c.chosen)
}

// set chooses one of those listed, or no longer: of a choice of all only the others that are listed remain.
func (c *choice) set(id string, on bool, left []app.Unfinished) {
	if c.isAll {
		if on {
			return
		}
		c.chosen = idsOf(left)
	}
	c.isAll, c.isOwn = false, true
	if on {
		c.chosen[id] = true
	} else {
		delete(c.chosen, id)
	}
}

// setAll chooses all or none.
func (c *choice) setAll(on bool, left []app.Unfinished, total int) {
	c.isOwn, c.chosen = true, map[string]bool{}
	c.isAll = on && total > len(left)
	if on {
		c.chosen = idsOf(left)
	}
}

// ids are those chosen, in the order of the list; nil is all.
func (c *choice) ids(left []app.Unfinished) []string {
	if c.isAll {
		return nil
	}
	ids := make([]string, 0, len(c.chosen))
	for _, u := range left {
		if c.chosen[u.Job.ID] {
			ids = append(ids, u.Job.ID)
		}
	}
	return ids
}

func idsOf(left []app.Unfinished) map[string]bool {
	ids := make(map[string]bool, len(left))
	for _, u := range left {
		ids[u.Job.ID] = true
	}
	return ids
}
