// Package queue holds what was triggered until its target can take it. Jobs of one lane run one after another, in the order
// in which they are due; lanes run beside each other, so that a game server that is down does not hold up sounds. A target
// that cannot be reached is tried again with growing pauses; what became of each job is reported.
package queue
