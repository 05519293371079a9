// Package mca reads actions.mca, the file in which Tiktok2Mc keeps what viewers trigger, and makes rules of it.
//
// A line is TRIGGER:COMMAND; COMMAND. A trigger is the number or name of a gift, or a word such as follow and likes. A command is
// /command for the game, !command for a plugin of the game server, $random for another trigger by chance, or
// >>Title|Subtitle|seconds. " xN" behind a command repeats it, and # begins a comment. What cannot be taken is told of with its
// line: nothing is dropped in silence.
package mca
