// Package gate waits for requests that are under way where http.Server does not: it lets go of connections that have become
// WebSockets.
package gate

import "sync"

// Gate counts requests that are under way. A WaitGroup alone must not be waited for while others may still come. The zero value is
// open.
type Gate struct {
	mu     sync.Mutex
	isShut bool
	inside sync.WaitGroup
}

// Enter reports whether a request may begin; then Leave is to be called at its end.
func (g *Gate) Enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.isShut {
		return false
	}
	g.inside.Add(1)
	return true
}

// Leave ends a request.
func (g *Gate) Leave() { g.inside.Done() }

// Shut lets nobody in any more, and returns when the last has left.
func (g *Gate) Shut() {
	g.mu.Lock()
	g.isShut = true
	g.mu.Unlock()
	g.inside.Wait()
}
