// Package rcon sends commands to a game server and tells what became of them.
//
// The conversation is the package's own, over gorcon's packet codec: one authenticated connection, one command in flight,
// answers matched by id, late packets drained. A Client never gives one command the answer to another, and never sends a
// command twice: where it cannot know whether a command was run, the outcome is Unknown and the connection is made anew.
//
// It also owns the boundary between what viewers type and what the game reads: Escape and Render.
package rcon
