package profile

import (
	"fmt"

	"github.com/pelletier/go-toml/v2"
)

// migration turns a document of one version into one of the next, in place.
type migration func(doc map[string]any) error

// migrations are the steps of the ladder: the first leads from version 1 to 2, and so on, up to Version. Each step comes
// with a file of the version before it under testdata.
func migrations() []migration { return nil }

// migrate climbs the ladder from version from to its top.
func migrate(data []byte, from int, steps []migration) ([]byte, error) {
	doc := map[string]any{}
	if err := unmarshal(data, &doc, false); err != nil {
		return nil, fmt.Errorf("read format %d: %w", from, err)
	}
	for v := from; v <= len(steps); v++ {
		if err := steps[v-1](doc); err != nil {
			return nil, fmt.Errorf("turn format %d into %d: %w", v, v+1, err)
		}
		doc["version"] = int64(v + 1)
	}
	out, err := toml.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write the new format: %w", err)
	}
	return out, nil
}
