package profile

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// ErrNoSecret says that nothing is kept under a key.
var ErrNoSecret = errors.New("no such secret is kept")

// Secrets keeps passwords and keys. Implementations are safe for concurrent use.
type Secrets interface {
	// Get returns the secret, or ErrNoSecret.
	Get(key string) (string, error)
	Set(key, value string) error
	// Delete forgets the secret; one that is not kept is no error.
	Delete(key string) error
}

// KeyTikTok is the key of the sign service's or managed socket's API key.
func KeyTikTok() string { return "tiktok" }

// KeyRCON is the key of the password of the profile's server of that name.
func KeyRCON(server string) string { return rconPrefix + server }

const rconPrefix = "rcon:"

// KeyOBS is the key of the password of OBS's WebSocket server.
func KeyOBS() string { return "obs" }

// KeyLiveKit is the key of the access token of a LiveKit room.
func KeyLiveKit() string { return "livekit" }

// EnvName returns the environment variable that overrides the secret of a key: LIVECUE_TIKTOK_KEY, LIVECUE_LIVEKIT_KEY, LIVECUE_OBS_PASSWORD, or
// LIVECUE_RCON_<NAME>_PASSWORD with the server's name in capitals and every other character than A-Z and 0-9 as "_".
func EnvName(key string) string {
	server, isRCON := strings.CutPrefix(key, rconPrefix)
	if isRCON {
		return "LIVECUE_RCON_" + envWord(server) + "_PASSWORD"
	}
	if key == KeyOBS() {
		return "LIVECUE_OBS_PASSWORD"
	}
	return "LIVECUE_" + envWord(key) + "_KEY"
}

func envWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(s))
}

// EnvSecretsFile is the environment variable that asks for a FileSecrets at its path.
const EnvSecretsFile = "LIVECUE_SECRETS_FILE"

// OverriddenError is returned by Set and Delete where an environment variable decides, so that a change would do nothing.
type OverriddenError struct{ Variable string }

// Error implements error.
func (e *OverriddenError) Error() string {
	return fmt.Sprintf("the environment variable %s decides this secret: change or unset it there", e.Variable)
}

// env reads secrets from environment variables.
type env struct{ getenv func(string) string }

// Env returns Secrets that are read from environment variables (see EnvName) and cannot be changed. getenv is os.Getenv, or
// nil for that.
func Env(getenv func(string) string) Secrets {
	if getenv == nil {
		getenv = os.Getenv
	}
	return env{getenv}
}

func (e env) Get(key string) (string, error) {
	if v := e.getenv(EnvName(key)); v != "" {
		return v, nil
	}
	return "", ErrNoSecret
}

func (e env) Set(key, _ string) error { return &OverriddenError{EnvName(key)} }

func (e env) Delete(key string) error {
	if _, err := e.Get(key); errors.Is(err, ErrNoSecret) {
		return nil
	}
	return &OverriddenError{EnvName(key)}
}

// SecretsOptions choose where secrets are kept. The zero value is the system's keyring under the environment variables.
type SecretsOptions struct {
	// File asks for a file in place of the keyring; empty is the file named by LIVECUE_SECRETS_FILE, if any.
	File string
	// Timeout bounds each call to the keyring; 0 is 15 s, time enough to type the password that unlocks it.
	Timeout time.Duration
	// Getenv is os.Getenv, or nil for that.
	Getenv func(string) string
}

// SecretStore is Secrets in layers: environment variables over one place that can be changed.
type SecretStore struct {
	env   Secrets
	store Secrets
	file  string // where store keeps them; empty is the keyring
}

// OpenSecrets returns the layers that o asks for. It touches neither keyring nor file.
func OpenSecrets(o SecretsOptions) *SecretStore {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	s := &SecretStore{env: Env(o.Getenv), store: newKeyring(systemKeyring{}, o.Timeout)}
	if o.File == "" {
		o.File = o.Getenv(EnvSecretsFile)
	}
	if o.File != "" {
		s.store, s.file = FileSecrets(o.File), o.File
	}
	return s
}

// Place is the file that secrets are kept in, or "" for the system's keyring.
func (s *SecretStore) Place() string { return s.file }

// Override returns the environment variable that decides the secret of a key, or "".
func (s *SecretStore) Override(key string) string {
	if _, err := s.env.Get(key); err != nil {
		return ""
	}
	return EnvName(key)
}

// Get implements Secrets.
func (s *SecretStore) Get(key string) (string, error) {
	if v, err := s.env.Get(key); err == nil {
		return v, nil
	}
	return s.store.Get(key)
}

// Set implements Secrets. Where an environment variable decides, it returns an *OverriddenError and keeps nothing.
func (s *SecretStore) Set(key, value string) error {
	if v := s.Override(key); v != "" {
		return &OverriddenError{v}
	}
	return s.store.Set(key, value)
}

// Delete implements Secrets, as Set does.
func (s *SecretStore) Delete(key string) error {
	if v := s.Override(key); v != "" {
		return &OverriddenError{v}
	}
	return s.store.Delete(key)
}
