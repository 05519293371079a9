package profile

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

// shelf is a keyring in memory.
type shelf struct {
	mu      sync.Mutex
	secrets map[string]string
	err     error
}

func (s *shelf) Get(service, user string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.secrets[service+"/"+user]; ok || s.err != nil {
		return v, s.err
	}
	return "", keyring.ErrNotFound
}

func (s *shelf) Set(service, user, secret string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.secrets[service+"/"+user] = secret
	}
	return s.err
}

func (s *shelf) Delete(service, user string) error {
	if _, err := s.Get(service, user); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.secrets, service+"/"+user)
	return nil
}

func TestSecretsContract(t *testing.T) {
	memory := &shelf{secrets: map[string]string{}}
	stores := map[string]Secrets{
		"keyring": newKeyring(memory, time.Minute),
		"file":    FileSecrets(filepath.Join(t.TempDir(), "new", "secrets.toml")),
		"layers":  OpenSecrets(SecretsOptions{File: filepath.Join(t.TempDir(), "s.toml"), Getenv: func(string) string { return "" }}),
	}
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			key := KeyRCON("my \"server\" = ü")
			want := func(value string, wantErr error) {
				t.Helper()
				if got, err := s.Get(key); got != value || !errors.Is(err, wantErr) {
					t.Errorf("Get = %q, %v; want %q, %v", got, err, value, wantErr)
				}
			}
			want("", ErrNoSecret)
			if err := s.Delete(key); err != nil {
				t.Errorf("Delete of nothing: %v", err)
			}
			for _, value := range []string{"pässword '\"\\\n#=", "second"} {
				if err := s.Set(key, value); err != nil {
					t.Fatal(err)
				}
				want(value, nil)
			}
			if err := s.Set(KeyTikTok(), "other"); err != nil {
				t.Fatal(err)
			}
			if err := s.Delete(key); err != nil {
				t.Fatal(err)
			}
			want("", ErrNoSecret)
			key = KeyTikTok()
			want("other", nil)
		})
	}
	if memory.secrets["livecue/tiktok"] != "other" {
		t.Errorf("the keyring holds %v", memory.secrets)
	}
}

func TestEnvNames(t *testing.T) {
	for key, want := range map[string]string{
		KeyTikTok():               "LIVECUE_TIKTOK_KEY",
		KeyOBS():                  "LIVECUE_OBS_PASSWORD",
		KeyRCON("minecraft"):      "LIVECUE_RCON_MINECRAFT_PASSWORD",
		KeyRCON("my-server 2 äb"): "LIVECUE_RCON_MY_SERVER_2__B_PASSWORD",
	} {
		if got := EnvName(key); got != want {
			t.Errorf("EnvName(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestEnvironmentOverrides(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.toml")
	vars := map[string]string{"LIVECUE_RCON_MINECRAFT_PASSWORD": "from outside", EnvSecretsFile: path}
	s := OpenSecrets(SecretsOptions{Getenv: func(name string) string { return vars[name] }})
	if s.Place() != path {
		t.Errorf("secrets are kept in %q", s.Place())
	}
	key := KeyRCON("minecraft")
	if got, err := s.Get(key); got != "from outside" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if s.Override(key) != "LIVECUE_RCON_MINECRAFT_PASSWORD" || s.Override(KeyTikTok()) != "" {
		t.Errorf("overrides %q and %q", s.Override(key), s.Override(KeyTikTok()))
	}
	var overridden *OverriddenError
	for _, err := range []error{s.Set(key, "x"), s.Delete(key), Env(nil).Set(key, "x")} {
		if !errors.As(err, &overridden) || !strings.Contains(err.Error(), "LIVECUE_RCON_MINECRAFT_PASSWORD") {
			t.Errorf("got %v, want an *OverriddenError", err)
		}
	}
	delete(vars, "LIVECUE_RCON_MINECRAFT_PASSWORD")
	if _, err := s.Get(key); !errors.Is(err, ErrNoSecret) {
		t.Errorf("got %v: what was refused has been kept", err)
	}
	if err := Env(func(string) string { return "" }).Delete(key); err != nil {
		t.Errorf("Delete of nothing: %v", err)
	}
	if s := OpenSecrets(SecretsOptions{Getenv: func(string) string { return "" }}); s.Place() != "" {
		t.Errorf("secrets are kept in %q", s.Place())
	}
}

func TestFileSecretsAreForTheirOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // files have no such modes there
	}
	path := filepath.Join(t.TempDir(), "secrets.toml")
	s := FileSecrets(path)
	if err := s.Set("a", "hush"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := s.Get("a")
	if err == nil || !strings.Contains(err.Error(), "chmod 600") || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v, want a refusal with a remedy", err)
	}
	if s.Set("a", "x") == nil || s.Delete("a") == nil {
		t.Error("a file that others can read was written")
	}
}

func TestFileSecretsReportABrokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.toml")
	if err := os.WriteFile(path, []byte("a = 'b'\nc = hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := FileSecrets(path).Get("a")
	var fe *FileError
	if !errors.As(err, &fe) || fe.Line != 2 || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v, want line 2 and no secret", err)
	}
	if FileSecrets(path).Set("a", "x") == nil {
		t.Error("a broken file was overwritten")
	}
	if _, err := FileSecrets(t.TempDir()).Get("a"); err == nil || errors.Is(err, ErrNoSecret) {
		t.Errorf("a folder: %v", err)
	}
}

func TestKeyringErrorsHaveARemedy(t *testing.T) {
	for cause, remedy := range map[error]string{
		errors.New("The name org.freedesktop.secrets was not provided"): "install one",
		keyring.ErrSetDataTooBig: "shorter",
	} {
		r := newKeyring(&shelf{err: cause}, time.Minute)
		_, err := r.Get("a")
		for _, err := range []error{err, r.Set("a", "hush"), r.Delete("a")} {
			var ke *KeyringError
			if !errors.As(err, &ke) || !errors.Is(err, cause) || !strings.Contains(err.Error(), remedy) ||
				!strings.Contains(err.Error(), EnvSecretsFile) || strings.Contains(err.Error(), "hush") {
				t.Errorf("got %v, want cause, %q and the way out", err, remedy)
			}
		}
	}
}

// stuck is a keyring that waits for a password that nobody types.
type stuck struct {
	shelf
	release chan struct{}
}

func (s *stuck) Get(service, user string) (string, error) {
	<-s.release
	return "late", nil
}

func TestKeyringThatHangs(t *testing.T) {
	s := &stuck{release: make(chan struct{})}
	r := newKeyring(s, 20*time.Millisecond)
	for range 3 { // the later calls must not pile up behind the first
		if _, err := r.Get("a"); !errors.Is(err, ErrKeyringTimeout) {
			t.Errorf("got %v, want ErrKeyringTimeout", err)
		}
	}
	close(s.release)
	r.timeout = time.Minute
	if got, err := r.Get("a"); got != "late" || err != nil {
		t.Errorf("after it was unlocked: %q, %v", got, err)
	}
}

// A session bus that takes connections and says nothing is what a half-started desktop looks like.
func TestSystemKeyringDoesNotHang(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // other systems' keyrings are not reached through a bus
	}
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	s := OpenSecrets(SecretsOptions{Timeout: 50 * time.Millisecond, Getenv: func(string) string { return "" }})
	_, err = s.Get(KeyTikTok())
	var ke *KeyringError
	if !errors.As(err, &ke) || !errors.Is(err, ErrKeyringTimeout) {
		t.Errorf("got %v, want a *KeyringError after the timeout", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path+"-none")
	if _, err := newKeyring(systemKeyring{}, time.Minute).Get(KeyTikTok()); !errors.As(err, &ke) {
		t.Errorf("without a bus: %v, want a *KeyringError", err)
	}
}
