package logbook

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	// FileName is the log's name in the data folder; older ones have a date behind "livecue".
	FileName = "livecue.log"

	fileMegabytes = 5
	olderFiles    = 5
)

// Options are what a Book is opened with.
type Options struct {
	// Dir is the folder for crash files; empty keeps none. It is made if it is missing.
	Dir string
	// File is the log file; empty keeps lines in memory alone.
	File string
	// Screen gets warnings as they come; nil gets nothing.
	Screen io.Writer
	// IsVerbose also logs what matters to who looks for a fault, to the screen as well.
	IsVerbose bool
}

// Book is where a running program writes down what happens. One is open at a time: the crash file is the process's.
type Book struct {
	mask    Mask
	lines   recorder
	log     *slog.Logger
	file    *lumberjack.Logger // nil without a file
	crash   string             // this process's crash file; empty without one
	mu      sync.Mutex         // guards what follows
	crashes []Crash
}

// Open opens the log file, and has crashes of this process written to a file of their own. A log must not keep a show from
// going on: where something cannot be written, a warning says so. Close it when done.
func Open(o Options) *Book {
	b := &Book{}
	level, screenLevel := slog.LevelInfo, slog.LevelWarn
	if o.IsVerbose {
		level, screenLevel = slog.LevelDebug, slog.LevelDebug
	}
	b.lines.level = level
	handlers := []slog.Handler{b.lines.handler()}
	if o.Screen != nil {
		handlers = append(handlers, slog.NewTextHandler(o.Screen, &slog.HandlerOptions{Level: screenLevel}))
	}
	fileErr := b.openFile(o.File)
	if b.file != nil {
		handlers = append(handlers, slog.NewTextHandler(b.file, &slog.HandlerOptions{Level: level}))
	}
	b.log = slog.New(b.mask.Handler(slog.NewMultiHandler(handlers...)))
	if fileErr != nil {
		b.log.Warn("the log file cannot be written", "error", fileErr)
	}
	if o.Dir != "" {
		b.openCrashes(o.Dir)
	}
	return b
}

// openFile tries the file out, since what fails later is told to nobody.
func (b *Book) openFile(path string) error {
	if path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	b.file = &lumberjack.Logger{Filename: path, MaxSize: fileMegabytes, MaxBackups: olderFiles}
	return nil
}

func (b *Book) openCrashes(dir string) {
	open, told, err := tellCrashes(dir)
	if err != nil {
		b.log.Warn("earlier crashes cannot be looked for", "error", err)
	}
	b.crashes = open
	for _, c := range told {
		b.log.Warn("the program crashed earlier", "report", c.Path, "at", c.At)
	}
	if b.crash, err = watchCrash(dir); err != nil {
		b.log.Warn("a crash would leave no report", "error", err)
	}
}

// Logger returns the logger that writes into the book.
func (b *Book) Logger() *slog.Logger { return b.log }

// Mask returns what hides the secrets in this book.
func (b *Book) Mask() *Mask { return &b.mask }

// Redact has value hidden wherever it stands from now on.
func (b *Book) Redact(value string) { b.mask.Redact(value) }

// Recent returns the newest lines, at most 1,000, the oldest first.
func (b *Book) Recent() []Line { return b.lines.recent() }

// Crashes are those of earlier runs that the user has not answered yet, the newest first.
func (b *Book) Crashes() []Crash {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.crashes)
}

// AnswerCrashes notes on the disk that the user has been asked about the crashes: no start has them among Crashes again. Their
// files stay for a report.
func (b *Book) AnswerCrashes() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, c := range b.crashes {
		_, err := markCrash(c.Path, answeredSuffix)
		if !errors.Is(err, fs.ErrNotExist) { // another LiveCue was quicker
			errs = append(errs, err)
		}
	}
	b.crashes = nil
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("note that a crash was answered: %w", err)
	}
	return nil
}

// Close closes the files. What is logged afterwards is kept in memory, and reopens the log file.
func (b *Book) Close() error {
	var errs []error
	if b.crash != "" {
		errs = append(errs, unwatchCrash(b.crash))
	}
	if b.file != nil {
		errs = append(errs, b.file.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the log: %w", err)
	}
	return nil
}
