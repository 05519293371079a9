package obs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/livecue/livecue/core/action"
)

// thing is something of OBS that stands in one of several ways, and can be switched back. How it stands is a text: the name of
// the scene that is live, "on" or "off", or the text of a source.
type thing struct {
	verb                  action.OBSVerb
	scene, source, filter string
	// item is the number of the source in the scene.
	item int64
}

// What the protocol's requests have in them; each has some.
type fields struct {
	Scene    string `json:"sceneName,omitempty"`
	Source   string `json:"sourceName,omitempty"`
	Filter   string `json:"filterName,omitempty"`
	Input    string `json:"inputName,omitempty"`
	Item     int64  `json:"sceneItemId,omitempty"`
	Media    string `json:"mediaAction,omitempty"`
	IsItem   *bool  `json:"sceneItemEnabled,omitempty"`
	IsFilter *bool  `json:"filterEnabled,omitempty"`
	// Settings are those to change; the others stay, which is what OBS does unless told otherwise.
	Settings map[string]string `json:"inputSettings,omitempty"`
}

// find returns what a job is about. It changes nothing.
func (c *Client) find(ctx context.Context, o action.OBS) (thing, error) {
	switch o.Do {
	case action.OBSScene:
		return thing{verb: o.Do}, nil
	case action.OBSFilter:
		return thing{verb: o.Do, source: o.Source, filter: o.Filter}, nil
	case action.OBSText, action.OBSMedia:
		return thing{verb: o.Do, source: o.Source}, nil
	case action.OBSSource:
		scene := o.Scene
		if scene == "" {
			live, err := c.liveScene(ctx)
			if err != nil {
				return thing{}, err
			}
			scene = live
		}
		return c.findItem(ctx, scene, o.Source)
	default:
		return thing{}, action.Permanent(fmt.Errorf("%w: %q", ErrVerb, o.Do))
	}
}

// findItem looks for a source in a scene, and in the groups of that scene.
func (c *Client) findItem(ctx context.Context, scene, source string) (thing, error) {
	t := thing{verb: action.OBSSource, scene: scene, source: source}
	var err error
	t.item, err = c.itemID(ctx, scene, source)
	if !isNotFound(err) {
		return t, err
	}
	items, listErr := c.items(ctx, scene)
	if isNotFound(listErr) {
		return t, err // there is no such scene
	}
	if listErr != nil {
		return t, listErr
	}
	for _, item := range items {
		if !item.IsGroup {
			continue
		}
		id, groupErr := c.itemID(ctx, item.Source, source)
		if groupErr == nil {
			t.scene, t.item = item.Source, id
			return t, nil
		}
		if !isNotFound(groupErr) {
			return t, groupErr
		}
	}
	return t, err
}

func (c *Client) itemID(ctx context.Context, scene, source string) (int64, error) {
	var got struct {
		Item int64 `json:"sceneItemId"`
	}
	err := c.ask(ctx, "GetSceneItemId", fields{Scene: scene, Source: source}, &got)
	return got.Item, err
}

// sceneItem is a source in a scene. A group is a source that holds others.
type sceneItem struct {
	Source  string `json:"sourceName"`
	IsGroup bool   `json:"isGroup"`
}

func (c *Client) items(ctx context.Context, scene string) ([]sceneItem, error) {
	var got struct {
		Items []sceneItem `json:"sceneItems"`
	}
	err := c.ask(ctx, "GetSceneItemList", fields{Scene: scene}, &got)
	return got.Items, err
}

func (c *Client) liveScene(ctx context.Context) (string, error) {
	var got struct {
		Scene string `json:"currentProgramSceneName"`
	}
	err := c.ask(ctx, "GetCurrentProgramScene", nil, &got)
	return got.Scene, err
}

