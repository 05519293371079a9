package gui

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/livecue/livecue/assets"
)

// usedKey is a text that the code asks Fyne's lang for.
type usedKey struct {
	plural   bool
	fallback string
	at       string
}

// usedKeys reads the keys out of the window's source: every call of lang.L, X, N or XN must have its key written out.
func usedKeys(t *testing.T) map[string]usedKey {
	t.Helper()
	keys := map[string]usedKey{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			name, call := langCall(n)
			if name == "" {
				return true
			}
			at := files.Position(call.Pos()).String()
			key, ok := literal(call, 0)
			if !ok {
				t.Errorf("%s: the key must be written out", at)
				return true
			}
			used := usedKey{plural: strings.HasSuffix(name, "N"), fallback: key, at: at}
			if strings.HasPrefix(name, "X") {
				used.fallback, _ = literal(call, 1)
			}
			if before, seen := keys[key]; seen && (before.plural != used.plural || before.fallback != used.fallback) {
				t.Errorf("%s and %s use %q in two ways", before.at, at, key)
			}
			keys[key] = used
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) < 200 {
		t.Fatalf("only %d keys found: the search is broken", len(keys))
	}
	return keys
}

// langCall returns the function's name when n calls one of Fyne's lang.
func langCall(n ast.Node) (string, *ast.CallExpr) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	if pkg, ok := f.X.(*ast.Ident); !ok || pkg.Name != "lang" || !slices.Contains([]string{"L", "X", "N", "XN"}, f.Sel.Name) {
		return "", nil
	}
	return f.Sel.Name, call
}

func literal(call *ast.CallExpr, i int) (string, bool) {
	if i >= len(call.Args) {
		return "", false
	}
	lit, ok := call.Args[i].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// translation has the forms of one text: "other" alone, or the plural forms.
type translation map[string]string

func (tr *translation) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*tr = translation{"": text}
		return nil
	}
	var forms map[string]string
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	*tr = forms
	return nil
}

func readTranslations(t *testing.T, language string) map[string]translation {
	t.Helper()
	data, err := fs.ReadFile(assets.Translations(), language+".json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]translation
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestEveryTextIsTranslated(t *testing.T) {
	used := usedKeys(t)
	for _, language := range []string{"en", "de"} {
		texts := readTranslations(t, language)
		for key, u := range used {
			tr, ok := texts[key]
			if !ok {
				t.Errorf("%s.json lacks %q (%s)", language, key, u.at)
				continue
			}
			checkForms(t, language, key, u, tr)
		}
		for key := range texts {
			if _, ok := used[key]; !ok {
				t.Errorf("%s.json has %q, which nothing uses", language, key)
			}
		}
	}
}

// checkForms reports forms that are missing or empty, or whose placeholders are not those of the key.
func checkForms(t *testing.T, language, key string, u usedKey, tr translation) {
	t.Helper()
	forms := []string{""}
	if u.plural {
		forms = []string{"one", "other"}
	}
	if len(tr) != len(forms) {
		t.Errorf("%s.json: %q has the forms %v, want %v", language, key, tr, forms)
	}
	for _, form := range forms {
		text := tr[form]
		if text == "" {
			t.Errorf("%s.json: %q is empty in the form %q", language, key, form)
		}
		got, want := placeholdersOf(text), placeholdersOf(u.fallback)
		if form == "one" { // "one" may say the number in words
			got, want = slices.DeleteFunc(got, isNumber), slices.DeleteFunc(want, isNumber)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s.json: %q has the placeholders %v in the form %q, want %v", language, key, got, form, want)
		}
		if language == "en" && form != "one" && text != u.fallback {
			t.Errorf("en.json says %q where the code says %q", text, u.fallback)
		}
	}
}

var templatePlaceholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func placeholdersOf(text string) []string {
	var names []string
	for _, m := range templatePlaceholder.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func isNumber(name string) bool { return name == "N" }

// The window's words are for streamers: German is said with du, and typographic quotes are used.
func TestGermanIsFriendly(t *testing.T) {
	formal := regexp.MustCompile(`\b(Sie|Ihr|Ihre|Ihrem|Ihren)\b`)
	for key, tr := range readTranslations(t, "de") {
		for _, text := range tr {
			if strings.Contains(text, `"`) {
				t.Errorf("%q has straight quotes", text)
			}
			if m := formal.FindString(text); m != "" && !strings.Contains(text, "Ihr Zertifikat") {
				t.Errorf("%q (%q) is not said with du: %s", text, key, m)
			}
		}
	}
}

func TestTranslationsEndWithNewline(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		data, err := os.ReadFile("../assets/translations/" + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(data), "}\n") {
			t.Errorf("%s.json does not end with a line break", language)
		}
	}
}
