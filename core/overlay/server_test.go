package overlay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/action"
)

func TestOthersAreRefused(t *testing.T) {
	st := begin(t, Options{})
	address, page := st.Status().Address, st.addressOf(PageGoal)
	_, port, _ := strings.Cut(address, ":")
	for _, c := range []struct {
		name, method, url, host string
		want                    int
	}{
		{"as it should be", http.MethodGet, page, address, http.StatusOK},
		{"by name", http.MethodGet, page, "localhost:" + port, http.StatusOK},
		{"a head", http.MethodHead, page, address, http.StatusOK},
		{"a name that was made to point here", http.MethodGet, page, "evil.example:" + port, http.StatusMisdirectedRequest},
		{"a name without a port", http.MethodGet, page, "127.0.0.1", http.StatusMisdirectedRequest},
		{"no name", http.MethodGet, page, ";script-src *", http.StatusMisdirectedRequest},
		{"another token", http.MethodGet, strings.Replace(page, st.token, strings.Repeat("A", 26), 1), address, http.StatusNotFound},
		{"no token", http.MethodGet, "http://" + address + "/goal", address, http.StatusNotFound},
		{"nothing", http.MethodGet, "http://" + address, address, http.StatusNotFound},
		{"a post", http.MethodPost, page, address, http.StatusMethodNotAllowed},
		{"a question before a post", http.MethodOptions, page, address, http.StatusMethodNotAllowed},
		{"a socket of no page", http.MethodGet, strings.Replace(page, "goal", "live?page=x", 1), address, http.StatusNotFound},
		{"a socket that is none", http.MethodGet, strings.Replace(page, "goal", "live?page=goal", 1), address, http.StatusUpgradeRequired},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, c.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = c.host
			r.Header.Set("Origin", "https://evil.example")
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != c.want {
				t.Errorf("got %s, want %d", resp.Status, c.want)
			}
			for name := range resp.Header {
				if strings.HasPrefix(name, "Access-Control") {
					t.Errorf("it allows %s", name)
				}
			}
			csp := resp.Header.Get("Content-Security-Policy")
			if !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src *") {
				t.Errorf("the page may do %q", csp)
			}
			if resp.Header.Get("Referrer-Policy") != "no-referrer" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("the headers are %v", resp.Header)
			}
		})
	}
}

// dial opens the socket of a page as a program could.
func dial(t testing.TB, st *stage, page, origin string) (*websocket.Conn, error) {
	t.Helper()
	url := strings.Replace(strings.Replace(st.addressOf(PageGoal), "http:", "ws:", 1), PageGoal, "live?page="+page, 1)
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, resp, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{HTTPHeader: header})
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err == nil {
		conn.SetReadLimit(1 << 20)
		t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, err
}

func TestPagesOfOtherOriginsGetNoSocket(t *testing.T) {
	st := begin(t, Options{})
	for origin, isTaken := range map[string]bool{
		"http://" + st.Status().Address: true, "https://evil.example": false, "null": false, "http://127.0.0.1:1": false,
	} {
		if _, err := dial(t, st, PageGoal, origin); (err == nil) != isTaken {
			t.Errorf("origin %q: %v", origin, err)
		}
	}
}

func TestNoOtherAddressIsListenedOn(t *testing.T) {
	st := begin(t, Options{})
	host, port, err := net.SplitHostPort(st.Status().Address)
	if err != nil || host != "127.0.0.1" {
		t.Fatalf("it is at %s: %v", st.Status().Address, err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		ip, ok := a.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() && ip.IP.To4() != nil {
			continue
		}
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(ip.IP.String(), port), time.Second)
		if err == nil {
			_ = conn.Close()
			t.Errorf("it answers at %s", ip.IP)
		}
	}
}

func TestATakenPortIsLeftAndToldOf(t *testing.T) {
	t.Parallel()
	var taken net.Listener
	for taken == nil { // one with room for those after it
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		if l.Addr().(*net.TCPAddr).Port < 65500 {
			taken = l
		}
	}
	port := taken.Addr().(*net.TCPAddr).Port
	st := begin(t, Options{Settings: Settings{Port: port}})
	status := st.Status()
	if got := portOf(status.Address); got <= port && got != 0 || !strings.Contains(status.Problem, fmt.Sprint(port)) || !strings.Contains(status.Problem, status.Address) {
		t.Errorf("got %+v", status)
	}
	if address := st.addressOf(PageGoal); !strings.Contains(address, status.Address) {
		t.Errorf("the page is said to be at %s", address)
	}
}

