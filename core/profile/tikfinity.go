package profile

// TikFinity sets the port on which LiveCue passes events on as TikFinity does, for what was made for TikFinity.
type TikFinity struct {
	// On opens it. It has no password, as TikFinity has none.
	On bool `toml:"on,omitempty"`
	// Port is where it is, on this computer alone; 0 is 21213, where such programs look.
	Port int `toml:"port,omitempty"`
}

func (c *checker) tikfinity() { c.port("tikfinity.port", c.profile.TikFinity.Port) }
