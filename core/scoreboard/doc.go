// Package scoreboard keeps the counters and countdowns of a show by name, such as the deaths of the evening or the time that
// gifts have bought. They outlive the program: a change is on disk within a second, and all of them are at a clean end.
//
// A rehearsal plays with a copy that is thrown away at its end.
package scoreboard
