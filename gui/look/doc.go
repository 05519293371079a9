// Package look is how the window looks: the theme with its colours and icons, and the small widgets that the pages are built
// of. It knows nothing of streams and rules.
package look
