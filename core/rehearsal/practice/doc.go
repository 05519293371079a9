// Package practice is a game server to practise against: it speaks RCON on this machine, answers like Minecraft, and shows
// what it was sent. Nothing is simulated on the client's side, so a rule that works here has gone the whole way.
//
// Servers differ in how they split and end their answers; a Dialect picks one of the ways that were measured. Faults turn
// on at run time what goes wrong in the field: a hung server, a reset, an answer that is not RCON.
package practice
