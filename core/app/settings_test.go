package app

import (
	"context"
	"log/slog"
	"slices"
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

func TestSecretsAreToldBeforeTheyAreUsed(t *testing.T) {
	var told []string
	a, err := New(Options{
		Secrets:  &memorySecrets{kept: map[string]string{profile.KeyTikTok(): "kept-key"}},
		OnSecret: func(value string) { told = append(told, value) },
		Log:      slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !a.HasSecret(profile.KeyTikTok()) {
		t.Error("the kept key is not there")
	}
	if err := a.SetSecret(profile.KeyRCON("mc"), "new-password"); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.TestServer(ctx, profile.Server{Name: "mc", Address: "127.0.0.1:1"}, "typed-password"); err == nil {
		t.Error("a server that is not there was reached")
	}
	for _, want := range []string{"kept-key", "new-password", "typed-password"} {
		if !slices.Contains(told, want) {
			t.Errorf("%q was not told of, only %q", want, told)
		}
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
