package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	defaultTimeout = 10 * time.Second
	// maxTries is how often a request with Retry is sent before its last answer counts.
	maxTries = 5
	// maxHold bounds how long a server may ask to be left alone (Retry-After).
	maxHold = 5 * time.Minute
	// maxHops bounds the redirects that are followed.
	maxHops = 5
	// maxBody is how much of an answer is looked at.
	maxBody = 64 << 10
	// maxKept bounds what is remembered of requests that are to be tried again, and of servers that asked for a pause.
	maxKept = 1000
)

// Options are what a Client needs. The zero value is useful.
type Options struct {
	// Log is told of each request that was answered badly; nil is nowhere.
	Log *slog.Logger
}

// Client sends requests. It may be used from many goroutines.
type Client struct {
	log *slog.Logger
	// once has a connection for each request, again keeps a few: only a request that may be sent twice may use one that could be dead.
	once, again *http.Transport

	mu    sync.Mutex
	tries map[string]int       // by job
	holds map[string]time.Time // by host
}

// New returns a client. It goes through the proxy that the environment names, and knows no cookies.
func New(o Options) *Client {
	c := &Client{log: o.Log, tries: map[string]int{}, holds: map[string]time.Time{}}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	transport := func() *http.Transport {
		return &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: maxBody,
			MaxIdleConns:           8,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
		}
	}
	c.once, c.again = transport(), transport()
	c.once.DisableKeepAlives = true
	return c
}

// Close drops the idle connections. Requests that are under way end with their contexts.
func (c *Client) Close() error {
	c.once.CloseIdleConnections()
	c.again.CloseIdleConnections()
	return nil
}

// Do sends the request of the job once. 2xx is Done, every other answer Rejected, both with the status and the first line of the
// answer; no answer is Unknown. With Retry, 429, 5xx and no answer are errors for a few times, so that the queue sends it again.
//
// A server that cannot be reached is an error in any case; one whose certificate is not to be trusted a Permanent one. What a
// rehearsal triggered is not sent.
func (c *Client) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Spec.HTTP == nil {
		return action.Outcome{}, action.Permanent(errors.New("the job has no request"))
	}
	if job.Rehearsed {
		return action.Outcome{State: action.Done, Reply: "a rehearsal: nothing was sent"}, nil
	}
	r, err := Render(*job.Spec.HTTP, job.Fields)
	if err != nil {
		return action.Outcome{}, err
	}
	if !job.Spec.HTTP.Retry {
		return c.sendOnce(ctx, r, job.Spec.HTTP.Timeout.Std())
	}
	return c.sendAgain(ctx, r, job)
}

func (c *Client) sendOnce(ctx context.Context, r Request, timeout time.Duration) (action.Outcome, error) {
	a, err := c.send(ctx, c.once, r, timeout)
	if err != nil {
		return unanswered(r, err)
	}
	return a.outcome(), nil
}

// sendAgain sends a request that may be sent more than once.
func (c *Client) sendAgain(ctx context.Context, r Request, job action.Job) (action.Outcome, error) {
	if err := c.held(r.URL.Host); err != nil {
		return action.Outcome{}, err
	}
	a, err := c.send(ctx, c.again, r, job.Spec.HTTP.Timeout.Std())
	var f *failure
	switch {
	case errors.As(err, &f) && !f.isSent:
		return unanswered(r, err)
	case err == nil && !a.isPassing():
		c.forget(job.ID)
		return a.outcome(), nil
	case c.count(job.ID) >= maxTries || ctx.Err() != nil:
		c.forget(job.ID)
		if err != nil {
			return unanswered(r, err)
		}
		return a.outcome(), nil
	case err != nil:
		return action.Outcome{}, fmt.Errorf("%s did not answer: %w", r.URL.Host, err)
	}
	c.hold(r.URL.Host, a.retryAfter)
	return action.Outcome{}, fmt.Errorf("%s answered %s", r.URL.Host, a.text())
}

// unanswered says what becomes of a request without an answer.
func unanswered(r Request, err error) (action.Outcome, error) {
	var f *failure
	if errors.As(err, &f) && f.isSent {
		return action.Outcome{State: action.Unknown, Reply: fmt.Sprintf("no answer from %s: %v", r.URL.Host, err)}, nil
	}
	err = fmt.Errorf("%s cannot be reached: %w", r.URL.Host, err)
	if isHopeless(err) {
		return action.Outcome{}, action.Permanent(err)
	}
	return action.Outcome{}, err
}

// count counts a try of a job that did not come to an end.
func (c *Client) count(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tries) >= maxKept { // of jobs that were dropped meanwhile
		clear(c.tries)
	}
	c.tries[id]++
	return c.tries[id]
}

func (c *Client) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tries, id)
}

// hold leaves a server alone for a time.
func (c *Client) hold(host string, d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.holds) >= maxKept {
		clear(c.holds)
	}
	c.holds[host] = time.Now().Add(min(d, maxHold))
}

// held returns an error while a server is to be left alone.
func (c *Client) held(host string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, ok := c.holds[host]
	if left := time.Until(until); ok && left > 0 {
		return fmt.Errorf("%s asks to be left alone for %v more", host, left.Round(time.Second))
	}
	delete(c.holds, host)
	return nil
}
