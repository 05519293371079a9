package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// keysCard asks where the hotkeys of rules are heard.
func (s *settings) keysCard() fyne.CanvasObject {
	s.reach = look.NewHint("")
	s.keys = look.NewToggle(true, func(on bool) {
		s.change(func(p *profile.Profile) {
			p.Hotkeys = profile.HotkeysWindow
			if on {
				p.Hotkeys = "" // as a profile that never said it
			}
		})
		s.showKeys(s.window.core.Profile())
	})
	row := container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}}}, s.keys, look.NewLine(lang.L("Work while another program is in front")))
	return look.NewCard(container.NewVBox(look.NewHeading(lang.L("Hotkeys")), look.Inset(row), s.reach))
}

// showKeys shows what the profile says of hotkeys, and what the system has to say to that.
func (s *settings) showKeys(p profile.Profile) {
	isEverywhere := p.Hotkeys != profile.HotkeysWindow
	s.keys.Set(isEverywhere)
	_, reach := s.window.core.HotkeyState("")
	look.SetText(s.reach, words.Hotkeys(reach, isEverywhere), s.reach.Importance)
}
