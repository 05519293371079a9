// Package faults kills LiveCue, again and again, while gifts pour in, and counts what came of them: each gift must have its
// effect, and none may have it twice. It holds tests alone. Every run kills the program a few times; what else can fail takes
// minutes, stands under the build tag faults, and is run by `make faults` and `make soak`.
package faults
