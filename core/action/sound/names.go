package sound

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// BundledPrefix marks the name of a bundled sound in action.Sound.File.
const BundledPrefix = "bundled:"

// extensions are those that a bundled sound may have.
var extensions = []string{".wav", ".mp3", ".ogg", ".flac"}

// Names returns the names of the bundled sounds at the top of files, without extension, sorted. A nil files has none.
func Names(files fs.FS) []string {
	var names []string
	for name := range bundled(files) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// bundled maps the names of the bundled sounds to their files.
func bundled(files fs.FS) map[string]string {
	found := map[string]string{}
	if files == nil {
		return found
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return found // without a listing there is nothing to name; playing one then says that it does not exist
	}
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if !e.IsDir() && slices.Contains(extensions, strings.ToLower(ext)) {
			found[strings.TrimSuffix(e.Name(), ext)] = e.Name()
		}
	}
	return found
}
