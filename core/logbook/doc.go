// Package logbook is the program's memory of what it did: a log file that rotates, the newest lines in memory, a file for
// the crash that no code can survive, and the report that a user sends when something does not work.
//
// All of it passes a Mask first. A streamer will post these files in public, so that no password, key, cookie or token may
// stand in them: neither under a name that says so, nor in an address, nor in the text of an error.
package logbook
