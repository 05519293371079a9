package gui

import (
	"errors"
	"slices"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/plugin"
)

// madeUpToken is what the fake core issues.
const madeUpToken = "01234567-89ab-4cde-8f01-23456789abcd"

// fakePlugins is how the fake core's plugins stand, and who else may connect.
type fakePlugins struct {
	stand     map[string]plugin.Status
	printed   map[string][]plugin.Line
	restarted []string
	grants    []grant.Grant
	socket    feed.Status
}

func (f *fakeCore) Plugins() []plugin.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []plugin.Status
	for _, p := range f.profile.Plugins {
		st := f.plugins.stand[p.Name]
		st.Name, st.Lines = p.Name, uint64(len(f.plugins.printed[p.Name]))
		if p.Off || p.Imported || st.State == "" {
			st.State = plugin.Off
		}
		all = append(all, st)
	}
	return all
}

func (f *fakeCore) PluginLog(name string, limit int) []plugin.Line {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := f.plugins.printed[name]
	return slices.Clone(lines[max(0, len(lines)-limit):])
}

func (f *fakeCore) RestartPlugin(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plugins.restarted = append(f.plugins.restarted, name)
	return nil
}

func (f *fakeCore) Grants() []grant.Grant {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.plugins.grants)
}

func (f *fakeCore) IssueToken(name string, scopes ...grant.Scope) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(scopes) == 0 {
		return "", errors.New("a token that allows nothing is of no use")
	}
	f.plugins.grants = append(f.plugins.grants, grant.Grant{ID: name, Name: name, Scopes: scopes, Created: time.Now()})
	return madeUpToken, nil
}

func (f *fakeCore) RevokeToken(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plugins.grants = slices.DeleteFunc(f.plugins.grants, func(g grant.Grant) bool { return g.ID == id })
	return nil
}

func (f *fakeCore) SocketStatus() feed.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.plugins.socket
}

// kindsOf are some kinds of events.
func kindsOf(kinds ...event.Kind) []event.Kind { return kinds }
