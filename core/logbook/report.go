package logbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	// maxReported is how many bytes of one file a report takes, from its end.
	maxReported = 6 << 20
	// maxExcerpt is how many bytes an excerpt of a crash is, from its beginning: the panic and who ran into it.
	maxExcerpt = 12 << 10
)

// Report is what a user sends when something does not work.
type Report struct {
	// Version is the program's.
	Version string
	// Profile is the settings file, or why there is none.
	Profile string
	// Dir is the folder with the crash files.
	Dir string
	// LogFile is the log; older ones are looked for beside it. Empty reports none.
	LogFile string
	// Mask hides the secrets and whatever else must not be seen. It is needed.
	Mask *Mask
}

// Write writes the report as a ZIP archive: about.txt, profile.toml, logs and crashes. Everything in it has passed the mask;
// addresses of other computers and the name of the user's folder are hidden as well. Files that cannot be read are told of in
// about.txt.
func (r Report) Write(w io.Writer) error {
	archive := zip.NewWriter(w)
	var missing []string
	add := func(name, text string) error {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()})
		if err != nil {
			return err
		}
		_, err = io.WriteString(f, r.hide(text))
		return err
	}
	files, err := r.files()
	if err != nil {
		missing = append(missing, err.Error())
	}
	for _, path := range files {
		text, err := readEnd(path)
		if err != nil {
			missing = append(missing, err.Error())
			continue
		}
		if err := add(r.hide(filepath.Base(path)), text); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	err = errors.Join(add("profile.toml", r.Profile), add("about.txt", r.about(missing)), archive.Close())
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// Excerpt returns the beginning of a crash's file as the report would have it, for the user to read first. What is cut off is
// said.
func (r Report) Excerpt(crash string) (text string, err error) {
	f, err := os.Open(crash)
	if err != nil {
		return "", fmt.Errorf("read the crash: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, maxExcerpt+1))
	if err != nil {
		return "", fmt.Errorf("read the crash: %w", err)
	}
	if len(data) <= maxExcerpt {
		return r.hide(string(data)), nil
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1] // half a line might hold a secret that is not known again
	return r.hide(string(whole)) + "…\n", nil
}

func (r Report) about(missing []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "LiveCue %s\n%s, %s/%s, %d processors\nwritten %s\n", r.Version, runtime.Version(), runtime.GOOS,
		runtime.GOARCH, runtime.NumCPU(), time.Now().UTC().Format(time.RFC3339))
	for _, m := range missing {
		fmt.Fprintf(&b, "missing: %s\n", m)
	}
	return b.String()
}

// files returns the paths of logs and crashes that have something in them.
func (r Report) files() ([]string, error) {
	all, err := crashFiles(r.Dir)
	if r.LogFile != "" {
		ext := filepath.Ext(r.LogFile)
		stem := strings.TrimSuffix(filepath.Base(r.LogFile), ext)
		entries, readErr := os.ReadDir(filepath.Dir(r.LogFile))
		if !errors.Is(readErr, fs.ErrNotExist) {
			err = errors.Join(err, readErr)
		}
		for _, e := range entries {
			rest, isLog := strings.CutPrefix(strings.TrimSuffix(e.Name(), ext), stem)
			if isLog && filepath.Ext(e.Name()) == ext && (rest == "" || rolledOver.MatchString(rest)) {
				all = append(all, filepath.Join(filepath.Dir(r.LogFile), e.Name()))
			}
		}
	}
	all = slices.DeleteFunc(all, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() == 0
	})
	return all, err
}

// rolledOver is what lumberjack puts between a log's name and its ending.
var rolledOver = regexp.MustCompile(`^-\d{4}-\d\d-\d\dT[\d.-]+$`)

// readEnd reads a file, without its beginning if it is too long.
func readEnd(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	from := max(0, info.Size()-maxReported)
	data, err := io.ReadAll(io.NewSectionReader(f, from, maxReported))
	if from > 0 { // not half a line, whose secret would not be known again
		_, rest, _ := strings.Cut(string(data), "\n")
		return rest, err
	}
	return string(data), err
}

// hide masks a whole text for strangers' eyes.
func (r Report) hide(text string) string {
	text = r.Mask.Document(text)
	for _, home := range homes() {
		text = strings.ReplaceAll(text, home, "~")
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.ContainsAny(line, ".:") { // the expression is slow
			line = address.ReplaceAllStringFunc(line, hideAddress)
		}
		b.WriteString(line)
	}
	return b.String()
}

// hideAddress hides the address of another computer.
func hideAddress(s string) string {
	ip, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil || ip.IsLoopback() || ip.IsUnspecified() {
		return s
	}
	return "[address]"
}

// address finds what may be the address of a computer.
var address = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b|\[[0-9a-fA-F:.]+(?:%\w+)?\]|\b(?:[0-9a-fA-F]{1,4}:){2,7}[0-9a-fA-F:]*[0-9a-fA-F]\b`)

// homes are the spellings of the user's folder, whose name is often the user's.
func homes() []string {
	home, err := os.UserHomeDir()
	if err != nil || len(home) < minLong {
		return nil
	}
	return []string{home, strings.ReplaceAll(home, `\`, `\\`), filepath.ToSlash(home)}
}
