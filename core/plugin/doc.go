// Package plugin keeps the user's plugins running: programs that listen to the event socket, and may call rules.
//
// Each start of a plugin gets a token of its own, which ends with it, and finds it in its environment beside the socket's port. What it
// prints is kept in a short log. One that ends with a failure is started again with growing pauses; one that does so at once, again and again,
// is failing, and tried seldom. One that ends well has done its work until it is restarted.
//
// A plugin ends with all that it has started (core/process), LiveCue's own violent end included. It is asked first: its input ends, its
// connections end with its token, and on Unix it gets SIGTERM. Five seconds later it is killed.
package plugin
