// Package app is the wiring: it builds the graph of sources, rules, queue and actions from a profile, owns every goroutine's
// life from Start to Close, and offers the few verbs that a window or a terminal needs.
//
// The way of an event through it: a source hands it to the Supervisor, that one to the Bus, the Bus to deliver, which asks
// the rules, tells the taps and puts the jobs into the queue; each lane of the queue hands its jobs to an action, and what
// became of them goes to the taps again.
package app
