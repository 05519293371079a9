package profile

import "github.com/livecue/livecue/core/action"

// Socket sets the event socket, where other programs with a token are told of events.
type Socket struct {
	// Off closes it.
	Off bool `toml:"off,omitempty"`
	// Port is where it is, on this computer alone; 0 is 3110. When the port is taken, any other is.
	Port int `toml:"port,omitempty"`
}

func (c *checker) socket() {
	if p := c.profile.Socket.Port; p != 0 && (p < minPort || p > maxPort) {
		c.fail("socket.port", action.ProblemRange, "the port must be from %d to %d", minPort, maxPort)
	}
}
