package gui

import (
	"context"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/overlays"
	"github.com/livecue/livecue/gui/playback"
	"github.com/livecue/livecue/gui/plugins"
	"github.com/livecue/livecue/gui/profiles"
	"github.com/livecue/livecue/gui/statistics"
)

// Core is what the window needs of the program. Its methods return at once, except those that take a context: call those
// from a goroutine of their own.
type Core interface {
	// Profile returns a copy of the profile in force.
	Profile() profile.Profile
	// SetProfile checks, saves and applies p.
	SetProfile(p profile.Profile) error
	// ProfilePath is where the profile is saved.
	ProfilePath() string
	// SecretsPlace is the file that passwords and keys are kept in, or "" for the system's keyring.
	SecretsPlace() string
	// HasSecret reports whether a secret is kept under the key; SetSecret keeps it, or forgets it when value is empty.
	HasSecret(key string) bool
	SetSecret(key, value string) error

	// Connect connects to the profile's streamer and stays so until Disconnect.
	Connect() error
	Disconnect()
	Status() source.Status

	// StartRehearsal plays a script of core/rehearsal against the real client, with a practice game server in place of the
	// profile's; StopRehearsal ends it. Rehearsal returns the script that plays, or "".
	StartRehearsal(script string) error
	StopRehearsal()
	Rehearsal() string

	// TestRule triggers the rule as its event would, marked as a test. The rule need not be saved.
	TestRule(r rule.Rule) error
	// TestRuleFor is TestRule with a chosen viewer, gift and count; DryRun says what that would do, and does nothing of it.
	TestRuleFor(r rule.Rule, choice rule.TestChoice) error
	DryRun(r rule.Rule, choice rule.TestChoice) ([]action.Job, rule.Decision, error)
	// Fire is a press on the button of a rule, or on its keys.
	Fire(ruleID string) error
	// HotkeyState is how a combination of keys stands with the system, and how far such keys are heard.
	HotkeyState(keys string) (hotkey.State, hotkey.Reach)
	// Preflight asks servers and OBS whether they know what the rules say, and does nothing of it.
	Preflight(ctx context.Context) (app.PreflightReport, error)
	// CheckOverlay looks whether the picture and the sound of an alert can be used.
	CheckOverlay(o action.Overlay) error
	// OverlayPictures are the names of the bundled pictures, each usable as "bundled:name".
	OverlayPictures() []string
	// TestServer connects and logs in with the password, or with the kept one when it is empty.
	TestServer(ctx context.Context, s profile.Server, password string) error

	Lanes() []queue.LaneStatus
	PauseLane(lane string)
	ResumeLane(lane string)
	SkipLane(lane string)
	ClearLane(lane string)
	// Waiting returns at most limit jobs that wait in a lane, in the order in which they will be done.
	Waiting(ctx context.Context, lane string, limit int) ([]queue.Waiting, error)
	// MoveJob lets a waiting job wait at another place, and DropJob gives it up; both report whether it still waited, and may
	// use the disk: call them from a goroutine of their own.
	MoveJob(lane string, ticket int64, to queue.Place) bool
	DropJob(lane string, ticket int64) bool
	// PanicStop pauses and clears every lane and silences all sounds.
	PanicStop()

	// Preview plays a sound at once, outside the queue.
	Preview(ctx context.Context, s action.Sound) error
	StopSounds()
	// SoundProblem is why nothing can be heard, or "".
	SoundProblem() string
	// Sounds are the names of the bundled sounds, each usable as "bundled:name".
	Sounds() []string

	// Unfinished are the first jobs that the program had not finished when it ended the last time, oldest first, until they are
	// run or dropped, and how many there are. RunUnfinished and DropUnfinished, where nil is all, write to the disk: call them
	// from a goroutine of their own.
	Unfinished(limit int) (first []app.Unfinished, total int)
	RunUnfinished(ids []string)
	DropUnfinished(ids []string)
	// History returns at most limit finished jobs before the mark, newest first, and the mark for the next page; 0 is the
	// newest page's mark, and what comes after the last. With states, only jobs that ended in one of them count.
	History(ctx context.Context, before int64, limit int, states ...action.State) ([]app.Done, int64, error)
	// RunAgain puts a copy of the job into the queue.
	RunAgain(job action.Job) error

	// OBSNames asks OBS for its scenes, sources and filters. TestOBS logs in to an OBS with the password, or with the kept one when
	// it is empty, and asks it what it is.
	OBSNames(ctx context.Context) (obs.Names, error)
	TestOBS(ctx context.Context, settings profile.OBS, password string) (obs.Info, error)
	// Voices are those that the system can read aloud with. PreviewSpeech reads a text with them, outside the queue.
	Voices(ctx context.Context) ([]speech.Voice, error)
	PreviewSpeech(ctx context.Context, s action.Speech, f action.Fields) error

	roomCore
	overlays.Core
	profiles.Core
	statistics.Core
	playback.Core
	plugins.Core

	// Gifts are the known gifts and those seen so far, by price and name.
	Gifts() []event.GiftInfo
	// Health counts what went wrong without stopping anything, such as messages that could not be read.
	Health() app.Health
	// Diagnostics tells how the program has done since it began: its connection, its speed, its latest errors.
	Diagnostics() app.Diagnostics

	// Tap returns a new stream of the feed that keeps at most size updates; close it when done.
	Tap(size int) *app.Tap
}

var _ Core = (*app.App)(nil)
