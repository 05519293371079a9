package plugins

import (
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// offered are the kinds of events that the form has a box for. Others that a plugin has stay as they are.
func offered() []event.Kind {
	return []event.Kind{
		event.KindGift, event.KindLike, event.KindFollow, event.KindChat, event.KindQuestion, event.KindShare, event.KindJoin, event.KindSubscribe,
		event.KindViewerCount, event.KindCue, event.KindSignal,
	}
}

// form edits a plugin, or makes a new one.
type form struct {
	page *Page
	// at is the plugin's place in the profile, or -1 for a new one.
	at  int
	old profile.Plugin

	name, program, args, folder *look.Entry
	kinds                       map[event.Kind]*widget.Check
	all, mayCall                *widget.Check
	start                       *look.Pick[profile.Start]
	begin                       profile.Start
	boxes                       *fyne.Container
	problem                     *widget.Label
	save                        *widget.Button
	dialog                      *dialog.CustomDialog
}

func newForm(p *Page, at int, old profile.Plugin) *form {
	f := &form{
		page: p, at: at, old: old, name: look.NewEntry(), program: look.NewEntry(), args: look.NewMultiLine(3), folder: look.NewEntry(),
		kinds: map[event.Kind]*widget.Check{}, problem: look.NewHint(""), begin: old.Start,
	}
	if f.begin == "" {
		f.begin = profile.StartWithLiveCue
	}
	f.name.SetText(old.Name)
	f.program.SetText(old.Program)
	f.args.SetText(strings.Join(old.Args, "\n"))
	f.folder.SetText(old.Folder)
	f.name.SetPlaceHolder(lang.L("for example gift counter"))
	f.folder.SetPlaceHolder(lang.L("the program’s own"))
	f.args.SetPlaceHolder(lang.L("one in each line"))
	f.args.Wrapping = fyne.TextWrapOff
	f.boxes = container.NewGridWithColumns(3)
	for _, k := range offered() {
		box := widget.NewCheck(words.Events(k), func(bool) { f.validate() })
		box.SetChecked(slices.Contains(old.Events, k))
		f.kinds[k] = box
		f.boxes.Add(box)
	}
	f.all = widget.NewCheck(lang.L("All events"), func(isAll bool) { look.SetShown(f.boxes, !isAll); f.validate() })
	f.mayCall = widget.NewCheck(lang.L("It may call rules"), nil)
	f.mayCall.SetChecked(old.Trigger)
	f.start = look.NewPick([]profile.Start{profile.StartWithLiveCue, profile.StartWithLive}, startWord, func(s profile.Start) { f.begin = s })
	f.start.Set(f.begin)
	f.save = widget.NewButton(lang.L("Save"), f.store)
	f.save.Importance = widget.HighImportance
	f.all.SetChecked(len(old.Events) == 0)
	for _, e := range []*look.Entry{f.name, f.program, f.args, f.folder} {
		e.OnChanged = func(string) { f.validate() }
	}
	f.validate()
	return f
}

func startWord(s profile.Start) string {
	if s == profile.StartWithLive {
		return lang.L("while connected to a stream")
	}
	return lang.L("as long as LiveCue runs")
}

func (f *form) show() {
	pick := widget.NewButtonWithIcon("", theme.FolderOpenIcon(), nil)
	pick.OnTapped = func() { f.open(pick) }
	fields := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.X("name of a plugin", "Name")), f.name,
		widget.NewLabel(lang.L("Program")), container.NewBorder(nil, nil, nil, pick, f.program),
		widget.NewLabel(lang.L("Arguments")), f.args,
		widget.NewLabel(lang.L("Folder")), f.folder,
		widget.NewLabel(lang.L("It runs")), f.start,
		look.Gap(0, 0), f.mayCall,
		widget.NewLabel(lang.L("It hears")), look.NewCompact(container.NewVBox(f.all, f.boxes)),
	)
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { f.dialog.Hide() })
	foot := container.NewVBox(f.problem, container.NewHBox(layout.NewSpacer(), cancel, f.save))
	title := lang.L("Edit plugin")
	if f.at < 0 {
		title = lang.L("Add plugin")
	}
	f.dialog = look.ShowDialog(title, container.NewBorder(nil, foot, nil, nil, container.NewVScroll(fields)), fyne.NewSize(680, 600), f.page.host.Window)
}

