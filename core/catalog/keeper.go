package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/livecue/livecue/core/event"
)

// movedSuffix is added to the name of a file whose gifts a Keeper has taken over.
const movedSuffix = ".moved"

// Keeper keeps learned gifts in a place of its own. Its methods must be quick.
type Keeper interface {
	// Gifts returns what was learned before.
	Gifts(ctx context.Context) ([]event.GiftInfo, error)
	// LearnGifts keeps what is known of gifts now, by their ids.
	LearnGifts(ctx context.Context, gifts []event.GiftInfo) error
}

// KeepIn lets k keep the learned gifts from now on, each as soon as it is learned, in the file's stead. What k knows counts
// more than what the file has had; the file's gifts are handed to k, and the file is then renamed to its name with ".moved". When
// it fails the file is used as before.
func (c *Catalog) KeepIn(ctx context.Context, k Keeper) error {
	kept, err := k.Gifts(ctx)
	if err != nil {
		return fmt.Errorf("read the gift catalogue: %w", err)
	}
	for _, g := range kept {
		c.Learn(g) //nolint:contextcheck // without a keeper yet, it asks none
	}
	c.save.Lock()
	defer c.save.Unlock()
	c.mu.Lock()
	c.keeper, c.isChanged = k, true
	c.mu.Unlock()
	if err := c.saveToKeeper(); err != nil { //nolint:contextcheck // half of it would be for nothing
		return c.leave(err)
	}
	if c.path == "" {
		return nil
	}
	if _, err := k.Gifts(ctx); err != nil { // they are written now
		return c.leave(fmt.Errorf("take the gift catalogue over: %w", err))
	}
	if err := os.Rename(c.path, c.path+movedSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("set the old gift catalogue aside: %w", err)
	}
	return nil
}

// leave lets the file keep the gifts again, and returns err.
func (c *Catalog) leave(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keeper, c.isChanged = nil, true
	return err
}

// saveToKeeper hands all learned gifts to the keeper where something has changed that it was not told. The caller holds save.
func (c *Catalog) saveToKeeper() error {
	content, isChanged := c.snapshot()
	if !isChanged {
		return nil
	}
	gifts := make([]event.GiftInfo, len(content.Gifts))
	for i, g := range content.Gifts {
		gifts[i] = event.GiftInfo(g)
	}
	if err := c.keeper.LearnGifts(context.Background(), gifts); err != nil {
		c.mu.Lock()
		c.isChanged = true
		c.mu.Unlock()
		return fmt.Errorf("save the gift catalogue: %w", err)
	}
	return nil
}
