// Package hotkey takes combinations of keys from the system, so that they are heard while another program is in front. A key that
// is taken no longer reaches that program.
//
// On X11 a key is grabbed from the root window, on Windows it is registered with the system. Wayland has neither, but passes on
// what is typed into programs of X11. macOS is not served: there the keys work in LiveCue's own window alone.
package hotkey