// open asks for the program. A script is run by what runs its kind.
func (f *form) open(button *widget.Button) {
	button.Disable()
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			f.page.host.Warn(words.Error(err))
			return
		}
		if file == nil {
			return // cancelled
		}
		path := file.URI().Path()
		if err := file.Close(); err != nil {
			f.page.host.Warn(words.Error(err))
		}
		f.choose(filepath.FromSlash(path))
	}, f.page.host.Window)
	d.SetOnClosed(button.Enable)
	d.Show()
	d.Resize(look.FileDialogSize(f.page.host.Window))
}

// choose fills in what runs a file, and the file's name where there is none yet.
func (f *form) choose(path string) {
	program, args := launch(path, runtime.GOOS)
	f.program.SetText(program)
	if len(args) > 0 {
		f.args.SetText(strings.Join(args, "\n"))
		if f.folder.Text == "" {
			f.folder.SetText(filepath.Dir(path))
		}
	}
	if f.name.Text == "" {
		f.name.SetText(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	}
}

// launch returns the program and the arguments that run a file.
func launch(path, goos string) (program string, args []string) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".py", ".pyw":
		if goos == "windows" {
			return "py", []string{"-3", "-u", path}
		}
		return "python3", []string{"-u", path}
	case ".js", ".mjs", ".cjs":
		return "node", []string{path}
	case ".ps1":
		return "powershell", []string{"-NoProfile", "-ExecutionPolicy", "Bypass", "-File", path}
	case ".jar":
		return "java", []string{"-jar", path}
	default:
		return path, nil
	}
}

// filled returns the plugin as it is in the form.
func (f *form) filled() profile.Plugin {
	p := f.old
	p.Name, p.Program, p.Folder = strings.TrimSpace(f.name.Text), strings.TrimSpace(f.program.Text), strings.TrimSpace(f.folder.Text)
	p.Args = nil
	if text := strings.TrimRight(f.args.Text, "\n"); text != "" {
		p.Args = strings.Split(text, "\n")
	}
	p.Events = nil
	if !f.all.Checked {
		for _, k := range f.old.Events {
			if f.kinds[k] == nil {
				p.Events = append(p.Events, k)
			}
		}
		for _, k := range offered() {
			if f.kinds[k].Checked {
				p.Events = append(p.Events, k)
			}
		}
	}
	p.Trigger, p.Start = f.mayCall.Checked, f.begin
	if p.Start == profile.StartWithLiveCue {
		p.Start = ""
	}
	return p
}

func (f *form) validate() {
	if f.save == nil || f.all == nil {
		return // it is being built
	}
	p := f.filled()
	problem := ""
	switch {
	case p.Name == "":
		problem = lang.L("Give the plugin a name.")
	case slices.ContainsFunc(f.others(), func(o profile.Plugin) bool { return o.Name == p.Name }):
		problem = lang.L("There is a plugin of that name already.")
	case p.Program == "":
		problem = lang.L("Choose the program. Of a script in Python or JavaScript, choose the script.")
	case !f.all.Checked && len(p.Events) == 0:
		problem = lang.L("Tick at least one kind of events.")
	default:
		for _, issue := range (profile.Profile{Plugins: []profile.Plugin{p}}).Check() {
			if strings.HasPrefix(issue.Field, "plugin") {
				problem = words.Issue(issue)
			}
		}
	}
	look.SetText(f.problem, problem, widget.WarningImportance)
	look.SetEnabled(f.save, problem == "")
}

// others are the plugins beside this one.
func (f *form) others() []profile.Plugin {
	return slices.DeleteFunc(f.page.core.Profile().Plugins, func(p profile.Plugin) bool { return f.at >= 0 && p.Name == f.old.Name })
}

func (f *form) store() {
	p := f.filled()
	err := f.page.save(func(all []profile.Plugin) []profile.Plugin {
		for i := range all {
			if f.at >= 0 && all[i].Name == f.old.Name {
				all[i] = p
				return all
			}
		}
		return append(all, p)
	})
	if err != nil {
		look.SetText(f.problem, words.Error(err), widget.DangerImportance)
		return
	}
	f.dialog.Hide()
}
