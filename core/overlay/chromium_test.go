package overlay

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// chromium is a real browser without a window, driven over its DevTools protocol. One serves all tests of this package.
type chromium struct {
	process *exec.Cmd
	profile string
	conn    *websocket.Conn
	stop    context.CancelFunc
	over    chan struct{}

	mu      sync.Mutex
	next    int
	waiting map[int]chan reply
	errors  map[string][]string // what went wrong in a page, by session
}

type reply struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	Session   string          `json:"sessionId"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	ErrorText *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// findChromium returns the program, wherever the system keeps it.
func findChromium() (string, error) {
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "chrome", "msedge",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		`C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the pages are tested in Chromium, which is not installed: scripts/setup.sh test")
}

func startChromium() (*chromium, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "livecue-chromium-")
	if err != nil {
		return nil, err
	}
	c := &chromium{profile: profile, waiting: map[int]chan reply{}, errors: map[string][]string{}, over: make(chan struct{})}
	c.process = exec.Command(path, "--headless=new", "--remote-debugging-port=0", "--user-data-dir="+profile, "--no-first-run",
		"--no-sandbox", "--disable-gpu", "--process-per-site", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
		"--autoplay-policy=no-user-gesture-required", "--mute-audio", "--lang=en", "about:blank")
	stderr, err := c.process.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := c.process.Start(); err != nil {
		return nil, err
	}
	address := ""
	lines := bufio.NewScanner(stderr)
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "DevTools listening on ")
	}
	go func() { // ends with the browser
		for lines.Scan() { //nolint:revive // a full pipe would stop it
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	dial, done := context.WithTimeout(ctx, patience)
	defer done()
	if c.conn, _, err = websocket.Dial(dial, address, nil); err != nil { //nolint:bodyclose // the helper has closed it
		return nil, errors.Join(err, c.process.Process.Kill(), c.process.Wait())
	}
	c.conn.SetReadLimit(64 << 20)
	go c.read(ctx) // ends with close
	return c, nil
}

func (c *chromium) close() {
	if c == nil {
		return
	}
	c.stop()
	_ = c.conn.CloseNow()
	<-c.over
	_ = c.process.Process.Kill()
	_ = c.process.Wait()
	// Its children may write for a moment yet.
	for range 50 {
		if os.RemoveAll(c.profile) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (c *chromium) read(ctx context.Context) {
	defer close(c.over)
	for {
		_, data, err := c.conn.Read(ctx)
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(data, &r) != nil {
			continue
		}
		c.mu.Lock()
		switch {
		case r.ID > 0:
			if ch := c.waiting[r.ID]; ch != nil {
				ch <- r
			}
			delete(c.waiting, r.ID)
		case r.Method == "Runtime.exceptionThrown", r.Method == "Log.entryAdded" && strings.Contains(string(r.Params), "Content Security"):
			c.errors[r.Session] = append(c.errors[r.Session], string(r.Params))
		}
		c.mu.Unlock()
	}
}

// call asks the browser, or a page of it, and decodes its answer into result.
func (c *chromium) call(session, method string, params map[string]any, result any) error {
	c.mu.Lock()
	c.next++
	id, ch := c.next, make(chan reply, 1)
	c.waiting[id] = ch
	c.mu.Unlock()
	request := map[string]any{"id": id, "method": method, "params": params}
	if session != "" {
		request["sessionId"] = session
	}
	data, err := json.Marshal(request)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return err
	}
	select {
	case r := <-ch:
		switch {
		case r.ErrorText != nil:
			return fmt.Errorf("%s: %s", method, r.ErrorText.Message)
		case result != nil:
			return json.Unmarshal(r.Result, result)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: no answer", method)
	}
}

// tab is a page of the browser.
type tab struct {
	t       testing.TB
	browser *chromium
	session string
}

// open opens an address in a transparent tab of the given size, as OBS does, and closes it when the test ends.
func (c *chromium) open(t testing.TB, address string, width, height int) *tab {
	t.Helper()
	var target struct {
		TargetID string `json:"targetId"`
	}
	tab := &tab{t: t, browser: c}
	tab.must(c.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target))
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	tab.must(c.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached))
	tab.session = attached.SessionID
	t.Cleanup(func() {
		c.mu.Lock()
		for _, e := range c.errors[tab.session] {
			t.Errorf("the page reports: %s", e)
		}
		c.mu.Unlock()
		_ = c.call("", "Target.closeTarget", map[string]any{"targetId": target.TargetID}, nil)
	})
	clear := map[string]any{"r": 0, "g": 0, "b": 0, "a": 0}
	tab.do("Runtime.enable", nil)
	tab.do("Log.enable", nil)
	tab.do("Page.enable", nil)
	tab.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
	tab.do("Emulation.setDefaultBackgroundColorOverride", map[string]any{"color": clear})
	tab.do("Page.navigate", map[string]any{"url": address})
	return tab
}

func (p *tab) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) do(method string, params map[string]any) {
	p.t.Helper()
	p.must(p.browser.call(p.session, method, params, nil))
}

