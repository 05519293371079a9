// Package sound plays sounds: it decodes files (WAV, MP3, Ogg Vorbis, FLAC), mixes a bounded number of them and keeps a
// Device playing for as long as there is one.
//
// A Mixer never lets a run of a job vanish: Do returns once the device has played the first samples, or with an error that
// may be tried again. A device that is missing, stands still or goes away is noticed because its position stops moving;
// the Mixer says so (Problem, Options.OnTrouble) and opens it anew by itself.
//
// Files are decoded whole, under a deadline and within bounds, on the caller's goroutine. The package needs no cgo; the
// device lives in the package speaker.
package sound
