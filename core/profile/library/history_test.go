package library

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/livecue/livecue/core/profile"
)

func TestHistorySaysWhy(t *testing.T) {
	l := fixture(t)
	e := create(t, l, "Day")
	p, err := profile.Load(e.Path)
	if err != nil {
		t.Fatal(err)
	}
	save := func(change func()) {
		t.Helper()
		change()
		if err := profile.Save(e.Path, p); err != nil {
			t.Fatal(err)
		}
	}
	first := p.Clone().Rules
	save(func() { p.Rules[0].Name = "Renamed rule" })
	save(func() { p.Rules = p.Rules[:len(p.Rules)-2] })
	save(func() { p.TikTok.Handle = "pixel_pia" })
	save(func() { p.Name = "Night" })
	save(func() { p.Rules = append(p.Rules, first[len(first)-1]) })
	save(func() { p.Rules[0], p.Rules[1] = p.Rules[1], p.Rules[0] })
	kept, err := l.Backups(e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.RestoreBackup(e.ID, kept[0].Name); err != nil {
		t.Fatal(err)
	}
	states, err := l.History("Night")
	if err != nil {
		t.Fatal(err)
	}
	var got []WhyKind
	for _, s := range states {
		got = append(got, s.Why.Kind)
	}
	if want := []WhyKind{WhyRestored, WhyMoved, WhyAdded, WhyRenamed, WhySettings, WhyRemoved, WhyChanged}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if w := states[5].Why; w.N != 2 || w.Rule != first[len(first)-2].Name || states[5].Rules != len(first) {
		t.Errorf("got %+v", states[5])
	}
	write(t, e.Path, "version = 1\n[x")
	if states, err = l.History(e.ID); err != nil || states[0].Why.Kind != WhyUnknown {
		t.Errorf("got %+v, %v", states[0], err)
	}
	if err := os.Remove(e.Path); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(l.backupDir(), kept[2].Name), "broken")
	if states, err = l.History(e.ID); err != nil || states[0].Why.Kind != WhyDeleted {
		t.Errorf("got %+v, %v", states, err)
	}
	i := slices.IndexFunc(states, func(s State) bool { return s.Problem != nil })
	if i < 0 || states[i].Why.Kind != WhyUnknown || states[i+1].Why.Kind != WhyUnknown {
		t.Errorf("a broken backup: %+v", states)
	}
}
