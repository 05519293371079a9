package profiles

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// exportEnding is that of exports. They are ZIP archives.
const exportEnding = ".livecue"

// askExport says what an export of a profile will hold, and then asks where it goes.
func (p *Page) askExport(e library.Entry) {
	var plan library.Exported
	p.work(func(context.Context) (err error) {
		plan, err = p.core.PlanExport(e.ID)
		return err
	}, func(err error) {
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		p.showExport(e, plan)
	})
}

func (p *Page) showExport(e library.Entry, plan library.Exported) {
	var hide func()
	text := look.NewProse(lang.L("All rules and settings go into one file, for a friend or another computer. Passwords and keys are not in it."))
	lines := exportLines(plan)
	var list fyne.CanvasObject = look.NewHint(lang.L("The profile uses no sounds and pictures of yours."))
	if len(lines) > 0 {
		list = newReport(lines).list
	}
	choose := widget.NewButtonWithIcon(lang.L("Choose a place …"), theme.DocumentSaveIcon(), func() { hide(); p.chooseExport(e) })
	choose.Importance = widget.HighImportance
	buttons := container.NewHBox(layout.NewSpacer(), widget.NewButton(lang.L("Cancel"), func() { hide() }), choose)
	height := min(220+reportRowHeight*float32(len(lines)), 520)
	d := look.ShowDialog(lang.L("Export “{{.Name}}”", map[string]any{"Name": nameOf(e)}),
		container.NewBorder(text, look.Pad(6, 0, buttons), nil, nil, list), fyne.NewSize(640, height), p.host.Window)
	hide = d.Hide
}

// exportLines list the files that travel, then what does not.
func exportLines(plan library.Exported) []line {
	var lines []line
	for _, name := range plan.Names {
		lines = append(lines, line{theme.ConfirmIcon(), theme.ColorNameSuccess, words.Clean(name, 60), lang.L("travels with the profile")})
	}
	for _, o := range plan.LeftOut {
		detail := lang.L("left out: {{.Reason}}", map[string]any{"Reason": words.LeftOut(o.Reason)})
		if o.Rule != "" {
			detail = words.Clean(o.Rule, 60) + " · " + detail
		}
		lines = append(lines, line{theme.WarningIcon(), theme.ColorNameWarning, words.Clean(o.What, 90), detail})
	}
	return lines
}

// chooseExport asks where the file goes.
func (p *Page) chooseExport(e library.Entry) {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			p.host.Warn(exportFailed(err))
		case file != nil:
			p.export(e, file)
		}
	}, p.host.Window)
	d.SetTitleText(lang.L("Export “{{.Name}}”", map[string]any{"Name": nameOf(e)}))
	d.SetFileName(e.ID + exportEnding)
	d.SetFilter(storage.NewExtensionFileFilter([]string{exportEnding, ".zip"}))
	d.Resize(p.dialogSize())
	d.Show()
}

// dialogSize is that of a dialog that chooses a file.
func (p *Page) dialogSize() fyne.Size {
	return fyne.NewSize(820, 560).Min(p.host.Window.Canvas().Size().SubtractWidthHeight(24, 24))
}

// export leaves the whole export behind or no file.
func (p *Page) export(e library.Entry, file fyne.URIWriteCloser) {
	p.work(func(context.Context) error {
		_, err := p.core.ExportProfile(e.ID, file)
		if err := errors.Join(err, file.Close()); err != nil {
			_ = storage.Delete(file.URI()) // the error is told; half an export is of no use
			return err
		}
		return nil
	}, func(err error) {
		if err != nil {
			p.host.Warn(exportFailed(err))
			return
		}
		p.host.Say(lang.L("The export is in {{.Path}}. No passwords are in it.", map[string]any{"Path": file.URI().Path()}))
	})
}

func exportFailed(err error) string {
	return lang.L("The export was not saved: {{.Detail}}", map[string]any{"Detail": words.Error(err)})
}
