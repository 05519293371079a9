package gui

import (
	"context"

	"github.com/livecue/livecue/core/profile"
)

func signerKey() string { return profile.KeyTikTok() }

func passwordKey(server string) string { return profile.KeyRCON(server) }

// setSecret keeps a secret, or forgets it when value is empty, and then calls done. The system may ask the user to unlock
// the keyring first, so it is not done on the UI thread.
func (w *window) setSecret(key, value string, done func(error)) {
	w.tasks.run(func(context.Context) error { return w.core.SetSecret(key, value) }, done)
}
