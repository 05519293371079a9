package tiktok

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"

	xproxy "golang.org/x/net/proxy"
)

// relay is a CONNECT proxy on loopback for gotiktoklive's HTTP client alone, open only while a lookup runs. The library
// takes no context and sets no timeout; but it takes a proxy, and a relay that closes its connections makes every call
// return at once. TLS goes through it unopened. A password keeps other programs of this computer out.
type relay struct {
	proxy      *url.URL // the user's proxy, which the relay goes through; nil: as the environment says
	isInsecure bool     // whether that proxy's certificate is not checked
	password   string

	listener net.Listener
	wg       sync.WaitGroup

	mu     sync.Mutex
	failed error // why the last connection outward could not be made
}

// newRelay returns a relay that is not open yet.
func newRelay(proxy *url.URL, insecure bool) *relay {
	return &relay{proxy: proxy, isInsecure: insecure, password: rand.Text()}
}

// open listens at addr, or anywhere on loopback if it is empty. Its connections live as long as ctx at most.
func (r *relay) open(ctx context.Context, addr string) error {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for the room lookup: %w", err)
	}
	r.listener = l
	r.note(nil)
	r.wg.Go(func() { r.accept(ctx, l) }) // ends with close
	return nil
}

// url is what the library is given as its proxy.
func (r *relay) url() string {
	return (&url.URL{Scheme: "http", User: url.UserPassword("livecue", r.password), Host: r.listener.Addr().String()}).String()
}

// close stops listening and waits until the last connection is gone. The context that open was given must be done.
func (r *relay) close() {
	r.listener.Close()
	r.wg.Wait()
}

func (r *relay) accept(ctx context.Context, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		r.wg.Go(func() { r.serve(ctx, conn) }) // ends with ctx
	}
}

// serve answers one CONNECT and carries what follows.
func (r *relay) serve(ctx context.Context, in net.Conn) {
	defer in.Close()
	stop := context.AfterFunc(ctx, func() { in.Close() })
	defer stop()
	buffered := bufio.NewReader(in)
	req, err := http.ReadRequest(buffered)
	if err != nil {
		return
	}
	if status := r.refusal(req); status != 0 {
		_ = answer(in, status)
		return
	}
	out, err := dialThrough(ctx, r.proxy, r.isInsecure, req.Host)
	if err != nil {
		r.note(err)
		_ = answer(in, http.StatusBadGateway)
		return
	}
	defer out.Close()
	r.note(nil)
	if answer(in, http.StatusOK) == nil {
		splice(ctx, in, buffered, out)
	}
}

// refusal is the status with which to refuse req, or 0.
func (r *relay) refusal(req *http.Request) int {
	want := basicAuth("livecue", r.password)
	switch {
	case subtle.ConstantTimeCompare([]byte(req.Header.Get("Proxy-Authorization")), []byte(want)) != 1:
		return http.StatusProxyAuthRequired
	case req.Method != http.MethodConnect:
		return http.StatusMethodNotAllowed
	}
	return 0
}

// answer writes a response without a body.
func answer(w io.Writer, status int) error {
	length := ""
	if status != http.StatusOK {
		length = "Content-Length: 0\r\n"
	}
	_, err := fmt.Fprintf(w, "HTTP/1.1 %d %s\r\n%s\r\n", status, http.StatusText(status), length)
	return err
}

func basicAuth(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func (r *relay) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = err
}

// failure is why the last connection outward could not be made, or nil.
func (r *relay) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// splice carries bytes both ways until one side ends or ctx is done. What in sends is read from buffered.
func splice(ctx context.Context, in net.Conn, buffered io.Reader, out net.Conn) {
	closeBoth := func() { in.Close(); out.Close() }
	stop := context.AfterFunc(ctx, closeBoth)
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() { // ends when either is closed
		_, _ = io.Copy(in, out)
		closeBoth()
	})
	_, _ = io.Copy(out, buffered)
	closeBoth()
	wg.Wait()
}

// dialThrough connects to addr through proxy, or through the environment's, or directly.
func dialThrough(ctx context.Context, proxy *url.URL, insecure bool, addr string) (net.Conn, error) {
	var d net.Dialer
	if proxy == nil {
		var err error
		if proxy, err = http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: addr}}); err != nil {
			return nil, fmt.Errorf("read the environment's proxy: %w", err)
		}
	}
	if proxy == nil {
		return d.DialContext(ctx, "tcp", addr)
	}
	if proxy.Scheme == "socks5" || proxy.Scheme == "socks5h" {
		return dialSocks(ctx, proxy, addr)
	}
	conn, err := d.DialContext(ctx, "tcp", withPort(proxy))
	if err != nil {
		return nil, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	if proxy.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{
			ServerName: proxy.Hostname(), MinVersion: tls.VersionTLS12, InsecureSkipVerify: insecure, //nolint:gosec // the user's setting
		})
	}
	if err := askConnect(ctx, conn, proxy, addr); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// askConnect has an HTTP proxy connect conn to addr.
func askConnect(ctx context.Context, conn net.Conn, proxy *url.URL, addr string) error {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", basicAuth(u.Username(), password))
	}
	if err := req.Write(conn); err != nil {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	// A proxy says nothing after its answer until the client has spoken, so the reader holds back no bytes of the tunnel.
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 1024), req)
	if err != nil {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("the proxy answered %d", resp.StatusCode)}
	}
	return nil
}

func dialSocks(ctx context.Context, proxy *url.URL, addr string) (net.Conn, error) {
	var auth *xproxy.Auth
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		auth = &xproxy.Auth{User: u.Username(), Password: password}
	}
	d, err := xproxy.SOCKS5("tcp", withPort(proxy), auth, &net.Dialer{})
	if err != nil {
		return nil, fmt.Errorf("use the socks proxy: %w", err)
	}
	conn, err := d.(xproxy.ContextDialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	return conn, nil
}

// withPort is a proxy's host and port, the scheme's own port where it names none.
func withPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
