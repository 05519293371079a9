package library

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// LeftOut is something of a profile that an export does not hold.
type LeftOut struct {
	// Rule is the name of the rule that it is of, or "".
	Rule string
	// What is a file, or what was taken out of a text.
	What string
	// Reason says why, in English.
	Reason Reason
}

// Exported is what became of an export.
type Exported struct {
	// Files is how many sounds and pictures it holds, and Names what they are called in it.
	Files   int
	Names   []string
	LeftOut []LeftOut
}

// With is something that an export holds only where the user has plainly said so.
type With string

// WithPlugins are the programs that would run on another computer.
const WithPlugins With = "plugins"

// Export writes a profile with the sounds and pictures that it uses, as one file for another computer or person. Passwords and keys are
// not in a profile; what looks like one in its texts is taken out, and so are secrets wherever they stand.
func (l *Library) Export(ref string, w io.Writer, secrets []string, with ...With) (Exported, error) {
	e, err := l.Find(ref)
	if err != nil {
		return Exported{}, err
	}
	p, err := profile.Load(e.Path)
	if err != nil {
		return Exported{}, err
	}
	return Write(p, w, secrets, with...)
}

// Write exports a profile that need not be in a library, as Export does.
func Write(p profile.Profile, w io.Writer, secrets []string, with ...With) (Exported, error) {
	x := newExporter(p, secrets, with)
	data, err := profile.Encode(x.profile)
	if err != nil {
		return Exported{}, fmt.Errorf("export the profile: %w", err)
	}
	z := zip.NewWriter(w)
	f, err := z.Create(profileFile)
	if err == nil {
		_, err = f.Write(data)
	}
	for _, file := range x.files {
		if err == nil {
			err = copyIn(z, file)
		}
	}
	if err := errors.Join(err, z.Close()); err != nil {
		return Exported{}, fmt.Errorf("write the export: %w", err)
	}
	return x.exported(), nil
}

// Plan tells what Write would leave behind, and writes nothing.
func Plan(p profile.Profile, secrets []string, with ...With) Exported {
	return newExporter(p, secrets, with).exported()
}

func newExporter(p profile.Profile, secrets []string, with []With) *exporter {
	x := &exporter{profile: p.Clone(), names: map[string]string{}, taken: map[string]bool{}}
	if !slices.Contains(with, WithPlugins) {
		x.leavePlugins()
	}
	x.hideSecrets(secrets)
	x.gather()
	return x
}

func (x *exporter) exported() Exported {
	e := Exported{Files: len(x.files), LeftOut: x.leftOut}
	for _, f := range x.files {
		e.Names = append(e.Names, path.Base(f.name))
	}
	return e
}

// exporter makes a profile fit to leave the computer.
type exporter struct {
	profile profile.Profile
	leftOut []LeftOut
	files   []mediaFile
	total   int64
	names   map[string]string // by path, what a file is called in the export
	taken   map[string]bool
}

// mediaFile is a file that goes along.
type mediaFile struct {
	path, name string
	size       int64
}

func (x *exporter) leaveOut(r *rule.Rule, what string, reason Reason) {
	l := LeftOut{What: what, Reason: reason}
	if r != nil {
		l.Rule = r.Name
	}
	x.leftOut = append(x.leftOut, l)
}

// leavePlugins takes the programs out that would be started by themselves.
func (x *exporter) leavePlugins() {
	for _, p := range x.profile.Plugins {
		x.leaveOut(nil, p.Name, LeftPlugin)
	}
	x.profile.Plugins = nil
}

// gather finds the files and lets the profile name them as they are called in the export. Of those that are left out it keeps the last part of
// the path: the others tell of the user.
func (x *exporter) gather() {
	if x.profile.Overlay.CSS != "" {
		x.leaveOut(nil, x.profile.Overlay.CSS, LeftFolder)
		x.profile.Overlay.CSS = ""
	}
	eachFile(&x.profile, func(r *rule.Rule, file *string) {
		if name, ok := x.names[*file]; ok {
			*file = name
			return
		}
		size, problem := x.examine(*file)
		if problem != "" {
			x.leaveOut(r, *file, problem)
			*file = baseName(*file)
			return
		}
		base := mediaName(*file, func(name string) bool { return x.taken[fold(name)] })
		x.taken[fold(base)] = true
		name := path.Join(fileFolder, base)
		x.names[*file] = name
		x.files = append(x.files, mediaFile{path: *file, name: name, size: size})
		x.total += size
		*file = name
	})
}

// examine returns the size of a file, or why it cannot go along.
func (x *exporter) examine(file string) (size int64, problem Reason) {
	if !isMedia(file) {
		return 0, LeftNoMedia
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return 0, LeftNotFound
	case !info.Mode().IsRegular():
		return 0, LeftNoFile
	case info.Size() > maxOne:
		return 0, LeftTooLarge
	case x.total+info.Size() > maxAll:
		return 0, LeftAllLarge
	case len(x.files) == maxFiles:
		return 0, LeftTooMany
	}
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return 0, LeftForbidden
	}
	_ = f.Close() // it was only looked at
	return info.Size(), ""
}

// copyIn adds a file, which may have changed meanwhile, but is not let grow.
func copyIn(z *zip.Writer, m mediaFile) error {
	f, err := os.Open(filepath.Clean(m.path))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	w, err := z.Create(m.name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.LimitReader(f, m.size))
	return err
}
