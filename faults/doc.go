// Package faults kills LiveCue, again and again, while gifts pour in, breaks what is around it, and floods it, and counts what
// came of the gifts: each must have its effect, and none may have it twice. It holds tests alone. A usual run takes a short
// turn of each; `make faults` and `make flood` take long ones. The soak stands under the build tag faults and is run by
// `make soak`.
package faults
