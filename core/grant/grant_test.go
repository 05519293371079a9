package grant

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/event"
)

func open(t *testing.T, path string) *Book {
	t.Helper()
	b, err := Open(Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTokensOutliveTheProgramAsHashesAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "grants.json")
	b := open(t, path)
	token, g, err := b.Issue(" My deck ", Trigger, Read)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(token) || len(token) != TokenSize {
		t.Errorf("the token is %q", token)
	}
	if g.Name != "My deck" || !slices.Equal(g.Scopes, []Scope{Read, Trigger}) || g.Allows(Control) || !g.Allows(Trigger) || g.Created.IsZero() {
		t.Errorf("the grant is %+v", g)
	}
	lent, _, err := b.Lend("child", Read)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), token) || strings.Contains(string(text), "child") {
		t.Errorf("the file has %s, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the file: %v, %v", info.Mode(), err)
	}
	again := open(t, path)
	if p, ok := again.Check([]byte(token)); !ok || p.Name != "My deck" || p.ID != g.ID || !p.Used.IsZero() && p.Used.Before(g.Created) {
		t.Errorf("after a restart the token gives %+v, %v", p, ok)
	}
	if _, ok := again.Check([]byte(lent)); ok {
		t.Error("a lent token has outlived its program")
	}
}

func TestOnlyWholeTokensPass(t *testing.T) {
	b := open(t, "")
	token, _, err := b.Issue("deck", Read)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.Check([]byte(token)); !ok {
		t.Error("the right token does not pass")
	}
	for _, wrong := range []string{"", token[:35], token + "\n", strings.ToUpper(token), "00000000-0000-4000-8000-000000000000", strings.Repeat("a", 1<<20)} {
		if p, ok := b.Check([]byte(wrong)); ok {
			t.Errorf("%.50q passes as %+v", wrong, p)
		}
	}
}

func TestRevokedTokensEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grants.json")
	b := open(t, path)
	token, g, err := b.Issue("deck", Read)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := b.Check([]byte(token))
	if !ok {
		t.Fatal("the right token does not pass")
	}
	if err := b.Revoke(g.ID); err != nil {
		t.Fatal(err)
	}
	<-p.Revoked()
	if _, ok := b.Check([]byte(token)); ok {
		t.Error("a revoked token passes")
	}
	if _, ok := open(t, path).Check([]byte(token)); ok {
		t.Error("a revoked token passes after a restart")
	}
	if err := b.Revoke(g.ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("revoked twice: %v", err)
	}
	lent, giveBack, err := b.Lend("child", Read)
	if err != nil {
		t.Fatal(err)
	}
	if gs := b.Grants(); len(gs) != 1 || !gs[0].Lent {
		t.Errorf("there are %+v", gs)
	}
	giveBack()
	giveBack()
	if _, ok := b.Check([]byte(lent)); ok {
		t.Error("a token passes that was given back")
	}
}

func TestGrantsAreChecked(t *testing.T) {
	b := open(t, "")
	for _, tt := range []struct {
		name   string
		scopes []Scope
	}{{"", []Scope{Read}}, {" \xff ", []Scope{Read}}, {strings.Repeat("x", MaxName+1), []Scope{Read}}, {"deck", nil}, {"deck", []Scope{"everything"}}} {
		if _, g, err := b.Issue(tt.name, tt.scopes...); err == nil {
			t.Errorf("%q with %v became %+v", tt.name, tt.scopes, g)
		}
	}
	for range Max {
		if _, _, err := b.Lend("child", Read); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := b.Lend("child", Read); !errors.Is(err, ErrFull) {
		t.Errorf("one too many: %v", err)
	}
}

func TestDamagedFilesAreNotOverwritten(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "grants", "half": `[{"id":"a","name":"deck","scopes":["read"],"hash":"`, "short hash": `[{"id":"a","name":"deck","scopes":["read"],"hash":"AAAA"}]`,
		"null": "[null]", "scope": `[{"id":"a","name":"deck","scopes":["root"],"hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}]`, "huge": strings.Repeat(" ", maxFile+1),
	} {
		path := filepath.Join(t.TempDir(), "grants.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Path: path}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != text {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

// A disk that takes nothing gives no token that would be gone with the next start.
func TestDiskThatTakesNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b := &Book{path: filepath.Join(folder, "grants.json"), now: time.Now}
	if token, _, err := b.Issue("deck", Read); err == nil || token != "" || len(b.Grants()) != 0 {
		t.Errorf("got %q, %v, and %v", token, err, b.Grants())
	}
}

func TestManyAtOnce(t *testing.T) {
	b := open(t, filepath.Join(t.TempDir(), "grants.json"))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				token, giveBack, err := b.Lend("child", Read)
				if err != nil {
					t.Error(err)
					return
				}
				if _, ok := b.Check([]byte(token)); !ok {
					t.Error("a token does not pass")
				}
				b.Grants()
				giveBack()
			}
		})
	}
	group.Wait()
	if n := len(b.Grants()); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Patience
		waited := func(host string) time.Duration {
			begin := time.Now()
			p.Wait(t.Context(), p.Failed(host))
			return time.Since(begin)
		}
		for i := range freeFailures {
			if d := waited("a"); d != 0 {
				t.Errorf("wrong token %d waits %v", i+1, d)
			}
		}
		last := time.Duration(0)
		for range 5 {
			d := waited("a")
			if d <= last || d > longestPause {
				t.Errorf("waits %v after %v", d, last)
			}
			last = d
		}
		if d := waited("b"); d != 0 {
			t.Errorf("another host waits %v", d)
		}
		time.Sleep(patienceSpan)
		if d := waited("a"); d != 0 {
			t.Errorf("after a minute it waits %v", d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		begin := time.Now()
		if p.Wait(ctx, 1000); time.Since(begin) != 0 {
			t.Error("it waits though nobody does")
		}
		for i := range 3 * maxHosts {
			p.Failed(string(rune(i)))
		}
		if n := len(p.hosts); n > maxHosts {
			t.Errorf("%d hosts are remembered", n)
		}
	})
}

func TestGrantsAreLimitedToKindsOfEvents(t *testing.T) {
	b := open(t, "")
	kinds := []event.Kind{event.KindGift, event.KindChat}
	token, _, err := b.LendOnly(kinds, "child", Read)
	if err != nil {
		t.Fatal(err)
	}
	kinds[0] = event.KindLike // the caller's own
	pass, ok := b.Check([]byte(token))
	if !ok {
		t.Fatal("the token does not pass")
	}
	all := []event.Kind{event.KindGift, event.KindChat}
	for _, tt := range []struct {
		g            Grant
		wanted, want []event.Kind
	}{
		{pass.Grant, nil, all},
		{pass.Grant, []event.Kind{event.KindChat, event.KindFollow}, all[1:]},
		{pass.Grant, []event.Kind{event.KindFollow}, []event.Kind{}},
		{Grant{Scopes: []Scope{Read}}, nil, nil},
		{Grant{Scopes: []Scope{Read}, Kinds: []event.Kind{}}, nil, []event.Kind{}},
		{Grant{Scopes: []Scope{Trigger}}, nil, []event.Kind{}},
	} {
		if got := tt.g.Hears(tt.wanted); !slices.Equal(got, tt.want) || (got == nil) != (tt.want == nil) {
			t.Errorf("%v with %v hears %v, want %v", tt.g, tt.wanted, got, tt.want)
		}
	}
	if _, _, err := b.LendOnly([]event.Kind{"everything"}, "child", Read); err == nil {
		t.Error("a kind that is none was taken")
	}
}
