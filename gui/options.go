package gui

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/livecue/livecue/core/logbook"
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
	PageDiagnostics Page = "diagnostics"
	PageOverlays    Page = "overlays"
	PageStatistics  Page = "statistics"
	PageProfiles    Page = "profiles"
	PagePlugins     Page = "plugins"
	// PageRule is the editor with the first rule of the profile.
	PageRule Page = "rule"
)

// Pages returns all of them.
func Pages() []Page {
	return []Page{PageWelcome, PageLive, PageRules, PageQueue, PageHistory, PageOverlays, PageStatistics, PageProfiles, PageConnections, PagePlugins, PageSettings, PageDiagnostics, PageRule}
}

// Crash is the end of an earlier run that nobody wanted.
type Crash struct {
	At time.Time
	// Excerpt reads what the program said as it died, with all that is secret hidden. It may take as long as a keyring takes to
	// answer.
	Excerpt func(context.Context) (string, error)
	// Answer notes on the disk that the user has been asked, so that no later start asks again.
	Answer func() error
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
	// Recent returns the newest lines of the log, the oldest first; nil has none.
	Recent func() []logbook.Line
	// LogDir is the folder of the log file, JournalFile the file of the journal; empty where there is none.
	LogDir, JournalFile string
	// SaveReport writes the report that a user sends, a ZIP archive without secrets. It may take as long as a keyring takes to
	// answer. Nil offers none.
	SaveReport func(ctx context.Context, w io.Writer) error
	// Crash is what an earlier run has left that the user has not answered yet, or nil.
	Crash *Crash
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
