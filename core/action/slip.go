package action

import (
	"regexp"
	"slices"
	"strings"
)

// slip finds what looks like a placeholder to a person, whether it is one or not.
var slip = regexp.MustCompile(`\{ ?([A-Za-z_][A-Za-z_ ]{0,30}?[0-9]?) ?(?::([A-Za-z]{1,10}))?\}`)

// UnknownPlaceholders returns what in text looks like a placeholder and is none, such as {usr}, {Nickname} or {nickname:jsn}: likely
// a slip. {id:stone} is not among them: game data is written so.
func UnknownPlaceholders(text string) []string {
	var unknown []string
	for _, m := range slip.FindAllStringSubmatch(text, -1) {
		p := Placeholder{Name: m[1], Modifier: m[2]}
		isExact := m[0] == p.text() && (Fields{}).fill(&p)
		isData := p.Modifier != "" && p.Modifier != ModifierJSON && !slices.Contains(Placeholders(), p.Name)
		if !isExact && !isData && !slices.Contains(unknown, m[0]) {
			unknown = append(unknown, m[0])
		}
	}
	return unknown
}

// text returns p as a template writes it.
func (p Placeholder) text() string {
	if p.Modifier == "" {
		return "{" + p.Name + "}"
	}
	return "{" + p.Name + ":" + p.Modifier + "}"
}

// NearestPlaceholder returns the placeholder that one of UnknownPlaceholders was probably meant to be, such as {user} for {usr}, or
// "" where none is near.
func NearestPlaceholder(unknown string) string {
	name, modifier, _ := strings.Cut(strings.Trim(unknown, "{} "), ":")
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	near := Placeholder{}
	least := 1 + len(name)/3 // slips that a name of that length can have and still be told
	for _, known := range Placeholders() {
		if d := slips(name, known); d < least || d == least && near.Name == "" {
			near.Name, least = known, d
		}
	}
	if near.Name == "" {
		return ""
	}
	if modifier != "" {
		near.Modifier = ModifierJSON
	}
	return near.text()
}

// slips returns how many letters have to be put in, left out, changed or swapped with their neighbour to make b of a.
func slips(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
