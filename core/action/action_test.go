package action

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestPermanent(t *testing.T) {
	cause := errors.New("password refused")
	err := fmt.Errorf("log in: %w", Permanent(cause))
	if !IsPermanent(err) {
		t.Error("a wrapped permanent error is not seen as permanent")
	}
	if !errors.Is(err, cause) || err.Error() != "log in: password refused" {
		t.Errorf("the cause is hidden: %v", err)
	}
	if IsPermanent(cause) || IsPermanent(nil) {
		t.Error("an unmarked error is seen as permanent")
	}
	if Permanent(nil) != nil {
		t.Error("Permanent(nil) is not nil")
	}
}

func TestDurationText(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "1.5s": 1500 * time.Millisecond, "10s": 10 * time.Second, "2m": 2 * time.Minute, "1h": time.Hour,
		"1h30m": 90 * time.Minute, "1m30s": 90 * time.Second, "1h0m5s": time.Hour + 5*time.Second, "250ms": 250 * time.Millisecond,
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || d.Std() != want {
			t.Errorf("UnmarshalText(%q) = %v, %v; want %v", text, d, err, want)
		}
		if got, err := d.MarshalText(); err != nil || string(got) != text {
			t.Errorf("MarshalText(%v) = %q, %v; want %q", want, got, err, text)
		}
	}
	for _, text := range []string{"", "5", "-1s", "soon", "1e9h"} {
		d := Duration(time.Second)
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("UnmarshalText(%q) accepted it as %v", text, d)
		}
		if d.Std() != time.Second {
			t.Errorf("UnmarshalText(%q) changed the value", text)
		}
	}
}
