package overlays

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	goalCounter   = "counter:"
	defaultTarget = 1000
)

// settingsCard shows and changes what the profile says of the pages. Open pages follow at once.
type settingsCard struct {
	core Core
	host look.Host

	on     *look.Toggle
	of     *look.Pick[string]
	ofBox  *fyne.Container
	target *look.Entry
	title  *look.Entry
	port   *look.Entry
	css    *look.Entry
	say    *widget.Label
	save   *widget.Button
	object fyne.CanvasObject

	measure string // what the goal is of
}

func newSettings(core Core, host look.Host) *settingsCard {
	s := &settingsCard{
		core: core, host: host, target: look.NewEntry(), title: look.NewEntry(), port: look.NewEntry(), css: look.NewEntry(), say: look.NewHint(""), ofBox: container.NewStack(),
	}
	s.on = look.NewToggle(true, func(on bool) { s.change(func(o *profile.Overlay) { o.Off = !on }) })
	s.target.SetPlaceHolder(strconv.Itoa(defaultTarget))
	s.title.SetPlaceHolder(lang.L("such as: Towards a new camera"))
	s.port.SetPlaceHolder(strconv.Itoa(overlay.DefaultPort))
	s.css.SetPlaceHolder(lang.L("the folder overlay beside LiveCue's data"))
	for _, e := range []*look.Entry{s.target, s.title, s.port, s.css} {
		e.OnChanged = func(string) { s.check() }
		e.OnSubmitted = func(string) { s.store() }
	}
	s.save = widget.NewButton(lang.L("Save"), s.store)
	s.save.Importance = widget.HighImportance
	label := func(text string) fyne.CanvasObject { return look.NewLine(text) }
	line := func(text string, input fyne.CanvasObject) fyne.CanvasObject {
		return container.New(look.Columns{Gap: 4, Cols: []look.Column{{Width: 150}, {Weight: 1}}}, label(text), input)
	}
	head := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {}, {}, {Width: 4}}},
		look.NewHeading(lang.L("Settings of the pages")), widget.NewLabel(lang.L("Pages for OBS")), s.on, look.Gap(0, 0))
	goal := container.NewVBox(line(lang.L("The goal counts"), s.ofBox), line(lang.L("It is reached at"), s.target), line(lang.L("Its title"), s.title))
	pages := container.NewVBox(line(lang.L("Port"), s.port), line(lang.L("Folder of your CSS"), s.css),
		look.NewHint(lang.L("Another port means other addresses in OBS. The CSS files are all.css and one for each page, such as goal.css; load a page anew after a change.")))
	s.object = look.NewCard(container.NewVBox(head, look.Fold(foldBelow, goal, pages),
		container.NewBorder(nil, nil, nil, look.Inset(s.save), s.say)))
	s.read()
	return s
}

// measure names what a goal is of.
func measure(of string) string {
	switch of {
	case "coins":
		return lang.L("Coins")
	case "gifts":
		return lang.L("Gifts")
	case "follows":
		return lang.L("Followers")
	case "likes", "":
		return lang.L("Likes")
	default:
		return words.Clean(strings.TrimPrefix(of, goalCounter), nameLength)
	}
}

// read shows what the profile says, and which counters a goal can be of.
func (s *settingsCard) read() {
	o := s.core.Profile().Overlay
	s.measure = o.Goal.Of
	if s.measure == "" {
		s.measure = profile.Goals()[0]
	}
	all := profile.Goals()
	for _, c := range s.core.Counters() {
		all = append(all, goalCounter+c.Name)
	}
	if !slices.Contains(all, s.measure) {
		all = append(all, s.measure)
	}
	s.of = look.NewPick(all, measureInList, func(of string) {
		s.measure = of
		s.check()
	})
	s.of.Set(s.measure)
	s.ofBox.Objects = []fyne.CanvasObject{s.of.Select}
	s.ofBox.Refresh()
	s.on.Set(!o.Off)
	s.title.SetText(o.Goal.Title)
	s.css.SetText(o.CSS)
	s.target.SetText(text(o.Goal.Target))
	s.port.SetText(text(int64(o.Port)))
	s.check()
}

// measureInList tells counters from the totals, which may have the same name.
func measureInList(of string) string {
	if strings.HasPrefix(of, goalCounter) {
		return lang.L("Counter: {{.Name}}", map[string]any{"Name": measure(of)})
	}
	return measure(of)
}

// text writes a number; nothing for 0, which is the usual one.
func text(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// typed is the profile's section as the fields have it, and false where a number is none.
func (s *settingsCard) typed() (o profile.Overlay, problem string) {
	o = s.core.Profile().Overlay
	o.Goal = profile.Goal{Of: s.measure, Title: strings.TrimSpace(s.title.Text)}
	if o.Goal.Of == profile.Goals()[0] {
		o.Goal.Of = ""
	}
	o.CSS = strings.TrimSpace(s.css.Text)
	for _, n := range []struct {
		entry *look.Entry
		most  int64
		to    func(int64)
		name  string
	}{
		{s.target, 1_000_000_000_000, func(v int64) { o.Goal.Target = v }, lang.L("The goal must be a whole number, such as 5000.")},
		{s.port, 65535, func(v int64) { o.Port = int(v) }, lang.L("The port must be a number from 1024 to 65535.")},
	} {
		digits := strings.TrimSpace(n.entry.Text)
		v, err := strconv.ParseInt(digits, 10, 64)
		if digits != "" && (err != nil || v < 1 || v > n.most || n.entry == s.port && v < 1024) {
			return o, n.name
		}
		n.to(v)
	}
	return o, ""
}

// check says what is wrong as it is typed, and lets be saved what has changed.
func (s *settingsCard) check() {
	o, problem := s.typed()
	look.SetText(s.say, problem, widget.DangerImportance)
	was := s.core.Profile().Overlay
	if was.Goal.Of == profile.Goals()[0] {
		was.Goal.Of = ""
	}
	look.SetEnabled(s.save, problem == "" && o != was)
}

func (s *settingsCard) store() {
	o, problem := s.typed()
	if problem != "" {
		return
	}
	if s.change(func(to *profile.Overlay) { *to = o }) {
		s.host.Say(lang.L("Saved. Open pages show it at once."))
	}
}

// change changes the profile, and reports whether it could.
func (s *settingsCard) change(do func(*profile.Overlay)) bool {
	p := s.core.Profile()
	was := p.Overlay
	if do(&p.Overlay); p.Overlay == was {
		return false
	}
	if err := s.core.SetProfile(p); err != nil {
		s.host.Warn(words.Error(err))
		return false
	}
	s.check()
	return true
}
