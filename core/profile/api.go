package profile

// API sets the HTTP API, which other programs reach with a token.
type API struct {
	// On opens it.
	On bool `toml:"on,omitempty"`
	// Port is where it is, on this computer alone; 0 is 8760.
	Port int `toml:"port,omitempty"`
}

func (c *checker) api() { c.port("api.port", c.profile.API.Port) }