// eval returns what a JavaScript expression comes to, as JSON has it.
func (p *tab) eval(expression string) any {
	p.t.Helper()
	value, err := p.try(expression)
	p.must(err)
	return value
}

// try is eval for a page that may be loading: it has no document for a moment.
func (p *tab) try(expression string) (any, error) {
	var got struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text string `json:"text"`
		} `json:"exceptionDetails"`
	}
	params := map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}
	if err := p.browser.call(p.session, "Runtime.evaluate", params, &got); err != nil {
		return nil, err
	}
	if got.Exception != nil {
		return nil, fmt.Errorf("%s: %s", expression, got.Exception.Text)
	}
	return got.Result.Value, nil
}

// until waits until an expression is true.
func (p *tab) until(expression string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		value, err := p.try("Boolean(" + expression + ")")
		if value == true {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain for %s (%v); the page shows %q", expression, err, p.text())
		}
	}
}

// text is what can be read on the page.
func (p *tab) text() string {
	text, _ := p.try("document.body.innerText") // a page that is loading has none
	s, _ := text.(string)
	return strings.Join(strings.Fields(s), " ")
}

// shows waits until the page can be read so.
func (p *tab) shows(want string) {
	p.t.Helper()
	got := ""
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if got = p.text(); got == want {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the page shows %q, want %q", got, want)
		}
	}
}

// connected waits until the page hears from LiveCue.
func (p *tab) connected() *tab {
	p.t.Helper()
	p.until("'connected' in document.documentElement.dataset")
	return p
}

// screenshot returns the page as a PNG, with its transparency.
func (p *tab) screenshot() []byte {
	p.t.Helper()
	var got struct {
		Data string `json:"data"`
	}
	p.must(p.browser.call(p.session, "Page.captureScreenshot", map[string]any{"format": "png"}, &got))
	data, err := base64.StdEncoding.DecodeString(got.Data)
	p.must(err)
	return data
}

// save writes a picture of the page, over the night and over the day, where LIVECUE_SCREENS says, if it says so.
func (p *tab) save(name string) {
	p.t.Helper()
	dir := os.Getenv("LIVECUE_SCREENS")
	if dir == "" {
		return
	}
	shot, err := png.Decode(bytes.NewReader(p.screenshot()))
	p.must(err)
	size := shot.Bounds().Size()
	both := image.NewRGBA(image.Rect(0, 0, 2*size.X, size.Y))
	for i, background := range []color.RGBA{{16, 20, 32, 255}, {190, 222, 250, 255}} {
		half := image.Rect(i*size.X, 0, (i+1)*size.X, size.Y)
		draw.Draw(both, half, image.NewUniform(background), image.Point{}, draw.Src)
		draw.Draw(both, half, shot, image.Point{}, draw.Over)
	}
	var out bytes.Buffer
	p.must(png.Encode(&out, both))
	p.must(os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o600))
}
