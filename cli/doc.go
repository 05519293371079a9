// Package cli is the command line: it reads the arguments and starts the window, the terminal's feed, one of the rehearsal's
// servers, or a check of a profile.
package cli
