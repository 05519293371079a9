// Package action is the door through which a trigger leaves the program: the Action interface that every kind of action
// implements, the Spec of an action as a profile holds it, and the Job that waits in the queue.
//
// Text in a Spec may hold placeholders such as {user}; Expand fills them in, and the action that owns the boundary gives
// the escaping, because only it knows what a viewer's text could do there.
package action
