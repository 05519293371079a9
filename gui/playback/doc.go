// Package playback plays a past stream again in the window: it asks how, stands above every page while it plays, and tells what
// today's rules made of it. A recording is saved to a file and opened from one.
package playback

import (
	"context"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
)

// Core is what a replay needs of the program. StartReplay and SaveRecording read from the disk, StopReplay, StopRehearsal and
// Disconnect wait for what they end: call those from a goroutine of their own.
type Core interface {
	Profile() profile.Profile
	Status() source.Status
	Rehearsal() string
	StopRehearsal()
	Disconnect()

	StartReplay(ctx context.Context, r app.Replay) error
	StopReplay()
	PauseReplay() error
	ResumeReplay() error
	SeekReplay(to time.Duration) error
	SetReplaySpeed(speed float64) error
	ReplayStatus() (app.ReplayStatus, bool)
	SaveRecording(ctx context.Context, session int64, path string, anonymous bool) error
}
