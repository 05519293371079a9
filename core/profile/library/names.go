package library

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/livecue/livecue/core/profile"
)

const (
	// maxFileName bounds the names of files that are made here, in bytes and without ending: a stamp and an ending of backups and
	// temporary files go with them into the 255 that file systems take, and Windows has 260 for a whole path.
	maxFileName = 80
	firstID     = "profile"
)

// fold makes texts the same that a file system which ignores case, or stores names in another Unicode form, takes for one.
func fold(text string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(text))) }

// fileName makes a name that every file system can hold from any text: letters and digits of all scripts, "-" and "_". Windows keeps
// some names for devices, whatever ending they have.
func fileName(text string) string {
	var b strings.Builder
	previous := '-'
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "")) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
		case unicode.IsMark(r) && previous != '-' && !unicode.Is(unicode.Variation_Selector, r):
		default:
			r = '-'
		}
		if r == '-' && previous == '-' {
			continue
		}
		if b.Len()+len(string(r)) > maxFileName {
			break
		}
		b.WriteRune(r)
		previous = r
	}
	name := strings.Trim(b.String(), "-_")
	switch {
	case name == "":
		return firstID
	case isDevice(name):
		return name + "-" + firstID
	default:
		return name
	}
}

// isDevice reports whether Windows takes a file of that name for a device.
func isDevice(name string) bool {
	name = strings.ToUpper(name)
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, name) {
		return true
	}
	number, isPort := strings.CutPrefix(name, "COM")
	if !isPort {
		number, isPort = strings.CutPrefix(name, "LPT")
	}
	return isPort && slices.Contains([]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"}, number)
}

// unique returns base, or base with a number behind it, such that isTaken is false of it.
func unique(base string, isTaken func(string) bool) string {
	name := base
	for n := 2; isTaken(name); n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	return name
}

// newID returns an id for a new profile of that name: neither that of another, nor of one that was deleted and has left backups or
// files. The lock is held.
func (l *Library) newID(name string) string {
	taken := map[string]bool{}
	note := func(dir string, owner func(file string) string) {
		files, err := os.ReadDir(dir)
		if err != nil {
			return // what is not there takes no name; what cannot be read fails when it is written to
		}
		for _, f := range files {
			taken[fold(owner(f.Name()))] = true
		}
	}
	note(l.dir, func(file string) string { return strings.TrimSuffix(file, ending) })
	note(l.backupDir(), func(file string) string {
		owner, _, ok := profile.ParseBackupName(strings.Replace(file, ".broken"+ending, ending, 1))
		if !ok {
			return file
		}
		return owner
	})
	note(l.data, func(file string) string { return file })
	return unique(fileName(name), func(id string) bool { return taken[fold(id)] })
}
