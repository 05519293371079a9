package words

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action/speech"
)

// Voices are what a system can read aloud with, for a choice by ID.
type Voices []speech.Voice

// OwnFirst returns the voices with those of the user's language in front, otherwise in their order.
func (v Voices) OwnFirst() Voices {
	own := strings.ToLower(lang.SystemLocale().LanguageString())
	own, _, _ = strings.Cut(own, "-")
	rank := func(s speech.Voice) int {
		if code, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s.Language, "_", "-")), "-"); code == own {
			return 0
		}
		return 1
	}
	sorted := slices.Clone(v)
	slices.SortStableFunc(sorted, func(a, b speech.Voice) int { return rank(a) - rank(b) })
	return sorted
}

// IDs are those of the voices, after "" for the usual one.
func (v Voices) IDs() []string {
	ids := []string{""}
	for _, s := range v {
		ids = append(ids, s.ID)
	}
	return ids
}

// Name names a voice by its ID. Two of one name are told apart by the ID; usual stands for "".
func (v Voices) Name(id, usual string) string {
	if id == "" {
		return usual
	}
	i := slices.IndexFunc(v, func(s speech.Voice) bool { return s.ID == id })
	if i < 0 {
		return lang.L("{{.Voice}} (not on this computer)", args{"Voice": Clean(id, nameLength)})
	}
	name := v.label(i)
	for j := range v {
		if j != i && v.label(j) == name {
			return name + " – " + Clean(id, nameLength)
		}
	}
	return name
}

func (v Voices) label(i int) string {
	name := Clean(v[i].Name, nameLength)
	if code := v[i].Language; code != "" && !strings.EqualFold(code, name) {
		name += " · " + Clean(code, nameLength)
	}
	return name
}
