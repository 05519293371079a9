package speech

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/sound"
)

func needEspeak(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Fatal("espeak-ng is missing: install the package of that name; make test does")
	}
}

func job(s action.Speech) action.Job {
	return action.Job{Spec: action.Spec{Speech: &s}, Fields: action.Fields{User: "pixel_pia", Nickname: "Pia ✨", Count: 3}, Runs: 1}
}

// seconds is the length of espeak's WAV: 22.05 kHz, 16 bits, mono, behind a header of 44 bytes.
func seconds(wav []byte) float64 { return float64(len(wav)-44) / 2 / 22050 }

func TestTextsAreSpoken(t *testing.T) {
	needEspeak(t)
	l := &listener{}
	s := New(l, Settings{Volume: 40}.Block([]string{"darn"}), nil)
	o, err := s.Do(t.Context(), job(action.Speech{Text: "{nickname} sent {count} darn roses, see https://x.example"}))
	if err != nil || o != (action.Outcome{State: action.Done, Reply: "Pia sent 3 roses, see"}) {
		t.Fatalf("%+v, %v", o, err)
	}
	plain := l.heard()[0]
	if !bytes.HasPrefix(plain, []byte("RIFF")) || seconds(plain) < 0.8 || l.volume != 40 {
		t.Errorf("%d bytes at volume %d", len(plain), l.volume)
	}
	for _, spec := range []action.Speech{
		{Text: "{nickname} sent {count} roses, see", Rate: 200},
		{Text: "{nickname} sent {count} roses, see", Voice: "gmw/de"},
		{Text: "{nickname} sent {count} roses, see", Voice: "no such voice"},
	} {
		if o, err := s.Do(t.Context(), job(spec)); err != nil || o.State != action.Done {
			t.Errorf("%+v: %+v, %v", spec, o, err)
		}
	}
	heard := l.heard()
	if fast := seconds(heard[1]) / seconds(plain); fast > 0.75 {
		t.Errorf("at twice the speed it takes %.2f of the time", fast)
	}
	if bytes.Equal(heard[2], plain) || !bytes.Equal(heard[3], plain) {
		t.Error("the voices are not those that were asked for")
	}
	if err := s.Preview(t.Context(), action.Speech{Text: "hello"}, action.Fields{}); err != nil || len(l.heard()) != 5 {
		t.Errorf("preview: %v", err)
	}
}

func TestHostileTextsAreSpoken(t *testing.T) {
	needEspeak(t)
	l := &listener{}
	s := New(l, Settings{}, nil)
	for _, text := range []string{
		"--stdout -w /tmp/owned", "$(reboot) `id`", "[[h@loU]] <break time='9999s'/>", strings.Repeat("Donaudampfschifffahrt ", 400),
		strings.Repeat("7", 8000), "日本語 नमस्ते", "\x00\xff a",
	} {
		j := job(action.Speech{Text: "{comment}"})
		j.Fields.Comment = text
		o, err := s.Do(t.Context(), j)
		if err != nil || o.State != action.Done {
			t.Errorf("%.40q: %+v, %v", text, o, err)
			continue
		}
		if all := l.heard(); seconds(all[len(all)-1]) > 60 {
			t.Errorf("%.40q takes %.0f s", text, seconds(all[len(all)-1]))
		}
	}
	o, err := s.Do(t.Context(), job(action.Speech{Text: "✨🎉"}))
	if err != nil || o.State != action.Rejected {
		t.Errorf("of nothing: %+v, %v", o, err)
	}
	if err := s.Preview(t.Context(), action.Speech{Text: "{nickname} ✨"}, action.Fields{}); !errors.Is(err, ErrNothing) {
		t.Error("a preview of nothing is fine")
	}
}

