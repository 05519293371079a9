package profile

import (
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

const (
	// keyringService is the name under which the keyring lists LiveCue's secrets.
	keyringService = "livecue"
	keyringTimeout = 15 * time.Second
)

// ErrKeyringTimeout is a keyring that did not answer, because it waits to be unlocked or because nothing runs behind it.
var ErrKeyringTimeout = errors.New("it did not answer in time")

// KeyringError is why the system's keyring could not be used. Its text is cause and remedy, and holds no secret.
type KeyringError struct {
	// Doing is what was being done, such as "read".
	Doing string
	Err   error
}

// Error implements error.
func (e *KeyringError) Error() string {
	remedy := "unlock the keyring, or install one such as GNOME Keyring or KWallet"
	if errors.Is(e.Err, keyring.ErrSetDataTooBig) {
		remedy = "use a shorter secret"
	}
	return fmt.Sprintf("the system's keyring could not %s the secret: %v; %s, or have secrets kept in a file by setting %s to its path",
		e.Doing, e.Err, remedy, EnvSecretsFile)
}

// Unwrap returns Err.
func (e *KeyringError) Unwrap() error { return e.Err }

// keyringBackend is a keyring whose calls may hang.
type keyringBackend interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// systemKeyring is the one of the operating system.
type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) { return keyring.Get(service, user) }
func (systemKeyring) Set(service, user, secret string) error {
	return keyring.Set(service, user, secret)
}
func (systemKeyring) Delete(service, user string) error { return keyring.Delete(service, user) }

// ring is Secrets in a keyring. Calls to a keyring cannot be interrupted, so each runs on a goroutine of its own, of which
// there is one at a time: when one hangs, later calls fail when their time is up and start nothing.
type ring struct {
	backend keyringBackend
	timeout time.Duration
	busy    chan struct{} // holds a token while a call runs
}

// Keyring returns Secrets in the system's keyring. A call that the keyring does not answer within 15 s fails with
// ErrKeyringTimeout.
func Keyring() Secrets { return newKeyring(systemKeyring{}, keyringTimeout) }

func newKeyring(b keyringBackend, timeout time.Duration) *ring {
	if timeout <= 0 {
		timeout = keyringTimeout
	}
	return &ring{backend: b, timeout: timeout, busy: make(chan struct{}, 1)}
}

// Get implements Secrets.
func (r *ring) Get(key string) (string, error) {
	value, err := r.call(func() (string, error) { return r.backend.Get(keyringService, key) })
	return value, keyringError("read", err)
}

// Set implements Secrets.
func (r *ring) Set(key, value string) error {
	_, err := r.call(func() (string, error) { return "", r.backend.Set(keyringService, key, value) })
	return keyringError("keep", err)
}

// Delete implements Secrets.
func (r *ring) Delete(key string) error {
	_, err := r.call(func() (string, error) { return "", r.backend.Delete(keyringService, key) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return keyringError("forget", err)
}

func keyringError(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNoSecret
	default:
		return &KeyringError{Doing: doing, Err: err}
	}
}

// call runs f, and gives it up when it takes too long. A call that was given up ends by itself when the keyring answers.
func (r *ring) call(f func() (string, error)) (string, error) {
	timer := time.NewTimer(r.timeout)
	defer timer.Stop()
	select {
	case r.busy <- struct{}{}:
	case <-timer.C:
		return "", ErrKeyringTimeout
	}
	type answer struct {
		value string
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-r.busy }()
		value, err := f()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-timer.C:
		return "", ErrKeyringTimeout
	}
}
