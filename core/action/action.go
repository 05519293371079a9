package action

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Action does jobs of one kind against one target.
type Action interface {
	// Do carries out one run of the job: a job with Repeat 3 is done by three calls. A nil error goes with an Outcome; an
	// error means that nothing reached the target: a Permanent one would fail again however often it is tried, a Blocked
	// one holds the lane until the user mends it, and after any other the job is tried again.
	Do(ctx context.Context, job Job) (Outcome, error)
}

// State is how a job stands.
type State string

// The states of a job. All but Waiting and Running are final.
const (
	Waiting State = "waiting"
	Running State = "running"
	// Done: the target did what it was told, as far as it tells.
	Done State = "done"
	// Rejected: the target answered that it would not; Outcome.Reply has its words.
	Rejected State = "rejected"
	// Failed: it never reached the target.
	Failed State = "failed"
	// Unknown: it was sent, and the answer never came.
	Unknown State = "unknown"
	// Expired: it waited past its time to live.
	Expired State = "expired"
	// Dropped: the user cleared or skipped it.
	Dropped State = "dropped"
)

// IsFinal reports whether a job in that state is over.
func (s State) IsFinal() bool { return s != Waiting && s != Running }

// Outcome is what a target said.
type Outcome struct {
	// State is Done, Rejected or Unknown.
	State State
	// Reply is the target's answer, or empty.
	Reply string
}

// permanentError marks an error that trying again cannot mend.
type permanentError struct{ err error }

func (e permanentError) Error() string { return e.err.Error() }
func (e permanentError) Unwrap() error { return e.err }

// Permanent marks err as one that trying again cannot mend. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

// IsPermanent reports whether err, or an error that it wraps, was marked by Permanent.
func IsPermanent(err error) bool {
	var p permanentError
	return errors.As(err, &p)
}

// blockedError marks an error that only the user can mend.
type blockedError struct{ err error }

func (e blockedError) Error() string { return e.err.Error() }
func (e blockedError) Unwrap() error { return e.err }

// Blocked marks err as a target's refusal of us, such as a wrong password: its jobs are kept, and it is left alone until the
// user has changed something. Blocked(nil) is nil.
func Blocked(err error) error {
	if err == nil {
		return nil
	}
	return blockedError{err}
}

// IsBlocked reports whether err, or an error that it wraps, was marked by Blocked.
func IsBlocked(err error) bool {
	var b blockedError
	return errors.As(err, &b)
}

// Duration is a time.Duration that a profile writes as text, such as "1.5s" or "2m".
type Duration time.Duration

// Std returns the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String writes d as a person would: "2m" rather than "2m0s".
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. It refuses negative durations.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration such as \"1.5s\" or \"2m\"", text)
	}
	if v < 0 {
		return fmt.Errorf("a duration cannot be negative: %q", text)
	}
	*d = Duration(v)
	return nil
}
