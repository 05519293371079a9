package app

import (
	"log/slog"
	"testing"

	"github.com/livecue/livecue/core/profile"
)

func TestSecretsPlaceIsTheFileOrTheKeyring(t *testing.T) {
	const file = "/home/pia/livecue-secrets.toml"
	noEnv := func(string) string { return "" }
	for name, tt := range map[string]struct {
		secrets profile.Secrets
		want    string
	}{
		"file":    {profile.OpenSecrets(profile.SecretsOptions{File: file, Getenv: noEnv}), file},
		"keyring": {profile.OpenSecrets(profile.SecretsOptions{Getenv: noEnv}), ""},
		"none":    {nil, ""},
	} {
		a, err := New(Options{Secrets: tt.secrets, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if got := a.SecretsPlace(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}