func TestTheOrderIsKept(t *testing.T) {
	needEspeak(t)
	release := make(chan struct{})
	l := &listener{play: func(context.Context) error { <-release; return nil }}
	s := New(l, Settings{}, nil)
	done := make(chan error, 2)
	go func() { done <- s.Preview(t.Context(), action.Speech{Text: "one"}, action.Fields{}) }()
	await(t, "the first", func() bool { return len(l.heard()) == 1 })
	go func() { done <- s.Preview(t.Context(), action.Speech{Text: "two"}, action.Fields{}) }()
	for range 20 { // what could overtake has every chance to
		time.Sleep(time.Millisecond)
		if len(l.heard()) != 1 {
			t.Fatal("two texts at once")
		}
	}
	close(release)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(l.heard()) != 2 {
		t.Errorf("%d texts were spoken", len(l.heard()))
	}
}

func TestStop(t *testing.T) {
	needEspeak(t)
	l := &listener{play: func(ctx context.Context) error {
		<-ctx.Done()
		return errors.Join(sound.ErrCut, ctx.Err())
	}}
	s := New(l, Settings{}, nil)
	results := make(chan action.Outcome, 1)
	say := func() {
		o, err := s.Do(t.Context(), job(action.Speech{Text: "hello"}))
		if err != nil {
			t.Error(err)
		}
		results <- o
	}
	go say()
	await(t, "the first", func() bool { return len(l.heard()) == 1 })
	s.Stop()
	if o := <-results; o.State != action.Done || !strings.HasPrefix(o.Reply, "stopped") {
		t.Errorf("while it is heard: %+v", o)
	}
	s.turn <- struct{}{} // nothing else is spoken until it is taken away
	go say()
	await(t, "the wait for its turn", func() bool {
		s.Stop()
		return len(results) == 1
	})
	<-s.turn
	if o := <-results; o.State != action.Rejected {
		t.Errorf("while it waits: %+v", o)
	}
	l.play = nil
	if err := s.Preview(t.Context(), action.Speech{Text: "on we go"}, action.Fields{}); err != nil {
		t.Errorf("after the stop: %v", err)
	}
}

func TestWhatThePlayerSays(t *testing.T) {
	needEspeak(t)
	for name, tt := range map[string]struct {
		err       error
		state     action.State
		permanent bool
	}{
		"cut off":     {errors.Join(sound.ErrCut, sound.ErrNoDevice), action.Unknown, false},
		"all stopped": {errors.Join(sound.ErrCut, sound.ErrStopped), action.Done, false},
		"stopped":     {sound.ErrStopped, action.Rejected, false},
		"no device":   {sound.ErrNoDevice, "", false},
		"nonsense":    {action.Permanent(errors.New("no sound")), "", true},
	} {
		s := New(&listener{play: func(context.Context) error { return tt.err }}, Settings{}, nil)
		o, err := s.Do(t.Context(), job(action.Speech{Text: "hello"}))
		if o.State != tt.state || (err == nil) != (tt.state != "") || action.IsPermanent(err) != tt.permanent {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
		if tt.state == "" && !errors.Is(err, tt.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGivenUp(t *testing.T) {
	needEspeak(t)
	ctx, cancel := context.WithCancel(t.Context())
	l := &listener{play: func(ctx context.Context) error {
		cancel()
		<-ctx.Done()
		return errors.Join(sound.ErrCut, ctx.Err())
	}}
	s := New(l, Settings{}, nil)
	if o, err := s.Do(ctx, job(action.Speech{Text: "hello"})); err != nil || o.State != action.Unknown {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := s.Do(ctx, job(action.Speech{Text: "hello"})); !errors.Is(err, context.Canceled) || action.IsPermanent(err) {
		t.Errorf("never begun: %v", err)
	}
}

func TestVoices(t *testing.T) {
	needEspeak(t)
	s := New(&listener{}, Settings{}, nil)
	all, err := s.Voices(t.Context())
	if err != nil || len(all) < 50 {
		t.Fatalf("%d voices, %v", len(all), err)
	}
	for _, v := range all {
		if v.Language == "de" && (v.ID != "gmw/de" || v.Name != "German") {
			t.Errorf("got %+v", v)
		}
	}
}
