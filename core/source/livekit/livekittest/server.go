// Package livekittest runs the real LiveKit server for tests, on loopback, with participants that are the SDK itself.
package livekittest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
)

// The key and secret of the server.
const (
	Key    = "devkey"
	Secret = "a-secret-of-the-tests-and-of-nothing-else"
)

// Room is the room of Token.
const Room = "arena"

// Server is a LiveKit server on a port of this computer. It ends with the test.
type Server struct {
	t         testing.TB
	program   string
	port, udp int
	cmd       *exec.Cmd
	output    *bytes.Buffer
}

// Start starts a server, and builds it first where it has never been.
func Start(t testing.TB) *Server {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(file), "..", "..", "..", "..", "scripts", "livekit-server.sh")
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "bash", script)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("build the LiveKit server: %v\n%s", err, stderr.String())
	}
	s := &Server{t: t, program: strings.TrimSpace(string(out)), port: freePort(t), udp: freePort(t)}
	t.Cleanup(s.Kill)
	s.Begin()
	return s
}

// Begin starts the server's process on its port, as after Kill, and waits until it answers.
func (s *Server) Begin() {
	s.t.Helper()
	config := fmt.Sprintf(`port: %d
bind_addresses: [127.0.0.1]
keys: {%s: %s}
logging: {level: warn}
rtc: {tcp_port: 0, udp_port: %d, use_external_ip: false, node_ip: 127.0.0.1, enable_loopback_candidate: true, interfaces: {includes: [lo]}}
`, s.port, Key, Secret, s.udp)
	s.output = &bytes.Buffer{}
	s.cmd = exec.Command(s.program, "--dev", "--config-body", config) //nolint:gosec // the program that we built
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	Until(s.t, "the server answers", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http"+strings.TrimPrefix(s.URL(), "ws"), http.NoBody)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// URL is the server's address.
func (s *Server) URL() string { return fmt.Sprintf("ws://127.0.0.1:%d", s.port) }

// Kill ends the process at once, as a crash would.
func (s *Server) Kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGCONT)
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	if s.t.Failed() {
		s.t.Logf("the LiveKit server said:\n%s", s.output.String())
	}
}

// Freeze stops the process without ending it; Thaw lets it go on.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets a frozen process go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// Token is a token for Room that is good for a time; see ExpiredToken for one that is not.
func Token(t testing.TB, identity string, valid time.Duration) string {
	t.Helper()
	return SignedToken(t, Secret, identity, valid)
}

// SignedToken is Token with another secret.
func SignedToken(t testing.TB, secret, identity string, valid time.Duration) string {
	t.Helper()
	yes := true
	token := auth.NewAccessToken(Key, secret).SetIdentity(identity).SetName("The " + identity).SetValidFor(valid)
	token.SetVideoGrant(&auth.VideoGrant{RoomJoin: true, Room: Room, CanUpdateOwnMetadata: &yes})
	text, err := token.ToJWT()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// ExpiredToken is a token that ran out an hour ago. LiveKit's own maker of tokens refuses to make one.
func ExpiredToken(identity string) string {
	end := time.Now().Add(-time.Hour).Unix()
	part := base64.RawURLEncoding.EncodeToString
	text := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		part(fmt.Appendf(nil, `{"iss":%q,"sub":%q,"exp":%d,"nbf":%d,"video":{"roomJoin":true,"room":%q}}`, Key, identity, end, end-3600, Room))
	mac := hmac.New(sha256.New, []byte(Secret))
	_, _ = mac.Write([]byte(text)) // it never fails
	return text + "." + part(mac.Sum(nil))
}

// Join brings another participant into the room. They leave with the test at the latest.
func (s *Server) Join(identity string) *lksdk.Room {
	s.t.Helper()
	room := lksdk.NewRoom(&lksdk.RoomCallback{})
	room.SetLogger(logger.GetDiscardLogger()) // see also silencePion
	if err := room.JoinWithToken(s.URL(), Token(s.t, identity, time.Hour), lksdk.WithAutoSubscribe(false)); err != nil {
		s.t.Fatalf("%s joins: %v", identity, err)
	}
	s.t.Cleanup(room.Disconnect)
	return room
}

// Host is the interface of the server for who runs it.
func (s *Server) Host() *lksdk.RoomServiceClient {
	return lksdk.NewRoomServiceClient("http"+strings.TrimPrefix(s.URL(), "ws"), Key, Secret)
}

// Remove throws a participant out.
func (s *Server) Remove(identity string) {
	s.t.Helper()
	if _, err := s.Host().RemoveParticipant(s.t.Context(), &livekit.RoomParticipantIdentity{Room: Room, Identity: identity}); err != nil {
		s.t.Fatal(err)
	}
}

// Until waits for a condition, and fails the test when it does not come.
func Until(t testing.TB, what string, is func() bool) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// freePort returns a port that nobody has at present.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}
