// Package event says what happened: one Go type for each thing that a viewer can do in a live stream and for each step in
// the life of a connection, and a Bus that hands them to whoever asked.
//
// A handler is registered for a type with On or Once and gets exactly that type; registered for an interface (Event,
// FromViewer) it gets every event that satisfies it. Emit calls the handlers on the caller's goroutine, in the order in
// which they were registered. A handler must return at once: slow work belongs in the queue. A handler that panics is
// recovered, logged with its stack and counted, and the handlers after it still run.
//
// What is built on a Bus mostly has one of a few forms, each with an example: a component that owns its subscriptions, a handler
// for one event, one with a condition, one for a while, an aggregator with bounded memory, a holder of a state, and slow work that is
// handed on.
package event
