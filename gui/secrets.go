package gui

import (
	"context"

	"github.com/livecue/livecue/core/profile"
)

func signerKey() string { return profile.KeyTikTok() }

func passwordKey(server string) string { return profile.KeyRCON(server) }

// secrets knows which secrets are kept. The system may ask the user to unlock its keyring first, so nothing is asked of it
// on the UI thread.
type secrets struct {
	core  Core
	tasks *tasks
	kept  map[string]bool
}

// has reports whether a secret is kept under the key, as far as look has found out.
func (s *secrets) has(key string) bool { return s.kept[key] }

// look finds out which of the profile's secrets are kept, and then calls done.
func (s *secrets) look(done func()) {
	keys := []string{signerKey(), profile.KeyOBS(), profile.KeyLiveKit()}
	for _, server := range s.core.Profile().RCON {
		keys = append(keys, passwordKey(server.Name))
	}
	kept := map[string]bool{}
	s.tasks.run(func(context.Context) error {
		for _, key := range keys {
			kept[key] = s.core.HasSecret(key)
		}
		return nil
	}, func(error) {
		s.kept = kept
		done()
	})
}

// set keeps a secret, or forgets it when value is empty, and then calls done.
func (s *secrets) set(key, value string, done func(error)) {
	s.tasks.run(func(context.Context) error { return s.core.SetSecret(key, value) }, func(err error) {
		if err == nil && s.kept != nil {
			s.kept[key] = value != ""
		}
		done(err)
	})
}
