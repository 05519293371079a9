// Package feed tells other programs of events over TCP, and takes their signals: the socket of Toki, whose programs work
// unchanged, and what goes beyond it. A program that LiveCue starts finds port and token in its environment.
//
// A connection begins with 36 bytes of token. After that nothing is sent but "AUTH_REFRESHED\n", which is all that a program
// of Toki's understands; with one line of JSON it becomes a stream of JSON lines. docs/api/socket.md has both.
package feed
