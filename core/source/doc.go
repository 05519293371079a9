// Package source is the door through which a platform's events enter: the Source interface, and the Supervisor that keeps
// one connected for as long as the user wants it, waits for the live to begin, backs off, and tells what it is doing.
package source
