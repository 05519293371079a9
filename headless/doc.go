// Package headless runs the program without a window: it prints the feed, as lines for people or as one JSON object a line,
// and ends with a summary. What it prints of viewers has lost its control characters, so that no name can play with the
// terminal.
package headless
