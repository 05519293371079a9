package gui

import (
	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/words"
)

// Starter returns the profile of a first start, its rules named in the language of the window that Run will show with the
// same Options.Language. It is not saved until the user changes something.
func Starter(language string) (profile.Profile, error) {
	setLanguage(language)
	if err := words.Load(assets.Translations()); err != nil {
		return profile.Profile{}, err
	}
	return words.Starter(profile.Default()), nil
}
