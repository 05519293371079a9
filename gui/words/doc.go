// Package words says things to the user in their language: what an event was, what a rule waits for and does, why nothing
// happened, and what an error means and how to mend it. The keys are the English texts themselves; assets/translations has
// every language.
package words

import (
	"fmt"
	"io/fs"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// args are what a text's placeholders stand for.
type args = map[string]any

// Load gives Fyne our translations, one JSON file for each language, and picks the language of the environment anew.
func Load(files fs.FS) error {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return fmt.Errorf("list translations: %w", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read translation: %w", err)
		}
		if err := lang.AddTranslations(fyne.NewStaticResource(name, data)); err != nil {
			return fmt.Errorf("load translation %s: %w", name, err)
		}
	}
	return nil
}
