package library

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"
)

const (
	// maxArchive bounds an export as it is packed.
	maxArchive = 160 << 20
	// maxEntries bounds what a zip lists: the library makes room for all of it before anybody can look.
	maxEntries = 2000
	maxEntry   = 400 // bytes of a name in a zip
)

// ErrHostile says that a file is made to do harm, and was not looked at further.
var ErrHostile = errors.New("the file is not what LiveCue exports, and may be meant to do harm")

// ErrNoExport says that a file is neither an export nor a profile.
var ErrNoExport = errors.New("the file is no export of LiveCue")

// zipMagic begins a zip, listing one of its entries in its directory.
var zipMagic, zipListing = []byte("PK\x03\x04"), []byte("PK\x01\x02")

// archive is what an export holds.
type archive struct {
	profile []byte
	files   map[string][]byte // by their names below files/
	ignored []string
}

// limits bound what is unpacked: one sound or picture, and all together, in bytes.
type limits struct{ one, all int64 }

// readArchive reads an export, or a profile alone.
func readArchive(r io.Reader, most limits) (archive, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxArchive+1))
	switch {
	case err != nil:
		return archive{}, fmt.Errorf("read the file: %w", err)
	case len(data) > maxArchive:
		return archive{}, fmt.Errorf("%w: it is larger than %d MB", ErrNoExport, maxArchive>>20)
	case !bytes.HasPrefix(data, zipMagic):
		return archive{profile: data}, nil
	case bytes.Count(data, zipListing) > maxEntries:
		return archive{}, fmt.Errorf("%w: it lists more than %d files", ErrHostile, maxEntries)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // those names are refused below, with the others
		return archive{}, fmt.Errorf("%w: read the zip: %w", ErrNoExport, err)
	}
	a := archive{files: map[string][]byte{}}
	seen := map[string]bool{}
	for _, f := range z.File {
		if err := checkEntry(f); err != nil {
			return archive{}, err
		}
		key := fold(strings.TrimSuffix(f.Name, "/"))
		if seen[key] {
			return archive{}, fmt.Errorf("%w: it holds %q twice", ErrHostile, f.Name)
		}
		seen[key] = true
		if err := a.add(f, &most); err != nil {
			return archive{}, err
		}
	}
	if a.profile == nil {
		return archive{}, fmt.Errorf("%w: the zip holds no %s", ErrNoExport, profileFile)
	}
	return a, nil
}

// checkEntry refuses names that lead out of a folder, on any system, and everything that is not a plain file or folder.
func checkEntry(f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	isClean := name != "" && len(name) <= maxEntry && utf8.ValidString(name) && !strings.ContainsAny(name, "\\:\x00") && fs.ValidPath(name) && name != "."
	if !isClean {
		return fmt.Errorf("%w: it holds a file called %.80q", ErrHostile, f.Name)
	}
	if mode := f.Mode(); !mode.IsRegular() && !mode.IsDir() {
		return fmt.Errorf("%w: %q in it is neither a file nor a folder", ErrHostile, f.Name)
	}
	return nil
}

// add takes an entry, and its size off what all may still have.
func (a *archive) add(f *zip.File, most *limits) error {
	isOurs := path.Dir(f.Name) == fileFolder && isMedia(f.Name)
	switch {
	case f.Mode().IsDir():
		return nil
	case f.Name == profileFile:
		data, err := readEntry(f, maxProfile, &most.all)
		a.profile = data
		return err
	case !isOurs:
		a.ignored = append(a.ignored, f.Name)
		return nil
	case len(a.files) == maxFiles:
		return fmt.Errorf("%w: it holds more than %d sounds and pictures", ErrHostile, maxFiles)
	}
	data, err := readEntry(f, most.one, &most.all)
	a.files[path.Base(f.Name)] = data
	return err
}

// readEntry unpacks an entry. What the zip says of its size is not believed.
func readEntry(f *zip.File, most int64, left *int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("unpack %q: %w", f.Name, err)
	}
	defer func() { _ = r.Close() }()
	most = min(most, *left)
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%w: %q in it is too large when it is unpacked", ErrHostile, f.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack %q: %w", f.Name, err)
	}
	*left -= int64(len(data))
	return data, nil
}
