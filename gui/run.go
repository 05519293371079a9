// Package gui is the window. It asks the program for what it shows through Core, and changes nothing by itself.
package gui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/gui/words"
)

// appID names the program to the system; preferences are kept under it.
const appID = "org.livecue.LiveCue"

// ErrNoDisplay says that there is no screen to show a window on.
var ErrNoDisplay = errors.New("no display: there is no screen to show a window on; start with the word headless to run without one")

// Run shows the window and blocks until it is closed or ctx is done. It must be called from the main goroutine. When no
// window can be shown, because there is no display or no OpenGL, it returns an error.
func Run(ctx context.Context, opts Options) error {
	a, win, err := openWindow(opts)
	if err != nil {
		return err
	}
	w := newWindow(ctx, a, win, fyne.Do, opts)
	win.Resize(firstSize(a.Preferences(), opts))
	win.CenterOnScreen()
	if err := show(win); err != nil {
		w.close()
		return err
	}
	w.run()
	loop(w.tasks.ctx, a) //nolint:contextcheck // it comes of ctx, and ends with the window
	w.close()
	return nil
}

// loop runs the application until its window is closed or ctx is done.
func loop(ctx context.Context, a fyne.App) {
	ctx, cancel := context.WithCancel(ctx)
	var quitter sync.WaitGroup
	quitter.Go(func() {
		<-ctx.Done()
		// The driver's Quit does nothing when it has ended already; the application's would touch windows that are gone.
		fyne.Do(a.Driver().Quit)
	})
	a.Run()
	cancel()
	quitter.Wait()
}

// openWindow makes the application and its window, which is not shown yet.
func openWindow(opts Options) (a fyne.App, win fyne.Window, err error) {
	if !hasDisplay() {
		return nil, nil, ErrNoDisplay
	}
	setLanguage(opts.Language)
	defer func() { err = recovered(recover(), err) }()
	icon := fyne.NewStaticResource("icon.png", assets.Icon)
	app.SetMetadata(fyne.AppMetadata{
		ID: appID, Name: "LiveCue", Version: opts.Version, Icon: icon,
		Migrations: map[string]bool{"fyneDo": !opts.CheckThreads},
	})
	a = app.NewWithID(appID)
	a.SetIcon(icon)
	if err := words.Load(assets.Translations()); err != nil {
		return nil, nil, err
	}
	win = a.NewWindow("LiveCue")
	win.SetMaster()
	return a, win, nil
}

// recovered makes an error of a panic: GLFW panics where it cannot reach the display.
func recovered(panicked any, err error) error {
	if panicked == nil {
		return err
	}
	return fmt.Errorf("show the window: the display cannot be used: %v", panicked)
}

// show shows the window. Without OpenGL Fyne only logs, and there is no window.
func show(win fyne.Window) (err error) {
	defer func() { err = recovered(recover(), err) }()
	win.Show()
	native, ok := win.(driver.NativeWindow)
	if !ok {
		return nil
	}
	native.RunNative(func(context any) {
		if !hasHandle(context) {
			err = errors.New("show the window: OpenGL 2.1 is missing; install the graphics driver, or on Linux libgl1-mesa-dri")
		}
	})
	return err
}

// hasHandle reports whether the system knows the window.
func hasHandle(context any) bool {
	switch c := context.(type) {
	case driver.X11WindowContext:
		return c.WindowHandle != 0
	case driver.WaylandWindowContext:
		return c.WaylandSurface != 0
	case driver.WindowsWindowContext:
		return c.HWND != 0
	case driver.MacWindowContext:
		return c.NSWindow != 0
	default:
		return true
	}
}

// hasDisplay reports whether the environment names a display; Windows and macOS always have one.
func hasDisplay() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// setLanguage chooses a language. Fyne reads it from the environment and cannot be told; it also complains of a locale that
// is none, such as C.
func setLanguage(language string) {
	locale := map[string]string{"de": "de_DE.UTF-8", "en": "en_US.UTF-8"}[language]
	if locale == "" {
		return
	}
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES"} {
		os.Unsetenv(name) //nolint:errcheck // fails only for a name that cannot be one
	}
	os.Setenv("LANG", locale) //nolint:errcheck // the same
}
