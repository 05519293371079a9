//go:build linux

package gui

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// screen is an X display with a window manager, and the program on it.
type screen struct {
	t       *testing.T
	display string
	home    string
	log     output
	program *exec.Cmd
	window  string
}

// output gathers what a program says while the test reads it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// packages are what Debian and Ubuntu call the packages of the programs that the test needs.
var packages = map[string]string{"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "import": "imagemagick"}

func newScreen(t *testing.T) *screen {
	t.Helper()
	for program, name := range packages {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: install the package %s", program, name)
		}
	}
	d := &screen{t: t, home: t.TempDir(), display: os.Getenv("DISPLAY")}
	if d.display == "" {
		d.startDisplay()
	}
	return d
}

// startDisplay starts a display of its own with a window manager, which ends with the test. A display whose number another
// program has just given up can lose its socket to that program's farewell, so it is tried more than once. It must not
// begin anew when its last client leaves, as it would by itself: the window manager may be on its way.
func (d *screen) startDisplay() {
	d.t.Helper()
	for range 5 {
		if d.display = d.tryDisplay(); d.display != "" {
			d.start(d.command("openbox"))
			return
		}
	}
	d.t.Fatal("Xvfb does not start")
}

// tryDisplay starts Xvfb and returns the display once it answers, or "".
func (d *screen) tryDisplay() string {
	d.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{write}
	d.start(server)
	_ = write.Close()
	if err := read.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		d.t.Fatal(err)
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return ""
	}
	display := ":" + strings.TrimSpace(number)
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		asked := d.command("xdotool", "getdisplaygeometry")
		asked.Env = append(asked.Env, "DISPLAY="+display)
		if asked.Run() == nil {
			return display
		}
	}
	return ""
}

// start runs a program that is ended with the test.
func (d *screen) start(c *exec.Cmd) {
	d.t.Helper()
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait() // it was told to end, and says so
	})
}

func (d *screen) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "DISPLAY="+d.display, "WAYLAND_DISPLAY=", "HOME="+d.home, "XDG_CONFIG_HOME="+filepath.Join(d.home, "config"),
		"XDG_CACHE_HOME="+filepath.Join(d.home, "cache"), "LC_ALL=", "LC_MESSAGES=", "LANGUAGE=", "LANG=en_US.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1")
	return c
}

// run shows the window of this test binary, on a page, and waits until it is there. env is added to the environment.
func (d *screen) run(page Page, env ...string) {
	d.t.Helper()
	d.program = d.command(os.Args[0])
	d.program.Env = append(append(d.program.Env, windowEnv+"="+string(page), themeEnv+"=dark"), env...)
	d.program.Stdout, d.program.Stderr = &d.log, &d.log
	if err := d.program.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = d.program.Process.Kill() })
	d.until("the window", func() bool {
		out, err := d.command("xdotool", "search", "--onlyvisible", "--pid", fmt.Sprint(d.program.Process.Pid), "--name", "LiveCue").Output()
		ids := strings.Fields(string(out))
		if err != nil || len(ids) == 0 {
			return false
		}
		d.window = ids[len(ids)-1]
		return true
	})
}

func (d *screen) until(what string, cond func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !cond(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("never came: %s; the program says:\n%s", what, d.log.String())
		}
	}
}

func (d *screen) xdotool(args ...string) {
	d.t.Helper()
	if out, err := d.command("xdotool", args...).CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool %v: %v: %s", args, err, out)
	}
}

// click clicks at a place in the window, whose scale is 1.
func (d *screen) click(x, y int) {
	d.t.Helper()
	d.xdotool("mousemove", "--window", d.window, fmt.Sprint(x), fmt.Sprint(y), "click", "1")
}

