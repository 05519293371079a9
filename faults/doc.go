// Package faults kills LiveCue, again and again, while gifts pour in, and counts what came of them: each gift must have its
// effect, and none may have it twice. It holds tests alone; `make faults` runs them at length.
package faults
