package profile

import "github.com/livecue/livecue/core/action"

// API sets the HTTP API, which other programs reach with a token.
type API struct {
	// On opens it.
	On bool `toml:"on,omitempty"`
	// Port is where it is, on this computer alone; 0 is 8760.
	Port int `toml:"port,omitempty"`
}

func (c *checker) api() {
	if p := c.profile.API.Port; p != 0 && (p < minPort || p > maxPort) {
		c.fail("api.port", action.ProblemRange, "the port must be from %d to %d", minPort, maxPort)
	}
}
