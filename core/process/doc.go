// Package process runs programs of this computer together with all that they start, and ends them together.
//
// On Unix a program and what it starts are a process group, which a program can leave on purpose; on Windows a job object, which it
// cannot. When LiveCue ends in whatever way, Windows closes the job and all in it with it. Linux ends the program itself. A guarded
// group ends as a whole on every Unix: a small process waits for LiveCue's end.
package process
