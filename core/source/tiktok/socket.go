package tiktok

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

const (
	// maxFrame bounds a frame on the wire; TikTok's are some 100 KB at the most.
	maxFrame = 16 << 20
	// writeTimeout is how long the other side may refuse to take an ack.
	writeTimeout = 10 * time.Second
)

// errSilence is the cause for which the watchdog ends a socket.
var errSilence = errors.New("the socket said nothing")

// socket is a WebSocket that is read by one goroutine, beaten by another, and sent acks by a third. Frames wait, one here and
// the rest in the network, until they are taken: nothing is dropped because a taker is slow.
type socket struct {
	conn    *websocket.Conn
	silence time.Duration // after which the watchdog ends it
	every   time.Duration // between heartbeats
	hello   []byte        // sent first, or nil
	beat    []byte        // the heartbeat, or nil for none
	acks    chan ticket   // acks that are owed, or nil where none are wanted
	isText  bool          // whether frames are text, not binary
	onText  func()        // told of frames of the other kind, of which we have no use

	acked  chan struct{}   // closed when no more acks are sent
	ended  <-chan struct{} // closed at the end, when nothing can be sent any more
	frames chan []byte     // closed at the end; err then says why
	err    error
	cancel context.CancelCauseFunc
	watch  *time.Timer
	write  sync.Mutex // one writer at a time: acks and heartbeats come from two goroutines
	wg     sync.WaitGroup
}

// dial opens the socket of party at address. Errors do not show the address.
func (s *Source) dial(ctx context.Context, w *web, party, address string, header http.Header) (*socket, *source.Problem) {
	k := &socket{silence: s.opt.SilenceTimeout, every: s.heartbeat, frames: make(chan []byte, 1), acked: make(chan struct{})}
	k.onText = func() { s.trouble.strange("text frame") }
	dialing, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	conn, resp, err := websocket.Dial(dialing, address, &websocket.DialOptions{ //nolint:bodyclose // Dial closes it
		HTTPClient: w.client,
		HTTPHeader: header,
		OnPingReceived: func(context.Context, []byte) bool {
			k.watch.Reset(k.silence)
			return true
		},
	})
	if err != nil {
		if resp != nil {
			return nil, handshakeProblem(party, resp, w.clean(err))
		}
		return nil, networkProblem(party, w.clean(err))
	}
	conn.SetReadLimit(maxFrame)
	k.conn = conn
	return k, nil
}

// handshakeProblem says what an answer other than a socket means. TikTok turns clients away with 200 or 415.
func handshakeProblem(party string, resp *http.Response, err error) *source.Problem {
	said := resp.Header.Get("Handshake-Msg")
	if resp.Body != nil {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 1024))
		said += " " + string(body)
	}
	code := resp.StatusCode
	if code == http.StatusSwitchingProtocols {
		return problem(event.CauseProtocol, party+"'s socket does not speak WebSocket as it should. A proxy may stand in between.", err)
	}
	if code == http.StatusOK || code == http.StatusUnsupportedMediaType || isRefusal(said) {
		return problem(event.CauseBlocked, party+"'s socket refused this client. LiveCue tries again with a new signature; "+
			"if it lasts, try another network or another way to connect.", err)
	}
	return statusProblem(party, code, resp.Header, time.Now(), err)
}

// start begins to read and to beat. ctx and stop end both.
func (k *socket) start(ctx context.Context) {
	ctx, k.cancel = context.WithCancelCause(ctx)
	k.ended = ctx.Done()
	k.watch = time.AfterFunc(k.silence, func() { k.cancel(errSilence) })
	k.wg.Go(func() { k.read(ctx) })
	if k.beat != nil || k.hello != nil {
		k.wg.Go(func() { k.keepBeating(ctx) })
	}
	if k.acks != nil {
		k.wg.Go(func() { k.keepAcking(ctx) })
	}
}

// stop ends the socket, without waiting for the other side, and waits for its goroutines.
func (k *socket) stop() {
	k.watch.Stop()
	k.cancel(context.Canceled)
	_ = k.conn.CloseNow()
	k.wg.Wait()
}

func (k *socket) read(ctx context.Context) {
	defer close(k.frames)
	defer func() { k.cancel(k.err) }() // nobody hears what is sent to a socket that cannot be read
	for {
		kind, frame, err := k.conn.Read(ctx)
		k.watch.Stop() // while a frame waits to be taken, the silence is ours
		if err != nil {
			k.err = err
			if cause := context.Cause(ctx); cause != nil && websocket.CloseStatus(err) < 0 {
				k.err = cause
			}
			return
		}
		if (kind == websocket.MessageText) != k.isText {
			k.onText()
		} else if !k.hand(ctx, frame) {
			return
		}
		k.watch.Reset(k.silence)
	}
}

// next waits for a frame or for timer, and says which it was and whether the socket is open. A frame that waits comes first,
// so that no streak is ended for the silence that a slow taker made.
func (k *socket) next(timer <-chan time.Time) (frame []byte, isOpen, isTime bool) {
	select {
	case frame, isOpen = <-k.frames:
		return frame, isOpen, false
	default:
	}
	select {
	case frame, isOpen = <-k.frames:
		return frame, isOpen, false
	case <-timer:
		return nil, true, true
	}
}

// hand waits until there is room for frame, and says whether it was handed over.
func (k *socket) hand(ctx context.Context, frame []byte) bool {
	select {
	case k.frames <- frame:
		return true
	case <-ctx.Done():
		k.err = context.Cause(ctx)
		return false
	}
}

func (k *socket) keepBeating(ctx context.Context) {
	if k.hello != nil && k.send(ctx, k.hello) != nil {
		return // the reader sees the end too
	}
	if k.beat == nil {
		return
	}
	tick := time.NewTicker(k.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if k.send(ctx, k.beat) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// send writes one frame. A failure ends the socket.
func (k *socket) send(ctx context.Context, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	k.write.Lock()
	defer k.write.Unlock()
	if err := k.conn.Write(ctx, websocket.MessageBinary, frame); err != nil {
		err = fmt.Errorf("write to the socket: %w", err)
		k.cancel(err)
		return err
	}
	return nil
}

// isCloseError says whether the other side closed the socket, and with what.
func isCloseError(err error, reason *websocket.CloseError) bool {
	return errors.As(err, reason)
}

// socketProblem says what the end of a socket means that was not closed in order.
func socketProblem(party string, err error) *source.Problem {
	switch {
	case errors.Is(err, errSilence):
		return problem(event.CauseSilence, party+"'s socket was open and said nothing. LiveCue connects again.", err)
	case errors.Is(err, websocket.ErrMessageTooBig):
		return problem(event.CauseProtocol, party+" sent a frame that is too large to be true. LiveCue connects again.", err)
	case strings.Contains(err.Error(), "protocol"):
		return problem(event.CauseProtocol, party+"'s socket does not speak WebSocket as it should. LiveCue connects again.", err)
	}
	return problem(event.CauseClosed, "The connection to "+party+" was lost. LiveCue connects again.", err)
}
