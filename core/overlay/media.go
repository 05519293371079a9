package overlay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// maxMedium bounds a picture, video or sound, in bytes.
	maxMedium = 50 << 20
	// maxMedia bounds how many are known at a time; those that were asked for longest ago are forgotten first.
	maxMedia = 500
	bundled  = "bundled:"
)

// medium is a picture, video or sound that pages may load.
type medium struct {
	id          string
	contentType string
	open        func() (fs.File, error)
}

// path is where it is, below the token; "" for none.
func (m medium) path() string {
	if m.id == "" {
		return ""
	}
	return "media/" + m.id
}

func (m medium) isVideo() bool { return strings.HasPrefix(m.contentType, "video/") }

// media knows the files that pages may load: those that an action has named, by an id of ours. No path comes from a page.
type media struct {
	pictures, sounds fs.FS

	mu    sync.Mutex
	known map[string]medium
	order []string // ids, the one that was used longest ago first
}

// picture makes a picture or video loadable: a path, or a bundled one.
func (m *media) picture(name string) (medium, error) {
	return m.add(name, m.pictures, []string{".svg"}, "image/", "video/")
}

// sound makes a sound loadable, likewise.
func (m *media) sound(name string) (medium, error) {
	return m.add(name, m.sounds, []string{".wav", ".mp3", ".ogg", ".flac"}, "audio/")
}

func (m *media) add(name string, own fs.FS, extensions []string, kinds ...string) (medium, error) {
	open := func() (fs.File, error) { return os.Open(filepath.Clean(name)) }
	if base, ok := strings.CutPrefix(name, bundled); ok {
		open = func() (fs.File, error) { return openBundled(own, base, extensions) }
	}
	f, err := open()
	if err != nil {
		return medium{}, plain(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return medium{}, plain(err)
	case !info.Mode().IsRegular():
		return medium{}, errors.New("it is not a file")
	case info.Size() > maxMedium:
		return medium{}, fmt.Errorf("it is larger than %d MB", maxMedium>>20)
	}
	head := make([]byte, 1024)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return medium{}, errors.New("it is empty or cannot be read")
	}
	found := medium{contentType: contentType(head[:n]), open: open}
	for _, kind := range kinds {
		if strings.HasPrefix(found.contentType, kind) {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", name, info.Size(), info.ModTime().UnixNano()))
			found.id = hex.EncodeToString(sum[:16])
			m.remember(found)
			return found, nil
		}
	}
	return medium{}, errors.New("its kind is not known")
}

// Pictures returns the names of the bundled pictures among the pages' files, sorted.
func Pictures(files fs.FS) []string {
	found, err := fs.Glob(files, "pictures/*.svg")
	if err != nil {
		return nil // only a malformed pattern can fail
	}
	for i, name := range found {
		found[i] = strings.TrimSuffix(path.Base(name), ".svg")
	}
	return found
}

// plain returns an error without the path, which its reader has already seen.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

func openBundled(own fs.FS, name string, extensions []string) (fs.File, error) {
	if strings.ContainsAny(name, `/\`) || own == nil {
		return nil, fs.ErrNotExist
	}
	for _, ext := range extensions {
		f, err := own.Open(name + ext)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("nothing bundled is called %q", name)
}

// remember makes a medium the one that was used last.
func (m *media) remember(one medium) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, id := range m.order {
		if id == one.id {
			m.order = append(m.order[:i], m.order[i+1:]...)
			break
		}
	}
	m.order = append(m.order, one.id)
	m.known[one.id] = one
	if len(m.order) > maxMedia {
		delete(m.known, m.order[0])
		m.order = m.order[1:]
	}
}

// contentType tells what a file is by its beginning; "" is not known. What could run in a page is among them only as a picture.
func contentType(head []byte) string {
	switch trimmed := bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"); {
	case bytes.HasPrefix(head, []byte("fLaC")):
		return "audio/flac"
	case len(head) > 1 && head[0] == 0xff && head[1]&0xe6 == 0xe2: // an MP3 frame without a tag before it: layer III
		return "audio/mpeg"
	case len(head) > 12 && string(head[4:12]) == "ftypavif":
		return "image/avif"
	case bytes.HasPrefix(trimmed, []byte("<")) && bytes.Contains(trimmed, []byte("<svg")):
		return "image/svg+xml"
	}
	switch found := http.DetectContentType(head); {
	case found == "application/ogg":
		return "audio/ogg"
	case strings.HasPrefix(found, "image/"), strings.HasPrefix(found, "video/"), strings.HasPrefix(found, "audio/"):
		return found
	default:
		return ""
	}
}

// serve sends a medium. A file that has grown beyond the bound meanwhile is cut off.
func (m *media) serve(w http.ResponseWriter, r *http.Request, id string) {
	m.mu.Lock()
	one, ok := m.known[id]
	m.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	f, err := one.open()
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = f.Close() }()
	data, ok := f.(io.ReaderAt)
	info, err := f.Stat()
	if err != nil || !ok || !info.Mode().IsRegular() {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", one.contentType)
	h.Set("Cache-Control", "private, max-age=3600")
	// A picture can be a document of its own, and might hold scripts: as such it can do nothing at all.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(data, 0, min(info.Size(), maxMedium)))
}
