// Package web sends the requests of http actions: to a lamp, a chat webhook, or a program of the streamer's own.
//
// A request is sent at most once, unless the action allows more: what may have reached the server and was not answered is Unknown.
// To that end it gets a connection of its own, because Go sends a GET again by itself when an idle connection turns out to be dead.
//
// An address can be a secret in itself (that of a webhook is), so neither errors nor replies repeat it: they name the server.
package web
