package grant

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/event"
)

const (
	// maxFile bounds what is read of the file: a hundred grants are some 40 KB.
	maxFile = 1 << 20
	// usedStep is how exactly it is kept when a token was used: each step is a write to the disk.
	usedStep = time.Hour
)

// ErrUnknown says that there is no such grant.
var ErrUnknown = errors.New("there is no such token")

// ErrFull says that there are Max already.
var ErrFull = fmt.Errorf("there are %d tokens already: revoke one that is not needed", Max)

// Book holds the grants. It is safe for concurrent use.
type Book struct {
	path string
	now  func() time.Time

	mu      sync.Mutex
	entries []*entry
}

// entry is a Grant with what a token is compared with.
type entry struct {
	Grant
	// Hash is the SHA-256 of the token. A token is random enough that no slower hash is needed.
	Hash []byte `json:"hash"`
	// revoked is closed when the grant ends.
	revoked chan struct{}
}

// Options are what a Book is opened with.
type Options struct {
	// Path is the file; empty keeps nothing beyond the program.
	Path string
	// Now is time.Now where it is nil.
	Now func() time.Time
}

// Open reads the book. A file that cannot be read, or is none of ours, is an error: to go on without it would lock out the programs
// that are in it, and lose them with the next change.
func Open(opts Options) (*Book, error) {
	b := &Book{path: opts.Path, now: opts.Now}
	if b.now == nil {
		b.now = time.Now
	}
	if b.path == "" {
		return b, nil
	}
	data, err := readFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the tokens: %w", err)
	}
	if err := json.Unmarshal(data, &b.entries); err != nil {
		return nil, fmt.Errorf("read the tokens in %s: %w", b.path, err)
	}
	for i, e := range b.entries {
		if e == nil || e.ID == "" || len(e.Hash) != sha256.Size {
			return nil, fmt.Errorf("read the tokens in %s: entry %d is not whole", b.path, i+1)
		}
		if e.Name, e.Scopes, err = check(e.Name, e.Scopes); err != nil {
			return nil, fmt.Errorf("read the tokens in %s: entry %d: %w", b.path, i+1, err)
		}
		if err := checkKinds(e.Kinds); err != nil {
			return nil, fmt.Errorf("read the tokens in %s: entry %d: %w", b.path, i+1, err)
		}
		e.revoked = make(chan struct{})
	}
	if len(b.entries) > Max {
		return nil, fmt.Errorf("read the tokens in %s: %w", b.path, ErrFull)
	}
	return b, nil
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s is too large to be a list of tokens", path)
	}
	return os.ReadFile(filepath.Clean(path))
}

// Issue makes a grant that is kept, and returns its token, which cannot be had again. The error is ErrFull, one of name or
// scopes, or that of the disk: then there is no grant.
func (b *Book) Issue(name string, scopes ...Scope) (string, Grant, error) {
	token, e, err := b.enter(Grant{Name: name, Scopes: scopes})
	if err != nil {
		return "", Grant{}, err
	}
	return token, e.clone(), nil
}

// Lend makes a grant for one life of another program. It ends with the call of giveBack, which may be repeated.
func (b *Book) Lend(name string, scopes ...Scope) (token string, giveBack func(), err error) {
	return b.LendOnly(nil, name, scopes...)
}

// LendOnly is Lend for a program that may be told of some kinds of events alone; nil is all.
func (b *Book) LendOnly(kinds []event.Kind, name string, scopes ...Scope) (token string, giveBack func(), err error) {
	token, e, err := b.enter(Grant{Name: name, Scopes: scopes, Kinds: kinds, Lent: true})
	if err != nil {
		return "", nil, err
	}
	return token, func() { _ = b.Revoke(e.ID) }, nil // its only error is that of a second call
}

// enter adds a grant of that name, scopes, kinds and sort.
func (b *Book) enter(g Grant) (string, *entry, error) {
	var err error
	if g.Name, g.Scopes, err = check(g.Name, g.Scopes); err != nil {
		return "", nil, err
	}
	if err := checkKinds(g.Kinds); err != nil {
		return "", nil, err
	}
	g.Kinds = slices.Clone(g.Kinds)
	g.ID, g.Created = rand.Text()[:10], b.now().UTC().Truncate(time.Second)
	token := newToken()
	hash := sha256.Sum256([]byte(token))
	e := &entry{Grant: g, Hash: hash[:], revoked: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.count(g.Lent) >= Max {
		return "", nil, ErrFull
	}
	b.entries = append(b.entries, e)
	if g.Lent {
		return token, e, nil
	}
	if err := b.save(); err != nil {
		b.entries = b.entries[:len(b.entries)-1]
		return "", nil, err
	}
	return token, e, nil
}

func (b *Book) count(isLent bool) (n int) {
	for _, e := range b.entries {
		if e.Lent == isLent {
			n++
		}
	}
	return n
}

// Grants returns those that are kept, in the order in which they were made, then those that are lent.
func (b *Book) Grants() []Grant {
	b.mu.Lock()
	defer b.mu.Unlock()
	var kept, lent []Grant
	for _, e := range b.entries {
		if e.Lent {
			lent = append(lent, e.clone())
		} else {
			kept = append(kept, e.clone())
		}
	}
	return append(kept, lent...)
}

// Revoke ends a grant, and with it the connections that have shown its token. The error is ErrUnknown, or that of the disk: then
// the grant has ended, and would come back with the next start.
func (b *Book) Revoke(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.entries, func(e *entry) bool { return e.ID == id })
	if i < 0 {
		return ErrUnknown
	}
	e := b.entries[i]
	b.entries = slices.Delete(b.entries, i, i+1)
	close(e.revoked)
	if e.Lent {
		return nil
	}
	return b.save()
}

// Pass is a grant whose token was shown.
type Pass struct {
	Grant
	revoked <-chan struct{}
}

// Revoked is closed when the grant has ended.
func (p Pass) Revoked() <-chan struct{} { return p.revoked }

// Check returns what a token allows. How long it takes does not depend on how much of the token is right.
func (b *Book) Check(token []byte) (Pass, bool) {
	hash := sha256.Sum256(token)
	b.mu.Lock()
	defer b.mu.Unlock()
	var found *entry
	for _, e := range b.entries {
		if subtle.ConstantTimeCompare(e.Hash, hash[:]) == 1 {
			found = e
		}
	}
	if found == nil || len(token) != TokenSize {
		return Pass{}, false
	}
	if now := b.now().UTC().Truncate(time.Second); now.Sub(found.Used) >= usedStep {
		found.Used = now
		if !found.Lent {
			_ = b.save() // only the time would be lost
		}
	}
	return Pass{found.clone(), found.revoked}, true
}

// save writes the grants that are kept. The caller holds the lock.
func (b *Book) save() error {
	if b.path == "" {
		return nil
	}
	kept := slices.DeleteFunc(slices.Clone(b.entries), func(e *entry) bool { return e.Lent })
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	if err := enc.Encode(kept); err != nil {
		return fmt.Errorf("keep the tokens: %w", err)
	}
	if err := atomicfile.Write(b.path, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("keep the tokens: %w", err)
	}
	return nil
}
