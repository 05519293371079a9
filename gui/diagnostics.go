package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/diagnose"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// newSaver returns what saves the report, or nil where the program offers none.
func newSaver(opts Options, host look.Host) *diagnose.Saver {
	if opts.SaveReport == nil {
		return nil
	}
	return &diagnose.Saver{Write: opts.SaveReport, Host: host}
}

func newDiagnostics(w *window, host look.Host, saver *diagnose.Saver) *diagnose.Page {
	return diagnose.NewPage(diagnose.Options{
		Program: w.core, Host: host, Saver: saver, Version: w.opts.Version, JournalFile: w.opts.JournalFile, LogDir: w.opts.LogDir,
		Recent: w.opts.Recent, OpenFolder: func(path string) error { return w.app.OpenURL(fileURL(path)) },
	})
}

// crashPanel tells of a crash until the user has answered.
type crashPanel struct {
	crash *Crash
	host  look.Host
	show  *widget.Button
	panel *look.Panel
}

// newCrashPanel returns the panel, which is hidden where there was no crash. Without a saver it offers no report.
func newCrashPanel(crash *Crash, host look.Host, saver *diagnose.Saver) fyne.CanvasObject {
	p := &crashPanel{crash: crash, host: host}
	text := look.NewProse("")
	save := widget.NewButtonWithIcon(lang.L("Save report …"), theme.DocumentSaveIcon(), nil)
	save.OnTapped = func() { saver.Ask(save, p.answer) }
	save.Importance = widget.HighImportance
	look.SetShown(save, saver != nil)
	p.show = widget.NewButton(lang.X("show a crash", "Show"), p.read)
	dismiss := widget.NewButton(lang.L("Dismiss"), p.answer)
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(22), widget.NewIcon(look.Tint(theme.WarningIcon(), theme.ColorNameWarning))))
	row := container.NewBorder(nil, nil, icon, container.NewCenter(container.NewHBox(save, p.show, dismiss)), look.AtMost(60, text))
	p.panel = look.NewPanel(look.ColorCard, look.Pad(2, 8, row))
	p.panel.Edge, p.panel.Radius = theme.ColorNameWarning, 8
	if crash == nil {
		p.panel.Hide()
		return p.panel
	}
	at := crash.At.Local()
	text.SetText(lang.L("LiveCue ended unexpectedly on {{.Date}} at {{.Time}}. We are sorry. Save a report and send it to us, so that it does not happen again.",
		map[string]any{"Date": at.Format("2006-01-02"), "Time": at.Format("15:04")}))
	return p.panel
}

// read shows what the program said as it died.
func (p *crashPanel) read() {
	p.show.Disable()
	var text string
	p.host.Run(func(ctx context.Context) (err error) {
		text, err = p.crash.Excerpt(ctx)
		return err
	}, func(err error) {
		p.show.Enable()
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		diagnose.ShowText(p.host, lang.L("What LiveCue said as it ended"), text, true)
	})
}

// answer hides the panel for good.
func (p *crashPanel) answer() {
	p.panel.Hide()
	p.host.Run(func(context.Context) error { return p.crash.Answer() }, func(err error) {
		if err != nil {
			p.host.Warn(lang.L("LiveCue may ask again at the next start: {{.Detail}}", map[string]any{"Detail": words.Error(err)}))
		}
	})
}
