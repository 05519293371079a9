package profile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/livecue/livecue/core/atomicfile"
)

const (
	// maxSecretsFile bounds a file of secrets, in bytes.
	maxSecretsFile = 1 << 20

	secretsHeader = "# LiveCue's passwords and keys. Whoever can read this file can use them: do not share it.\n\n"
)

// fileSecrets keeps secrets in a TOML file of one line each.
type fileSecrets struct {
	path string
	mu   sync.Mutex // keeps changes from overtaking each other
}

// FileSecrets returns Secrets in a file that its owner alone may read, for computers without a keyring. A file that others
// may read is refused. The file is made when the first secret is kept.
func FileSecrets(path string) Secrets { return &fileSecrets{path: path} }

// Get implements Secrets.
func (f *fileSecrets) Get(key string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	secrets, err := f.read()
	if err != nil {
		return "", err
	}
	value, ok := secrets[key]
	if !ok {
		return "", ErrNoSecret
	}
	return value, nil
}

// Set implements Secrets.
func (f *fileSecrets) Set(key, value string) error {
	return f.change(func(secrets map[string]string) { secrets[key] = value })
}

// Delete implements Secrets.
func (f *fileSecrets) Delete(key string) error {
	return f.change(func(secrets map[string]string) { delete(secrets, key) })
}

func (f *fileSecrets) change(edit func(map[string]string)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	secrets, err := f.read()
	if err != nil {
		return err
	}
	edit(secrets)
	data, err := toml.Marshal(secrets)
	if err != nil {
		return fmt.Errorf("write the secrets: %w", err)
	}
	if err := atomicfile.Write(f.path, append([]byte(secretsHeader), data...), filePerm); err != nil {
		return fmt.Errorf("write the secrets: %w", err)
	}
	return nil
}

// read returns what the file holds; a file that is missing holds nothing. Errors name no content.
func (f *fileSecrets) read() (map[string]string, error) {
	secrets := map[string]string{}
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return secrets, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the secrets: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("look at the secrets: %w", err)
	case !info.Mode().IsRegular() || info.Size() > maxSecretsFile:
		return nil, fmt.Errorf("%s is no file of secrets", f.path)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("the secrets in %s can be read by others on this computer (mode %04o): run chmod 600 on it, and change the passwords if others use this computer", f.path, info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(file, maxSecretsFile))
	if err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	if err := unmarshal(data, &secrets, false); err != nil {
		line := 0
		var de *toml.DecodeError
		if errors.As(err, &de) {
			line, _ = de.Position()
		}
		return nil, &FileError{Path: f.path, Line: line, Reason: "this is not a line of the form \"name\" = \"secret\""}
	}
	return secrets, nil
}
