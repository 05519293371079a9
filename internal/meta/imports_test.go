package meta

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"
)

// order is how imports may run.
const order = "main -> cli -> gui, headless -> core/app -> core/* -> core/event"

// rank places a folder in the order: a package imports its own rank and lower ones. It is -1 for a folder without a place.
func rank(dir string) int {
	first, rest, _ := strings.Cut(dir, "/")
	switch {
	case dir == "":
		return 5
	case first == "cli":
		return 4
	case first == "gui", first == "headless":
		return 3
	case first == "core" && (rest == "app" || strings.HasPrefix(rest, "app/")):
		return 2
	case first == "core" && (rest == "event" || strings.HasPrefix(rest, "event/")):
		return 0
	case first == "core" && rest != "":
		return 1
	case first == "assets":
		return 0
	case first == "clients": // it is for other programs; its tests ask ours
		return 4
	case first == "examples":
		return 5
	case first == "bench", first == "faults", dir == "internal/meta": // they only measure and test
		return 5
	default:
		return -1
	}
}

// mayImport reports whether the order lets a folder import another. The window and the terminal are of one rank, and do not
// know each other.
func mayImport(from, to string) bool {
	fromFirst, _, _ := strings.Cut(from, "/")
	toFirst, _, _ := strings.Cut(to, "/")
	if rank(from) == rank(to) && fromFirst != toFirst {
		return false
	}
	return rank(from) >= rank(to) && rank(to) >= 0
}

func TestMayImport(t *testing.T) {
	cases := []struct {
		from, to string
		want     bool
	}{
		{"", "cli", true},
		{"cli", "gui", true},
		{"cli", "headless", true},
		{"gui", "gui/words", true},
		{"gui/words", "core/event", true},
		{"gui", "headless", false},
		{"headless", "gui", false},
		{"headless", "core/app", true},
		{"core/app", "headless", false},
		{"core/app", "core/queue", true},
		{"core/queue", "core/app", false},
		{"core/queue", "core/action", true},
		{"core/apple", "core/app", false},
		{"core/action", "core/event", true},
		{"core/event", "core/action", false},
		{"core/rule", "", false},
		{"bench", "core/app", true},
		{"cli", "pkg", false},
	}
	for _, c := range cases {
		if got := mayImport(c.from, c.to); got != c.want {
			t.Errorf("mayImport(%q, %q) = %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestImportsRunOneWay(t *testing.T) {
	eachPackage(t, func(t *testing.T, p pkg) {
		if rank(p.dir()) < 0 {
			t.Errorf("%s has no place in the order %s", p.ImportPath, order)
			return
		}
		for _, imported := range p.allImports() {
			to := (pkg{ImportPath: imported}).dir()
			if isOurs(imported) && !mayImport(p.dir(), to) {
				t.Errorf("%s imports %s, against the order %s", p.ImportPath, imported, order)
			}
		}
	})
}

// isWindow reports whether an import path is of the window or of its toolkit.
func isWindow(importPath string) bool {
	return strings.HasPrefix(importPath, "fyne.io/") || importPath == module+"/gui" || strings.HasPrefix(importPath, module+"/gui/")
}

func TestCoreAndTerminalReachNoWindow(t *testing.T) {
	eachPackage(t, func(t *testing.T, p pkg) {
		if first, _, _ := strings.Cut(p.dir(), "/"); first != "core" && first != "headless" {
			return
		}
		for _, dep := range slices.Concat(p.Deps, p.TestImports, p.XTestImports) {
			if isWindow(dep) {
				t.Errorf("%s reaches %s", p.ImportPath, dep)
			}
		}
	})
}

func TestEventImportsOnlyTheStandardLibrary(t *testing.T) {
	eachPackage(t, func(t *testing.T, p pkg) {
		if p.dir() != "core/event" {
			return
		}
		for _, dep := range p.Deps {
			if first, _, _ := strings.Cut(dep, "/"); strings.Contains(first, ".") {
				t.Errorf("core/event reaches %s", dep)
			}
		}
	})
}

// isSoundDevice reports whether an import path opens the sound device, for which Linux needs cgo and ALSA's headers.
func isSoundDevice(importPath string) bool {
	return strings.HasPrefix(importPath, "github.com/ebitengine/oto/") || importPath == "github.com/gopxl/beep/v2/speaker"
}

func TestOnePackageOpensTheSoundDevice(t *testing.T) {
	for _, system := range systems {
		var openers []string
		for _, p := range packages(t, system) {
			if slices.ContainsFunc(p.allImports(), isSoundDevice) {
				openers = append(openers, p.ImportPath)
			}
		}
		if len(openers) != 1 {
			t.Errorf("on %s the sound device is opened by %q, want exactly one package", system, openers)
		}
	}
}

func TestCoreBuildsWithoutCgo(t *testing.T) {
	silent := []string{"build"}
	for _, p := range packages(t, "linux") {
		if strings.HasPrefix(p.dir(), "core/") && !slices.ContainsFunc(p.Deps, isSoundDevice) {
			silent = append(silent, p.ImportPath)
		}
	}
	if len(silent) == 1 {
		t.Fatal("every package of core reaches the sound device")
	}
	goCommand(t, []string{"CGO_ENABLED=0"}, silent...)
}

func TestNoPackageIsNamedForNothing(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "types", "models"}
	eachPackage(t, func(t *testing.T, p pkg) {
		for _, name := range []string{p.Name, path.Base(p.ImportPath)} {
			if slices.Contains(empty, name) {
				t.Errorf("%s: a package is named for what it provides, not %q", p.ImportPath, name)
			}
		}
	})
}

func TestEveryPackageHasAComment(t *testing.T) {
	for _, p := range packages(t, "linux") {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestNothingIsReplaced(t *testing.T) {
	var mod struct {
		Module  struct{ Path string }
		Replace []json.RawMessage
	}
	if err := json.Unmarshal(goCommand(t, nil, "mod", "edit", "-json"), &mod); err != nil {
		t.Fatalf("read go.mod: %v", err)
	}
	if mod.Module.Path != module {
		t.Errorf("the module is %s, want %s", mod.Module.Path, module)
	}
	for _, r := range mod.Replace {
		t.Errorf("go.mod replaces a module, which `go install` refuses: %s", r)
	}
}
