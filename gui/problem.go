package gui

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// ShowProblem shows a small window that says why the program cannot begin, and what to do: for a *profile.FileError with
// the way to the file. It needs no Core in opts. It blocks until the window is closed or ctx is done, and returns errors
// as Run does. It must be called from the main goroutine.
func ShowProblem(ctx context.Context, opts Options, problem error) error {
	a, win, err := openWindow(opts)
	if err != nil {
		return err
	}
	a.Settings().SetTheme(themeOf(opts.Theme))
	win.SetContent(newProblemPage(a, win, problem))
	win.Resize(fyne.NewSize(620, 380))
	win.CenterOnScreen()
	if err := show(win); err != nil {
		return err
	}
	loop(ctx, a)
	return nil
}

// newProblemPage is the content of that window.
func newProblemPage(a fyne.App, win fyne.Window, problem error) fyne.CanvasObject {
	text := container.NewVBox()
	buttons := container.NewHBox()
	title := lang.L("LiveCue cannot start")
	var file *profile.FileError
	if errors.As(problem, &file) {
		title = lang.L("LiveCue cannot read your profile")
		trouble := words.FileTrouble(file)
		path := look.NewStrong(file.Path)
		path.Truncation, path.Wrapping = fyne.TextTruncateOff, fyne.TextWrapBreak
		text.Add(path)
		text.Add(look.NewProse(trouble.Cause))
		text.Add(look.NewProse(trouble.Remedy))
		buttons = fileButtons(a, file.Path)
	} else {
		text.Add(look.NewProse(words.Error(problem)))
	}
	done := widget.NewButton(lang.X("close a dialog", "Close"), win.Close)
	done.Importance = widget.HighImportance
	buttons.Add(layout.NewSpacer())
	buttons.Add(done)
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), widget.NewIcon(look.Tint(theme.WarningIcon(), theme.ColorNameWarning))))
	head := container.NewHBox(look.Gap(2, 0), icon, look.NewTitle(title))
	return look.Pad(10, 12, container.NewBorder(head, look.Inset(buttons), nil, nil, container.NewVScroll(text)))
}

// fileButtons copy a file's path, and open the folder that it is in.
func fileButtons(a fyne.App, path string) *fyne.Container {
	copyPath := widget.NewButtonWithIcon(lang.L("Copy path"), theme.ContentCopyIcon(), func() { a.Clipboard().SetContent(path) })
	var open *widget.Button
	open = widget.NewButtonWithIcon(lang.L("Open folder"), theme.FolderOpenIcon(), func() {
		if err := a.OpenURL(fileURL(filepath.Dir(path))); err != nil {
			open.SetText(lang.L("The folder cannot be opened"))
			open.Disable()
		}
	})
	return container.NewHBox(copyPath, open)
}

// fileURL returns the URL of a file or folder: file:///home/pia of /home/pia, file:///C:/Users of C:\Users.
func fileURL(path string) *url.URL {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return &url.URL{Scheme: "file", Path: path}
}
