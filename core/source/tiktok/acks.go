package tiktok

import (
	"context"
	"sync"
	"time"
)

const (
	// maxAcks bounds how many responses may wait for their commit. Then the reader waits, and the network with it.
	maxAcks = 256
	// ackPatience is how long the end of a live waits for the last commits.
	ackPatience = 2 * time.Second
)

// ticket is an ack that waits until what it stands for has been committed.
type ticket struct {
	frame     []byte
	committed <-chan struct{} // closed then
}

// newTickets returns a queue for a socket that wants acks. One more ticket is in the hands of keepAcking.
func newTickets() chan ticket { return make(chan ticket, maxAcks-1) }

// owe queues an ack and returns what is to be called when it may be sent: at any time, from any goroutine, more than once.
// It waits for room. After the socket's end, the ack is dropped.
func (k *socket) owe(ack []byte) (done func()) {
	committed := make(chan struct{})
	select {
	case k.acks <- ticket{ack, committed}:
	case <-k.ended:
	}
	return sync.OnceFunc(func() { close(committed) })
}

// keepAcking sends the acks in the order of their responses, until finishAcks has been called and all are sent, or ctx is
// done.
func (k *socket) keepAcking(ctx context.Context) {
	defer close(k.acked)
	for {
		select {
		case t, ok := <-k.acks:
			if !ok || !k.redeem(ctx, t) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// redeem waits for the commit and sends the ack. It says false where there is nothing more to send.
func (k *socket) redeem(ctx context.Context, t ticket) bool {
	select {
	case <-t.committed:
		return k.send(ctx, t.frame) == nil // a failure ends the socket, and the reader tells
	case <-ctx.Done():
		return false
	}
}

// finishAcks waits, but not for long, until all acks have been sent. No other is owed after it.
func (k *socket) finishAcks(patience time.Duration) {
	if k.acks == nil {
		return
	}
	close(k.acks)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-k.acked:
	case <-timer.C:
	}
}
