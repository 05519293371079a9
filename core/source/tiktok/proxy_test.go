package tiktok

import (
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/livecue/livecue/core/event"
)

// The lookup goes through every kind of proxy that the settings take, with name and password.
func TestProxies(t *testing.T) {
	f := newFake(t)
	var asked sync.Map
	check := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != basicAuth("pia", "pa55") {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		asked.Store(r.Host, true)
		f.tunnel(w, r)
	})
	plain, secure := httptest.NewServer(check), httptest.NewUnstartedServer(check)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	secure.StartTLS()
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	socks := newFakeSocks(t, f.pages.Listener.Addr().String())
	for _, address := range []string{plain.URL, secure.URL, "socks5://" + socks} {
		asked.Clear()
		with := strings.Replace(address, "://", "://pia:pa55@", 1)
		r := start(t, f.source(func(o *Options) { o.ProxyURL = with }))
		r.untilKind(event.KindConnected)
		_ = r.stop()
		if _, ok := asked.Load("www.tiktok.com:443"); !ok && !strings.HasPrefix(address, "socks") {
			t.Errorf("%s was not asked", address)
		}
		if strings.HasPrefix(address, "http") {
			r = start(t, f.source(func(o *Options) { o.ProxyURL = address }))
			wantCause(t, r.end(), event.CauseNoNetwork) // without the password
		}
	}
	r := start(t, f.source(func(o *Options) { o.ProxyURL = secure.URL; o.ProxyInsecure = false }))
	wantCause(t, r.end(), event.CauseCertificate)
}

// newFakeSocks is a SOCKS5 proxy that wants pia's password and leads everywhere to target.
func newFakeSocks(t *testing.T, target string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { serveSocks(t, conn, target) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return l.Addr().String()
}

func serveSocks(t *testing.T, conn net.Conn, target string) {
	defer conn.Close()
	read := func(n int) []byte {
		b := make([]byte, n)
		_, _ = io.ReadFull(conn, b)
		return b
	}
	say := func(b ...byte) { _, _ = conn.Write(b) }
	read(int(read(2)[1])) // the methods on offer
	say(5, 2)             // name and password
	name := read(int(read(2)[1]))
	password := read(int(read(1)[0]))
	if string(name) != "pia" || string(password) != "pa55" {
		say(1, 1)
		return
	}
	say(1, 0)
	if kind := read(4)[3]; kind != 3 {
		t.Errorf("address of kind %d: names are the proxy's to look up", kind)
		return
	}
	host := string(read(int(read(1)[0])))
	port := strconv.Itoa(int(binary.BigEndian.Uint16(read(2))))
	if addr := net.JoinHostPort(host, port); addr != "www.tiktok.com:443" && addr != "webcast.tiktok.com:443" {
		t.Errorf("asked for %s", addr)
	}
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	say(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)
	splice(t.Context(), conn, conn, out)
}
