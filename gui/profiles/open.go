package profiles

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"github.com/livecue/livecue/core/mca"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/words"
)

// errNotAFile says that what was chosen is a folder, a device or the like.
var errNotAFile = errors.New("that is no file")

// askImport asks for a file.
func (p *Page) askImport() {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			p.host.Warn(openFailed("", err))
		case file != nil:
			path := file.URI().Path()
			_ = file.Close() // it is opened again, away from the UI thread
			p.Open(path)
		}
	}, p.host.Window)
	d.SetTitleText(lang.L("Import a profile or actions.mca"))
	d.SetFilter(storage.NewExtensionFileFilter([]string{exportEnding, ".zip", ".toml", ".mca", ".txt"}))
	d.Resize(p.dialogSize())
	d.Show()
}

// Drop imports the first of the files that the user has dropped on the window.
func (p *Page) Drop(files []fyne.URI) {
	if len(files) == 0 || p.host.Window.Canvas().Overlays().Top() != nil {
		return // a dialog is open: its answer goes first
	}
	if files[0].Scheme() != "file" {
		p.host.Warn(openFailed("", errNotAFile))
		return
	}
	p.Open(files[0].Path())
}

// Open reads a file and shows what an import of it would bring. Nothing is kept before the user says so.
func (p *Page) Open(path string) {
	var found origin
	p.work(func(context.Context) (err error) {
		found, err = p.read(path)
		return err
	}, func(err error) {
		if err != nil {
			p.host.Warn(openFailed(filepath.Base(path), err))
			return
		}
		p.preview(found)
	})
}

// read returns what a file can become.
func (p *Page) read(path string) (origin, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotAFile
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	name := strings.ToLower(filepath.Base(path))
	if strings.Contains(name, ".mca") || strings.HasSuffix(name, ".txt") {
		data, err := io.ReadAll(io.LimitReader(f, mca.MaxFile+1))
		if err != nil {
			return nil, err
		}
		return &mcaOrigin{core: p.core, file: filepath.Base(path), text: string(data)}, nil
	}
	v, err := p.core.PreviewImport(f)
	if err != nil {
		return nil, err
	}
	return &exportOrigin{core: p.core, preview: v}, nil
}

// openFailed says why a file is not imported.
func openFailed(name string, err error) string {
	text := words.Error(err)
	switch {
	case errors.Is(err, errNotAFile):
		text = lang.L("That is no file. Drop or choose a single file.")
	case errors.Is(err, fs.ErrPermission):
		text = lang.L("LiveCue may not read it.")
	case errors.Is(err, library.ErrHostile), errors.Is(err, library.ErrNoExport), errors.Is(err, fs.ErrNotExist):
	default:
		text = lang.L("This file is no profile of LiveCue.") + " " + text
	}
	if name == "" {
		return text
	}
	return words.Clean(name, 60) + ": " + text
}
