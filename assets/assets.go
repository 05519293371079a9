// Package assets holds the files that are built into the program: the known gifts, the bundled sounds, the overlay pages, the
// translations and the icon.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed sounds translations overlay
var files embed.FS

// Icon is the program's picture, a PNG of 256 by 256 pixels.
//
//go:embed icon.png
var Icon []byte

// GiftsCSV is the table of known gifts: a header, then id, name and price in coins of each.
//
//go:embed gifts.csv
var GiftsCSV []byte

// Sounds holds the bundled sounds, one file each at the top.
func Sounds() fs.FS { return sub("sounds") }

// Overlay holds the overlay pages, and their pictures in a folder of its own.
func Overlay() fs.FS { return sub("overlay") }

// Translations holds one JSON file for each language, named after it: en.json, de.json.
func Translations() fs.FS { return sub("translations") }

func sub(dir string) fs.FS {
	s, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // only an invalid path can fail, and dir is a constant of this file
	}
	return s
}
