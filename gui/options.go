package gui

import (
	"log/slog"

	"github.com/livecue/livecue/core/profile"
)

// Page names a page of the window.
type Page string

// The pages.
const (
	PageWelcome     Page = "welcome"
	PageLive        Page = "live"
	PageRules       Page = "rules"
	PageQueue       Page = "queue"
	PageHistory     Page = "history"
	PageConnections Page = "connections"
	PageSettings    Page = "settings"
	// PageRule is the editor with the first rule of the profile.
	PageRule Page = "rule"
)

// Pages returns all of them.
func Pages() []Page {
	return []Page{PageWelcome, PageLive, PageRules, PageQueue, PageHistory, PageConnections, PageSettings, PageRule}
}

// Options are what Run needs. All but Core may be left zero.
type Options struct {
	Core Core
	// FirstRun shows the welcome page first.
	FirstRun bool
	// Version is shown in the settings.
	Version string
	// Log is slog.Default when nil.
	Log *slog.Logger
	// StartRehearsal is the script of a rehearsal to start at once, or "".
	StartRehearsal string
	// MaxRows bounds the feed; 0 is 2,000.
	MaxRows int

	// The rest is for pictures and tests. Page is the first page shown.
	Page Page
	// Language is "en" or "de"; empty is the system's. It is set through the environment, which only works where locales
	// are read from there: not on Windows or macOS.
	Language string
	// Theme stands above the profile's.
	Theme profile.Theme
	// Width and Height are the window's size, in Fyne's units; 0 is what it had last.
	Width, Height float32
	// CheckThreads logs each call that reaches Fyne from the wrong goroutine, which costs time.
	CheckThreads bool
}
