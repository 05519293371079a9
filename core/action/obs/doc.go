// Package obs controls OBS Studio through obs-websocket 5, which is part of OBS since version 28.
//
// A Client connects when it has something to do and keeps its one connection. What it switched for a time it switches back,
// at the latest when it is closed, or by its Notes when it comes back after a kill. Nothing that it waits for is without a deadline: OBS may be killed, or frozen, at any time.
//
// Before it changes anything it asks OBS how things stand, so that an OBS that does not answer is mostly found out while
// nothing has been done yet, and the job can be tried again. Only a change that was sent and never answered is Unknown.
//
// The protocol: https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md
package obs
