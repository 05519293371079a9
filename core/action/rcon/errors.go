package rcon

import "errors"

// What can be wrong with a server or a command, to be told apart with errors.Is. Each has a remedy of its own.
var (
	// ErrPassword: the server refused the password. Remembered until SetPassword or Test, and Blocked when the server said
	// so; where it only closed the connection, the guess is given up after a while.
	ErrPassword = errors.New("the server refused the RCON password")
	// ErrUnreachable: no connection could be made, or it broke before the login was answered.
	ErrUnreachable = errors.New("the game server cannot be reached")
	// ErrSilent: the server accepted the connection and did not answer the login in time. It may still be starting.
	ErrSilent = errors.New("the game server does not answer")
	// ErrProtocol: something answered that does not speak RCON, most likely because the port is another one.
	ErrProtocol = errors.New("this port does not speak RCON")
	// ErrAddress: the address is not host:port. Blocked.
	ErrAddress = errors.New("the server address must be host:port")
	// ErrTooLong: a command is over MaxCommand bytes. Permanent.
	ErrTooLong = errors.New("the command is too long")
	// ErrNoCommand: nothing was left to send. Permanent.
	ErrNoCommand = errors.New("the command is empty")
	// ErrViewerCommand: a template lets a viewer's text be the command itself. Permanent.
	ErrViewerCommand = errors.New("a viewer's text cannot be the command itself")
	// ErrNotRCON: the job is for another kind of action. Permanent.
	ErrNotRCON = errors.New("not an RCON job")
	// ErrClosed: the client was closed.
	ErrClosed = errors.New("the RCON client is closed")
)
