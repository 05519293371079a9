package overlay

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/livecue/livecue/core/atomicfile"
)

// tokenShape is what rand.Text makes: at least 128 bits.
var tokenShape = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// loadToken returns the token that is kept at path, or a new one where there is none that can be one. With an empty path it is new
// each time.
func loadToken(path string) (string, error) {
	if path == "" {
		return rand.Text(), nil
	}
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the overlay token: %w", err)
	}
	if token := strings.TrimSpace(string(data)); tokenShape.MatchString(token) {
		// Only its owner may read it, whatever a backup program has made of it. Windows' folder protects it.
		if err := os.Chmod(path, 0o600); err != nil {
			return "", fmt.Errorf("protect the overlay token: %w", err)
		}
		return token, nil
	}
	return newToken(path)
}

// newToken makes a token and keeps it.
func newToken(path string) (string, error) {
	token := rand.Text()
	if path == "" {
		return token, nil
	}
	if err := atomicfile.Write(path, []byte(token+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the overlay token: %w", err)
	}
	return token, nil
}
