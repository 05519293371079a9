package diagnose

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Saver asks where the report is to go and saves it there.
type Saver struct {
	// Write writes the report, a ZIP archive. It may take as long as a keyring takes to answer.
	Write func(ctx context.Context, w io.Writer) error
	Host  look.Host
}

// Ask shows a save dialog. The button that asked rests until all is over; saved is called after a success, nil is nothing.
func (s *Saver) Ask(button *widget.Button, saved func()) {
	button.Disable()
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		s.save(file, err, func(err error) {
			button.Enable()
			if err == nil && saved != nil {
				saved()
			}
		})
	}, s.Host.Window)
	d.SetTitleText(lang.L("Save report"))
	d.SetFileName(reportName(time.Now()))
	d.SetFilter(storage.NewExtensionFileFilter([]string{".zip"}))
	d.Resize(fyne.NewSize(820, 560).Min(s.Host.Window.Canvas().Size().SubtractWidthHeight(24, 24)))
	d.Show()
}

// reportName is dated, so that of two reports it is plain which is the newer.
func reportName(now time.Time) string {
	return "livecue-report-" + now.Format("2006-01-02-150405") + ".zip"
}

// errCancelled says that the user has thought better of it.
var errCancelled = errors.New("no file was chosen")

// save writes the report to file, nil where the user chose none, says how it went and calls done.
func (s *Saver) save(file fyne.URIWriteCloser, err error, done func(error)) {
	switch {
	case err != nil:
		s.Host.Warn(saveFailed(err))
		done(err)
		return
	case file == nil:
		s.Host.Say(lang.L("No report was saved."))
		done(errCancelled)
		return
	}
	path := file.URI().Path()
	s.Host.Say(lang.L("The report is being written."))
	s.Host.Run(func(ctx context.Context) error { return s.writeTo(ctx, file) }, func(err error) {
		if err != nil {
			s.Host.Warn(saveFailed(err))
		} else {
			s.Host.Say(lang.L("The report is in {{.Path}}. It has no passwords, keys or addresses; viewers' names may be in it.", map[string]any{"Path": path}))
		}
		done(err)
	})
}

// writeTo leaves the whole report behind or no file.
func (s *Saver) writeTo(ctx context.Context, file fyne.URIWriteCloser) error {
	var archive bytes.Buffer
	err := s.Write(ctx, &archive)
	if err == nil {
		_, err = archive.WriteTo(file)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		_ = storage.Delete(file.URI()) // the error is told; what is left of the file is of no use, and says so when it is opened
		return err
	}
	return nil
}

func saveFailed(err error) string {
	return lang.L("The report was not saved: {{.Detail}}", map[string]any{"Detail": words.Error(err)})
}