// state asks how a thing stands.
func (c *Client) state(ctx context.Context, t thing) (string, error) {
	var got struct {
		IsItem   bool `json:"sceneItemEnabled"`
		IsFilter bool `json:"filterEnabled"`
	}
	switch t.verb {
	case action.OBSScene:
		return c.liveScene(ctx)
	case action.OBSSource:
		err := c.ask(ctx, "GetSceneItemEnabled", fields{Scene: t.scene, Item: t.item}, &got)
		return position(got.IsItem), err
	case action.OBSFilter:
		err := c.ask(ctx, "GetSourceFilter", fields{Source: t.source, Filter: t.filter}, &got)
		return position(got.IsFilter), err
	case action.OBSText:
		return c.text(ctx, t.source)
	default:
		return "", c.checkMedia(ctx, t.source)
	}
}

// put brings a thing to stand as told. It is the only change that a job makes.
func (c *Client) put(ctx context.Context, t thing, state string) error {
	isOn := state == string(action.SwitchOn)
	switch t.verb {
	case action.OBSScene:
		return c.ask(ctx, "SetCurrentProgramScene", fields{Scene: state}, nil)
	case action.OBSSource:
		return c.ask(ctx, "SetSceneItemEnabled", fields{Scene: t.scene, Item: t.item, IsItem: &isOn}, nil)
	case action.OBSFilter:
		return c.ask(ctx, "SetSourceFilterEnabled", fields{Source: t.source, Filter: t.filter, IsFilter: &isOn}, nil)
	case action.OBSText:
		return c.ask(ctx, "SetInputSettings", fields{Input: t.source, Settings: map[string]string{"text": state}}, nil)
	default:
		return c.ask(ctx, "TriggerMediaInputAction", fields{Input: t.source, Media: "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART"}, nil)
	}
}

func position(isOn bool) string {
	if isOn {
		return string(action.SwitchOn)
	}
	return string(action.SwitchOff)
}

// text returns what a text source shows. OBS would take a text for any source, and show nothing: that is refused here.
func (c *Client) text(ctx context.Context, source string) (string, error) {
	var got struct {
		Kind     string `json:"inputKind"`
		Settings struct {
			Text any `json:"text"`
		} `json:"inputSettings"`
	}
	if err := c.ask(ctx, "GetInputSettings", fields{Input: source}, &got); err != nil {
		return "", err
	}
	if !isTextKind(got.Kind) {
		return "", &refusal{words: fmt.Sprintf("%q is no text source (OBS calls it %s)", source, got.Kind)}
	}
	text, _ := got.Settings.Text.(string) // a new source has none
	return text, nil
}

// checkMedia refuses a source that has nothing to play: OBS would say that it had.
func (c *Client) checkMedia(ctx context.Context, source string) error {
	var got struct {
		Kind string `json:"inputKind"`
	}
	if err := c.ask(ctx, "GetInputSettings", fields{Input: source}, &got); err != nil {
		return err
	}
	if isMediaKind(got.Kind) {
		return nil
	}
	var status struct {
		State string `json:"mediaState"`
	}
	err := c.ask(ctx, "GetMediaInputStatus", fields{Input: source}, &status)
	if err == nil && status.State == "OBS_MEDIA_STATE_NONE" {
		err = &refusal{words: fmt.Sprintf("%q is no media source (OBS calls it %s)", source, got.Kind)}
	}
	return err
}

// isTextKind knows text_gdiplus and text_ft2_source in all their versions, and those of plug-ins that are named likewise.
func isTextKind(kind string) bool { return strings.Contains(kind, "text") }

// isMediaKind knows OBS's own media source and VLC's. Others show that they are media while they play.
func isMediaKind(kind string) bool {
	return strings.HasPrefix(kind, "ffmpeg_source") || strings.HasPrefix(kind, "vlc_source")
}

func isNotFound(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.code == statusNotFound
}

// isAnswer reports whether err is OBS's answer, so that the connection is good.
func isAnswer(err error) bool {
	var r *refusal
	return errors.As(err, &r) || errors.Is(err, ErrNotReady)
}
