// Package livekit is a source that joins a LiveKit room as one who only listens, and tells what its participants do and send. No
// sound and no picture is sent to it.
//
// The room is kept by LiveKit's own SDK, which calls back from many goroutines of its own, in no fixed order: a visit puts what it
// hears into one queue and keeps the list of who is there, so that nobody joins twice and nobody leaves who never came. A panic on one
// of those goroutines would end the program, and cannot be caught from here: the callbacks touch nothing that may be nil, and the parts
// of the SDK in which a participant's message can bring one about, its text and byte streams, are not switched on.
package livekit
