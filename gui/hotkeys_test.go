package gui

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestShortcutOf(t *testing.T) {
	tests := []struct {
		keys string
		key  fyne.KeyName
		mod  fyne.KeyModifier
	}{
		{"Ctrl+Shift+F1", fyne.KeyF1, fyne.KeyModifierControl | fyne.KeyModifierShift},
		{"alt + k", fyne.KeyK, fyne.KeyModifierAlt},
		{"F12", fyne.KeyF12, 0},
		{"Ctrl", "", fyne.KeyModifierControl},
	}
	for _, tt := range tests {
		if s := shortcutOf(tt.keys); s.KeyName != tt.key || s.Modifier != tt.mod {
			t.Errorf("%q is %q with %v", tt.keys, s.KeyName, s.Modifier)
		}
	}
}
