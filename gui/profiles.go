package gui

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/livecue/livecue/gui/editor"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/profiles"
)

// newProfiles returns the page with the user's profiles, for this window.
func (w *window) newProfiles(host look.Host) *profiles.Page {
	p := profiles.NewPage(w.core, host)
	p.OnChanged = w.profileChanged
	p.OnListed = func(n int) { w.header.several = n > 1; w.header.showProfile(w.profileName()) }
	p.Templates = func() []profiles.Template {
		var all []profiles.Template
		for _, t := range editor.Templates() {
			all = append(all, profiles.Template(t))
		}
		return all
	}
	return p
}

// profileName is what the profile in force is called: as its file where it has no name.
func (w *window) profileName() string {
	if name := strings.TrimSpace(w.core.Profile().Name); name != "" {
		return name
	}
	file := filepath.Base(w.core.ProfilePath())
	return strings.TrimSuffix(file, filepath.Ext(file))
}

// profileChanged shows another profile in force, or the one in force that has become another.
func (w *window) profileChanged() {
	w.rules.Forget()
	w.rules.Refresh()
	if t := w.core.Profile().Theme; t != w.theme { // a theme set anew lays the whole window out anew
		w.setTheme(t)
	}
	w.setTitle()
	w.connections.name.entry.SetText(w.core.Profile().TikTok.Handle)
	w.connections.refresh()
	w.settings.refresh()
	w.overlays.SetInSight(w.page == PageOverlays)
	w.tick()
}

// dropped imports a file that was dropped on the window, on the page that shows what becomes of it.
func (w *window) dropped(files []fyne.URI) {
	w.rules.Leave(func() {
		w.goTo(PageProfiles)
		w.profiles.Drop(files)
	})
}
