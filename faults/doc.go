// Package faults kills LiveCue, again and again, while gifts pour in, breaks what is around it, and floods it, and counts what
// came of the gifts: each must have its effect, and none may have it twice. It holds tests alone. A usual run takes a short
// turn of most; `make faults` and `make flood` take long ones. What lets thousands of jobs wait, and the soak, take too long with
// the race detector: they stand under the build tag faults and are run by `make faults` and `make soak`.
package faults
