package app

import (
	"errors"
	"fmt"
	"sync"

	"github.com/livecue/livecue/core/profile"
)

// Profile returns a copy of the profile in force.
func (a *App) Profile() profile.Profile {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.profile.Clone()
}

// SetProfile checks, saves and applies p. A change of the streamer or of the way to TikTok counts from the next Connect. When
// it returns an error, nothing has changed.
func (a *App) SetProfile(p profile.Profile) error {
	p = p.Clone()
	if err := firstError(p.Check()); err != nil {
		return err
	}
	if err := a.save(p); err != nil {
		return err
	}
	a.applyProfile()
	return nil
}

// save saves p and makes it the profile in force, without applying it.
func (a *App) save(p profile.Profile) error {
	a.file.saving.Lock()
	defer a.file.saving.Unlock()
	if path := a.ProfilePath(); path != "" {
		if err := profile.Save(path, p); err != nil {
			return err
		}
	}
	a.mu.Lock()
	a.profile = p
	a.mu.Unlock()
	return nil
}

// firstError returns the first issue that keeps a part of the profile from working, or nil.
func firstError(issues []profile.Issue) error {
	for _, issue := range issues {
		if issue.Severity != profile.SeverityError {
			continue
		}
		if issue.RuleName != "" {
			return fmt.Errorf("rule %q: %s", issue.RuleName, issue.Text)
		}
		return errors.New(issue.Text)
	}
	return nil
}

// SecretsPlace is the file that passwords and keys are kept in, or "" for the system's keyring.
func (a *App) SecretsPlace() string {
	if s, ok := a.opts.Secrets.(*profile.SecretStore); ok {
		return s.Place()
	}
	return ""
}

// HasSecret reports whether a secret is kept under the key.
func (a *App) HasSecret(key string) bool {
	value, err := a.secrets.Get(key)
	return err == nil && value != ""
}

// SetSecret keeps a secret, or forgets it when value is empty, and puts it to use.
func (a *App) SetSecret(key, value string) error {
	if err := a.secrets.set(key, value); err != nil {
		return fmt.Errorf("keep the secret: %w", err)
	}
	a.renewPassword(key)
	switch key {
	case profile.KeyOBS():
		a.queue.Retry(obsLane)
		a.nudgeOBS()
	case profile.KeyLiveKit():
		a.liveKit.renew()
	}
	return nil
}

// secretCache remembers what it was told: a keyring is slow, and may ask its user each time.
type secretCache struct {
	store    profile.Secrets
	onSecret func(value string)

	mu    sync.Mutex
	known map[string]string // "" is a secret that is not kept
}

// Get implements the half of profile.Secrets that reads.
func (c *secretCache) Get(key string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, ok := c.known[key]
	if !ok {
		var err error
		value, err = c.store.Get(key)
		if err != nil && !errors.Is(err, profile.ErrNoSecret) {
			return "", err
		}
		c.onSecret(value)
		c.known[key] = value
	}
	if value == "" {
		return "", profile.ErrNoSecret
	}
	return value, nil
}

func (c *secretCache) set(key, value string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onSecret(value)
	var err error
	if value == "" {
		err = c.store.Delete(key)
	} else {
		err = c.store.Set(key, value)
	}
	if err == nil {
		c.known[key] = value
	}
	return err
}

// noSecrets keeps nothing.
type noSecrets struct{}

func (noSecrets) Get(string) (string, error) { return "", profile.ErrNoSecret }
func (noSecrets) Set(string, string) error {
	return errors.New("this program was started without a place for secrets")
}
func (noSecrets) Delete(string) error { return nil }
