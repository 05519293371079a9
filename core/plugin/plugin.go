package plugin

import (
	"reflect"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Spec is a plugin as the user has set it up.
type Spec struct {
	// Name tells it from others, in the log and on the socket.
	Name string
	// Program is a whole path, or a name that is looked for in PATH. No shell reads it or its arguments.
	Program string
	Args    []string
	// Folder is where it runs; empty is the program's own folder.
	Folder string
	// Kinds are the kinds of events that it may hear; nil is all.
	Kinds []event.Kind
	// MayTrigger lets it call rules.
	MayTrigger bool
	// WithLive runs it only while LiveCue is connected to a stream, or rehearses.
	WithLive bool
	Off      bool
}

func (s Spec) isSame(o Spec) bool { return reflect.DeepEqual(s, o) }

// State is how a plugin stands.
type State string

// The states.
const (
	// Off is switched off.
	Off State = "off"
	// NoSocket waits for the event socket, which is switched off or cannot be opened.
	NoSocket State = "no_socket"
	// NoLive waits for a live stream.
	NoLive State = "no_live"
	// Running is a program at work.
	Running State = "running"
	// Stopping has been asked to end.
	Stopping State = "stopping"
	// Pausing has failed, and will be started again.
	Pausing State = "pausing"
	// Failing has failed at once several times in a row, or cannot be started. It is tried again, seldom.
	Failing State = "failing"
	// Ended has ended by itself without a failure, and is not started again until it is restarted.
	Ended State = "ended"
)

// Status is how a plugin stands, and how it has fared.
type Status struct {
	Name  string
	State State
	// Pid is the id of its process while it runs, or 0.
	Pid int
	// Since is when the state began, Next when the program is started again, where it is.
	Since, Next time.Time
	// Starts counts how often it was started since it was switched on or changed, and Failures its ends with a failure.
	Starts, Failures int
	// LastExit is how it ended the last time, such as "exit status 1"; "" is not yet.
	LastExit string
	// Problem is why it could not be started, in the system's words, or "".
	Problem string
	// Lines counts what it has printed, and Dropped those of the lines that are not kept any more.
	Lines, Dropped uint64
}

// Line is one of what a plugin has printed.
type Line struct {
	At time.Time
	// Text is fit to be shown: one line without controls, and without the plugin's token.
	Text string
	// Mark is what happened to the plugin, where that is what the line tells. The Text is how it ended, where it has.
	Mark Mark
}

// Mark is a line of ours in a plugin's log.
type Mark string

// The marks.
const (
	MarkStarted Mark = "started"
	MarkEnded   Mark = "ended"
)
