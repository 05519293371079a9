package sound

import (
	"container/list"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	defaultCacheBytes    = 128 << 20
	defaultDecodeTimeout = 30 * time.Second
	// MaxFileBytes and MaxLength bound what is decoded.
	MaxFileBytes = 200 << 20
	MaxLength    = 10 * time.Minute
)

// library turns names into decoded sounds, and keeps the ones that were used last.
type library struct {
	bundled fs.FS
	timeout time.Duration
	cache   *cache
	// decoding has room for the files that are decoded at the same time: a long one does not hold up a short one, and the
	// memory stays within bounds.
	decoding chan struct{}
}

func newLibrary(o Options) *library {
	l := &library{bundled: o.Bundled, timeout: o.DecodeTimeout, decoding: make(chan struct{}, 2)}
	if l.timeout <= 0 {
		l.timeout = defaultDecodeTimeout
	}
	size := o.CacheBytes
	if size <= 0 {
		size = defaultCacheBytes
	}
	l.cache = newCache(size)
	return l
}

// Check returns what is wrong with a sound, as a *FileError, or nil. It decodes the whole file.
func (m *Mixer) Check(s action.Sound) error {
	_, err := m.library.get(context.Background(), s.File)
	return err
}

// get returns the sound that a profile calls name.
func (l *library) get(ctx context.Context, name string) (*clip, error) {
	c, err := l.load(ctx, name)
	if err != nil {
		return nil, fileError(name, err)
	}
	return c, nil
}

func (l *library) load(ctx context.Context, name string) (*clip, error) {
	file, info, err := l.open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() // it was only read
	key := cacheKey{name: name, size: info.Size(), modified: info.ModTime()}
	if c := l.cache.get(key); c != nil {
		return c, nil
	}
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	select {
	case l.decoding <- struct{}{}:
		defer func() { <-l.decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := decode(ctx, file, info.Size())
	if err != nil {
		return nil, err
	}
	l.cache.put(key, c)
	return c, nil
}

// open opens a sound for reading. It looks before it opens, because opening a pipe would wait for its writer.
func (l *library) open(name string) (io.ReadCloser, fs.FileInfo, error) {
	if short, isBundled := strings.CutPrefix(name, BundledPrefix); isBundled {
		return l.openBundled(short)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if err := checkInfo(info); err != nil {
		return nil, nil, err
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return file, info, nil
}

func (l *library) openBundled(short string) (io.ReadCloser, fs.FileInfo, error) {
	name, ok := bundled(l.bundled)[short]
	if !ok {
		return nil, nil, fault{NoSuchSound, nil}
	}
	file, err := l.bundled.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = checkInfo(info)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

func checkInfo(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return fault{NotAFile, nil}
	case info.Size() == 0:
		return fault{Empty, nil}
	case info.Size() > MaxFileBytes:
		return faultf(TooLarge, "%d MB", info.Size()>>20)
	default:
		return nil
	}
}

// cacheKey tells one state of a file from another.
type cacheKey struct {
	name     string
	size     int64
	modified time.Time
}

// cache keeps decoded sounds within a bound of bytes and drops those that were not used for the longest time.
type cache struct {
	mu    sync.Mutex
	limit int64
	bytes int64
	// order has the most recently used in front; its values are *entry.
	order *list.List
	found map[cacheKey]*list.Element
}

type entry struct {
	key  cacheKey
	clip *clip
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), found: map[cacheKey]*list.Element{}}
}

func (c *cache) get(key cacheKey) *clip {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.found[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).clip
}

// put keeps clip, unless it alone is beyond the bound. States of the same file that are no longer current go by age.
func (c *cache) put(key cacheKey, clip *clip) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if clip.bytes() > c.limit || c.found[key] != nil {
		return
	}
	c.found[key] = c.order.PushFront(&entry{key, clip})
	c.bytes += clip.bytes()
	for c.bytes > c.limit {
		oldest := c.order.Remove(c.order.Back()).(*entry)
		delete(c.found, oldest.key)
		c.bytes -= oldest.clip.bytes()
	}
}
