package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// module is the import path of the repository's top folder.
const module = "github.com/livecue/livecue"

// pkg is what `go list -json` says of a package, in so far as a rule asks for it.
type pkg struct {
	ImportPath   string
	Name         string
	Doc          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
}

// dir is the package's folder below the module's top, and "" for the top itself.
func (p pkg) dir() string { return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/") }

// allImports are the imports of the package and of its tests.
func (p pkg) allImports() []string {
	return slices.Concat(p.Imports, p.TestImports, p.XTestImports)
}

// isOurs reports whether an import path is of this module.
func isOurs(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

// systems are those that the program is built for: a file for one of them may import what no other does.
var systems = []string{"linux", "windows", "darwin"}

// packages lists the module's packages as they are built for a system. One that does not build is listed too: that is for
// the compiler to say.
func packages(t *testing.T, system string) []pkg {
	t.Helper()
	out := goCommand(t, []string{"GOOS=" + system, "CGO_ENABLED=1"}, "list", "-e", "-json", "./...")
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("read the list of packages: %v", err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list found no packages")
	}
	return all
}

// eachPackage calls check for every package on every system.
func eachPackage(t *testing.T, check func(t *testing.T, p pkg)) {
	t.Helper()
	for _, system := range systems {
		t.Run(system, func(t *testing.T) {
			for _, p := range packages(t, system) {
				check(t, p)
			}
		})
	}
}

// goCommand runs the go tool at the module's top and returns what it prints.
func goCommand(t *testing.T, env []string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = top(t)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out
}

// topOnce looks for the module's top once.
var topOnce = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	return filepath.Dir(strings.TrimSpace(string(out))), err
})

// top is the folder of go.mod.
func top(t *testing.T) string {
	t.Helper()
	dir, err := topOnce()
	if err != nil {
		t.Fatalf("find the module: %v", err)
	}
	return dir
}

// files lists the repository's files by their slash-separated paths below its top, what is built and git's own left out. It
// walks the folders itself, and does not ask git, so that Go runs these tests anew whenever a file has come or changed.
func files(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(top(t), func(name string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "dist"):
			return filepath.SkipDir
		case d.Type().IsRegular():
			rel, err := filepath.Rel(top(t), name)
			names = append(names, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatalf("list the repository's files: %v", err)
	}
	return names
}

// read returns the content of one of files.
func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(top(t), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
