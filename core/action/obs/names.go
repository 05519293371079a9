package obs

import (
	"context"
	"slices"
)

// maxSources bounds how many sources are asked for their filters.
const maxSources = 1000

// Names are what OBS has, for an editor's choices. Lists are never nil once asked for.
type Names struct {
	// Scenes are in OBS's own order.
	Scenes []string
	// Sources are those of each scene, by its name, from the top; those in groups of the scene are among them.
	Sources map[string][]string
	// Filters are those of each source that has any, by its name. Scenes can have filters too.
	Filters map[string][]string
	// Texts are the sources that a text can be written to, Media those that can be played from their beginning.
	Texts, Media []string
}

// Names asks OBS, on a connection of its own. It changes nothing.
func (c *Client) Names(ctx context.Context) (Names, error) {
	n := Names{Scenes: []string{}, Sources: map[string][]string{}, Filters: map[string][]string{}, Texts: []string{}, Media: []string{}}
	err := c.apart(ctx, func(ctx context.Context, conn *conn) error {
		ctx, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		return n.gather(ctx, conn)
	})
	return n, err
}

func (n *Names) gather(ctx context.Context, conn *conn) error {
	if err := n.scenes(ctx, conn); err != nil {
		return err
	}
	if err := n.inputs(ctx, conn); err != nil {
		return err
	}
	owners := slices.Concat(n.Scenes, n.Texts, n.Media)
	for _, scene := range n.Scenes {
		sources, err := sourcesOf(ctx, conn, "GetSceneItemList", scene)
		if err != nil {
			return err
		}
		n.Sources[scene] = sources
		owners = append(owners, sources...)
	}
	slices.Sort(owners)
	owners = slices.Compact(owners)
	for _, owner := range owners[:min(len(owners), maxSources)] {
		if err := n.filters(ctx, conn, owner); err != nil {
			return err
		}
	}
	return nil
}

func (n *Names) scenes(ctx context.Context, conn *conn) error {
	var got struct {
		Scenes []struct {
			Name  string `json:"sceneName"`
			Index int    `json:"sceneIndex"`
		} `json:"scenes"`
	}
	if err := conn.ask(ctx, "GetSceneList", nil, &got); err != nil {
		return err
	}
	// OBS counts from the bottom of its list.
	slices.SortStableFunc(got.Scenes, func(a, b struct {
		Name  string `json:"sceneName"`
		Index int    `json:"sceneIndex"`
	},
	) int {
		return b.Index - a.Index
	})
	for _, s := range got.Scenes {
		n.Scenes = append(n.Scenes, s.Name)
	}
	return nil
}

func (n *Names) inputs(ctx context.Context, conn *conn) error {
	var got struct {
		Inputs []struct {
			Name string `json:"inputName"`
			Kind string `json:"inputKind"`
		} `json:"inputs"`
	}
	if err := conn.ask(ctx, "GetInputList", nil, &got); err != nil {
		return err
	}
	for _, input := range got.Inputs {
		switch {
		case isTextKind(input.Kind):
			n.Texts = append(n.Texts, input.Name)
		case isMediaKind(input.Kind):
			n.Media = append(n.Media, input.Name)
		}
	}
	return nil
}

// sourcesOf lists what is in a scene or, asked with GetGroupSceneItemList, in a group. One that has gone meanwhile has nothing.
func sourcesOf(ctx context.Context, conn *conn, kind, scene string) ([]string, error) {
	var got struct {
		Items []sceneItem `json:"sceneItems"`
	}
	isScene := kind == "GetSceneItemList"
	names := []string{}
	if err := conn.ask(ctx, kind, fields{Scene: scene}, &got); err != nil {
		return names, ignoreRefusal(err)
	}
	for _, item := range slices.Backward(got.Items) { // OBS lists them from the bottom
		if !slices.Contains(names, item.Source) {
			names = append(names, item.Source)
		}
		if !item.IsGroup || !isScene { // groups hold no groups
			continue
		}
		inner, err := sourcesOf(ctx, conn, "GetGroupSceneItemList", item.Source)
		if err != nil {
			return names, err
		}
		for _, name := range inner {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func (n *Names) filters(ctx context.Context, conn *conn, source string) error {
	var got struct {
		Filters []struct {
			Name string `json:"filterName"`
		} `json:"filters"`
	}
	if err := conn.ask(ctx, "GetSourceFilterList", fields{Source: source}, &got); err != nil {
		return ignoreRefusal(err)
	}
	for _, f := range got.Filters {
		n.Filters[source] = append(n.Filters[source], f.Name)
	}
	return nil
}

func ignoreRefusal(err error) error {
	if isRefusal(err) {
		return nil
	}
	return err
}
