package obs

import (
	"errors"
	"fmt"
)

// What can be wrong with OBS or a job, to be told apart with errors.Is. Each has a remedy of its own.
var (
	// ErrPassword: OBS refused the password, or asks for one and none is set. Blocked.
	ErrPassword = errors.New("OBS refused the password: it is shown in OBS under Tools, WebSocket Server Settings")
	// ErrNoPassword: OBS asks for a password, and none is set. It is an ErrPassword, and Blocked.
	ErrNoPassword = fmt.Errorf("%w (LiveCue has none)", ErrPassword)
	// ErrUnreachable: no connection could be made, or it broke. OBS is not running, or its WebSocket server is off.
	ErrUnreachable = errors.New("OBS cannot be reached: it is not running, or its WebSocket server is off")
	// ErrSilent: OBS took the connection, or a question, and did not answer in time. It is busy, starting, or hangs.
	ErrSilent = errors.New("OBS does not answer")
	// ErrProtocol: something answered that does not speak obs-websocket, most likely because the port is another one.
	ErrProtocol = errors.New("this port does not speak obs-websocket 5")
	// ErrVersion: OBS speaks only another version of the protocol. Blocked.
	ErrVersion = errors.New("this OBS needs another version of the control protocol: LiveCue works with OBS 28 and newer")
	// ErrNotReady: OBS is changing its scene collection, or ending.
	ErrNotReady = errors.New("OBS is not ready")
	// ErrAddress: the address is not host:port. Blocked.
	ErrAddress = errors.New("the address of OBS must be host:port")
	// ErrNotOBS: the job is for another kind of action. Permanent.
	ErrNotOBS = errors.New("not an OBS job")
	// ErrVerb: the job asks for something that OBS cannot do. Permanent.
	ErrVerb = errors.New("OBS cannot do that")
	// ErrClosed: the client was closed.
	ErrClosed = errors.New("the OBS client is closed")
)

// refusal is OBS's answer that it would not do what it was asked. It has then done nothing.
type refusal struct {
	code int
	// words are OBS's own, in English, or empty.
	words string
}

func (r *refusal) Error() string {
	if r.words == "" {
		return fmt.Sprintf("OBS refused it (status %d)", r.code)
	}
	return r.words
}

// Statuses of a request (enum RequestStatus of the protocol).
const (
	statusSuccess  = 100
	statusNotReady = 207
	statusNotFound = 600
)

// unanswered is the end of a request that was written, at least in part, and had no answer.
type unanswered struct{ why error }

func (u *unanswered) Error() string { return "no answer: " + u.why.Error() }
func (u *unanswered) Unwrap() error { return u.why }
