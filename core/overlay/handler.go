package overlay

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxStyle bounds a user's CSS file, in bytes.
const maxStyle = 512 << 10

// files are the pages' own files, read once.
type files struct {
	page     string            // the HTML that all pages share
	served   map[string][]byte // scripts, styles and pictures by name
	pictures fs.FS
	// build changes when any of them does.
	build string
}

func loadFiles(from fs.FS) (*files, error) {
	f := &files{served: map[string][]byte{}}
	page, err := fs.ReadFile(from, "page.html")
	if err != nil {
		return nil, fmt.Errorf("read the overlay page: %w", err)
	}
	if f.pictures, err = fs.Sub(from, "pictures"); err != nil {
		return nil, fmt.Errorf("find the overlay's pictures: %w", err)
	}
	sum := sha256.New()
	sum.Write(page)
	err = fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || kind(name) == "" {
			return err
		}
		if f.served[name], err = fs.ReadFile(from, name); err == nil {
			sum.Write(f.served[name])
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the overlay's files: %w", err)
	}
	f.build = hex.EncodeToString(sum.Sum(nil))[:16]
	f.page = strings.ReplaceAll(string(page), "{{build}}", f.build)
	return f, nil
}

// handler serves what is asked for at one address. Whatever it is asked under another host's name, or without the token, it knows
// nothing: a web site can make its own name point to this computer, and ask.
func (s *Server) handler(ctx context.Context, address string) http.Handler {
	port := address[strings.LastIndexByte(address, ':'):]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header(), r.Host)
		if r.Host != address && r.Host != "localhost"+port {
			http.Error(w, "this server is for this computer alone", http.StatusMisdirectedRequest)
			return
		}
		token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if !s.isToken(token) {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
			return
		}
		s.route(ctx, w, r, rest)
	})
}

func (s *Server) isToken(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

// protect sets the headers that every answer has. The token is in the address, so no address may leave the page.
func protect(h http.Header, host string) {
	pictures := ""
	for _, name := range pictureHosts() {
		pictures += " https://*." + name
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self' data:; media-src 'self'; "+
		"img-src 'self' data:"+pictures+"; connect-src 'self' ws://"+safeHost(host)+"; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// safeHost returns a host fit to stand in a header; one that is not is refused anyway.
func safeHost(host string) string {
	if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.:") != "" {
		return "127.0.0.1"
	}
	return host
}

// route serves what stands behind the token.
func (s *Server) route(ctx context.Context, w http.ResponseWriter, r *http.Request, rest string) {
	if page, ok := find(rest); ok {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		s.write(w, []byte(strings.ReplaceAll(s.files.page, "{{page}}", html.EscapeString(page.Name))))
		return
	}
	if data, ok := s.files.served[rest]; ok {
		w.Header().Set("Content-Type", kind(rest))
		s.write(w, data)
		return
	}
	if name, ok := strings.CutPrefix(rest, "style/"); ok {
		s.style(w, r, name)
		return
	}
	if id, ok := strings.CutPrefix(rest, "media/"); ok {
		s.media.serve(w, r, id)
		return
	}
	if rest == "live" {
		s.live(ctx, w, r)
		return
	}
	http.NotFound(w, r)
}

// kind is the content type of one of our files, or "" for one that is not served as it is. The system's own table is not asked: on
// Windows any program can change it.
func kind(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return ""
	}
}

func (s *Server) write(w io.Writer, data []byte) {
	if _, err := w.Write(data); err != nil {
		s.log.Debug("an overlay page went away", "error", err)
	}
}

// style sends the user's CSS for a page: all.css and the page's own, as far as there are any.
func (s *Server) style(w http.ResponseWriter, r *http.Request, name string) {
	page, ok := find(strings.TrimSuffix(name, ".css"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	dir := s.settings.Styles
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	if dir == "" {
		return
	}
	for _, name := range []string{"all.css", page.Name + ".css"} {
		data, err := readStyle(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.log.Warn("an overlay's CSS file cannot be used", "file", name, "error", err)
			continue
		}
		s.write(w, append(data, '\n'))
	}
}

func readStyle(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxStyle {
		return nil, fmt.Errorf("it is no file of at most %d KB", maxStyle>>10)
	}
	return os.ReadFile(filepath.Clean(path))
}