func (d *screen) picture() image.Image {
	d.t.Helper()
	data, err := d.command("import", "-window", d.window, "png:-").Output()
	if err != nil {
		d.t.Fatalf("take a picture: %v", err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		d.t.Fatalf("read the picture: %v", err)
	}
	return img
}

// colours counts the different colours of a picture: a window that draws nothing has one or two.
func colours(img image.Image) int {
	seen := map[[3]uint32]bool{}
	b := img.Bounds()
	for x := b.Min.X; x < b.Max.X; x += 2 {
		for y := b.Min.Y; y < b.Max.Y; y += 2 {
			r, g, b, _ := img.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}

// TestRealWindow is the one test in a real window: it is there that Fyne checks which goroutine calls it, and there that the
// keyboard's way to the fields and the shortcuts is Fyne's own.
func TestRealWindow(t *testing.T) {
	d := newScreen(t)
	d.run(PageConnections)
	d.until("something to be drawn", func() bool { return colours(d.picture()) > 50 })
	// The window manager may still be starting.
	d.until("the window to be active", func() bool { return d.command("xdotool", "windowactivate", "--sync", d.window).Run() == nil })

	// The name is typed and sent off with the keyboard alone once the field has the focus.
	d.click(560, 200)
	d.xdotool("type", "--delay", "20", "@pixel_pia")
	d.xdotool("key", "Return")
	d.until("the connection", func() bool { return strings.Contains(d.log.String(), "connect @pixel_pia") })

	// The panic stop works while a field has the focus.
	d.click(80, 267) // Connections
	d.click(560, 200)
	d.xdotool("key", "ctrl+shift+p")
	d.until("the panic stop", func() bool { return strings.Contains(d.log.String(), "panic stop") })

	d.xdotool("key", "--clearmodifiers", "alt+F4")
	d.ended()
	kept, err := os.ReadFile(filepath.Join(d.home, "config", "fyne", appID, "preferences.json"))
	if err != nil || !strings.Contains(string(kept), widthPreference) {
		t.Errorf("the window's size is not kept: %s (%v)", kept, err)
	}
	if log := d.log.String(); strings.Contains(log, "Error in Fyne call thread") {
		t.Errorf("Fyne was called from the wrong goroutine:\n%s", log)
	}
}

// A profile with a mistake opens a window that says so, with a folder that exists, and closes like any other.
func TestRealProblemWindow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := os.WriteFile(path, []byte("version = 1\n[tiktok\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newScreen(t)
	d.run(problemPage, profileEnv+"="+path)
	d.until("something to be drawn", func() bool { return colours(d.picture()) > 50 })
	d.until("the window to be active", func() bool { return d.command("xdotool", "windowactivate", "--sync", d.window).Run() == nil })
	d.xdotool("key", "--clearmodifiers", "alt+F4")
	d.ended()
	if log := d.log.String(); strings.Contains(log, "Error in Fyne call thread") {
		t.Errorf("Fyne was called from the wrong goroutine:\n%s", log)
	}
}

// ended waits until the program has closed its window and ended by itself.
func (d *screen) ended() {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.program.Wait() }()
	select {
	case err := <-done:
		if err != nil || !strings.Contains(d.log.String(), "window closed cleanly") {
			d.t.Fatalf("it did not end well (%v):\n%s", err, d.log.String())
		}
	case <-ctx.Done():
		d.t.Fatalf("it did not end:\n%s", d.log.String())
	}
}

func TestWithoutDisplayThereIsAnError(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if err := Run(context.Background(), Options{Core: newFakeCore()}); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("err = %v", err)
	}
	if err := ShowProblem(context.Background(), Options{}, errors.New("no reason")); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("err = %v", err)
	}
}

// A display that does not answer, and one without OpenGL, end in an error and not in a crash or in no window at all.
func TestDisplayThatCannotShowAWindow(t *testing.T) {
	d := newScreen(t)
	tests := map[string][]string{
		"no server": {"DISPLAY=:9999"},
		"no OpenGL": {"LIBGL_DRIVERS_PATH=/nonexistent", "__EGL_VENDOR_LIBRARY_FILENAMES=/nonexistent", "LIBGL_ALWAYS_INDIRECT=1", "GALLIUM_DRIVER=none"},
	}
	for name, env := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
			defer cancel()
			base := d.command(os.Args[0])
			c := exec.CommandContext(ctx, base.Path)
			c.Env = append(append(base.Env, windowEnv+"=live"), env...)
			out, err := c.CombinedOutput()
			if err == nil || ctx.Err() != nil || !strings.Contains(string(out), "show the window") {
				t.Errorf("err = %v (%v):\n%s", err, ctx.Err(), out)
			}
		})
	}
}
