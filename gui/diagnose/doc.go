// Package diagnose is the page that tells how well the program does: its connection, what it has lost and what that cost, how fast
// each rule and target is, the latest errors and the log. It saves the report that a user sends.
package diagnose