func TestThePortCanBeChanged(t *testing.T) {
	st := begin(t, Options{})
	if _, err := dial(t, st, PageGoal, ""); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the page is counted", func() bool { return st.Status().Pages == 1 })
	st.Configure(Settings{Off: true})
	eventually(t, "the page is let go", func() bool { return st.Status().Pages == 0 })
	if _, err := dial(t, st, PageGoal, ""); err == nil {
		t.Error("a server that is off answers")
	}
	port := freePort(t)
	st.Configure(Settings{Port: port})
	eventually(t, "the other port answers", func() bool {
		_, err := dial(t, st, PageGoal, "")
		return err == nil && portOf(st.Status().Address) == port
	})
}

func TestTheTokenIsKeptAndCanBeRenewed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "overlay-token")
	var mu sync.Mutex
	var told []string
	tell := func(secret string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, secret)
	}
	first := begin(t, Options{TokenPath: path, OnSecret: tell})
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	again := begin(t, Options{TokenPath: path})
	if first.token != again.token {
		t.Error("a restart has another token")
	}
	page := first.open(PageGoal, "")
	old := first.addressOf(PageGoal)
	if err := first.RenewToken(); err != nil {
		t.Fatal(err)
	}
	page.until("!('connected' in document.documentElement.dataset)")
	if address := first.addressOf(PageGoal); address == old || !strings.Contains(address, first.token) {
		t.Errorf("the new address is %s", address)
	}
	resp, err := http.Get(old)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("the old address answers %s", resp.Status)
	}
	if len(told) != 2 || told[1] != first.token {
		t.Errorf("told of %d tokens", len(told))
	}
	for name, content := range map[string]string{"damaged": "short", "empty": "", "another": strings.Repeat("a", 26)} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		token, err := loadToken(path)
		if err != nil || !tokenShape.MatchString(token) {
			t.Errorf("%s: %q, %v", name, token, err)
		}
	}
}

func TestATokenThatCannotBeKeptIsAnError(t *testing.T) {
	file := write(t, t.TempDir(), "file", "")
	if _, err := loadToken(filepath.Join(file, "token")); err == nil {
		t.Error("no error")
	}
	if _, err := loadFiles(os.DirFS(t.TempDir())); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("files that are not there: %v", err)
	}
}

func TestASlowPageHoldsUpNobody(t *testing.T) {
	st := begin(t, Options{})
	for range 3 {
		if _, err := dial(t, st, PageChat, ""); err != nil { // never read from
			t.Fatal(err)
		}
	}
	quick, err := dial(t, st, PageGoal, "")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "all are open", func() bool { return st.Status().Pages == 4 })
	began := time.Now()
	for i := range 20_000 {
		st.Take(chat("Pia", strings.Repeat("x", 300)))
		st.Take(gift(fmt.Sprint(i%50), "Rose", 1, 1))
	}
	t.Logf("40,000 events took %v", time.Since(began))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, data, err := quick.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), `"gifts":20000`) {
			break
		}
	}
}

func TestTooManyPagesAreRefused(t *testing.T) {
	st := begin(t, Options{})
	for range maxClients {
		if _, err := dial(t, st, PageGoal, ""); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "all are open", func() bool { return st.Status().Pages == maxClients })
	if _, err := dial(t, st, PageGoal, ""); err == nil {
		t.Error("one more was taken")
	}
}

func TestAPageThatSendsNonsenseIsLetGo(t *testing.T) {
	st := begin(t, Options{})
	for _, nonsense := range []string{"nonsense", `{"shown":-1}`, strings.Repeat("x", maxReply+1)} {
		conn, err := dial(t, st, PageAlert, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(nonsense)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is let go", func() bool {
			_, _, err := conn.Read(t.Context())
			return err != nil
		})
	}
	eventually(t, "none is open", func() bool { return st.Status().Pages == 0 })
}

// More pages than Chromium opens plain connections to one server: OBS's pages share one pool of them.
func TestManyPagesHearAtOnce(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{})
	var tabs []*tab
	for range 8 {
		tabs = append(tabs, st.open(PageAlert, ""))
	}
	o := st.show(action.Overlay{Text: "all of you"})
	if o.Reply != "shown on 8 pages" {
		t.Errorf("got %+v", o)
	}
	for _, p := range tabs {
		p.shows("all of you")
	}
}
