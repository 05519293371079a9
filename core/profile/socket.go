package profile

// Socket sets the event socket, where other programs with a token are told of events.
type Socket struct {
	// Off closes it.
	Off bool `toml:"off,omitempty"`
	// Port is where it is, on this computer alone; 0 is 3110. When the port is taken, any other is.
	Port int `toml:"port,omitempty"`
}

func (c *checker) socket() { c.port("socket.port", c.profile.Socket.Port) }
