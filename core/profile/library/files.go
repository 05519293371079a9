package library

import (
	"path"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

const (
	profileFile = "profile.toml" // in an export
	fileFolder  = "files"        // likewise
	bundled     = "bundled:"

	maxProfile = 4 << 20
	// maxOne, maxAll and maxFiles bound the sounds and pictures of an export.
	maxOne   = 32 << 20
	maxAll   = 128 << 20
	maxFiles = 500
)

// isMedia reports whether a file of that name is a sound or a picture. Nothing else travels: a profile could name any file of its
// user's, who would give it away with his own export.
func isMedia(name string) bool {
	return slices.Contains([]string{
		".wav", ".mp3", ".ogg", ".flac", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".apng", ".svg",
	}, strings.ToLower(path.Ext(name)))
}

// baseName returns the last part of a path of any system.
func baseName(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// eachFile calls visit with each of the profile's texts that name a file of the user's.
func eachFile(p *profile.Profile, visit func(r *rule.Rule, file *string)) {
	for i := range p.Rules {
		r := &p.Rules[i]
		action.Each(r.Actions, func(s *action.Spec) {
			var files []*string
			if s.Sound != nil {
				files = append(files, &s.Sound.File)
			}
			if s.Overlay != nil {
				files = append(files, &s.Overlay.Image, &s.Overlay.Sound)
			}
			for _, f := range files {
				if *f != "" && !strings.HasPrefix(*f, bundled) {
					visit(r, f)
				}
			}
		})
	}
}

// mediaName returns a name for a sound or picture that every file system can hold, other than those taken.
func mediaName(name string, isTaken func(string) bool) string {
	name = baseName(name)
	ext := strings.ToLower(path.Ext(name))
	if !isMedia(name) {
		ext = ""
	}
	base := fileName(name[:len(name)-len(path.Ext(name))])
	return unique(base, func(b string) bool { return isTaken(b + ext) }) + ext
}
