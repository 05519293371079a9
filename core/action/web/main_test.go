package web

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// long is a timeout that no test is to reach.
const long = action.Duration(time.Minute)

func client(t testing.TB) *Client {
	t.Helper()
	c := New(Options{})
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return c
}

// server starts a server that counts what it gets, the first request included.
func server(t testing.TB, handle func(w http.ResponseWriter, r *http.Request, n int)) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(w, r, int(n.Add(1))) }))
	t.Cleanup(s.Close)
	return s, &n
}

func job(spec action.HTTP) action.Job {
	if spec.Timeout == 0 {
		spec.Timeout = long
	}
	return action.Job{ID: "j", Spec: action.Spec{HTTP: &spec}, Runs: 1, Fields: action.Fields{User: "pixel_pia", Count: 3}}
}

// do does a request that must come to an outcome.
func do(t testing.TB, c *Client, spec action.HTTP) action.Outcome {
	t.Helper()
	o, err := c.Do(t.Context(), job(spec))
	if err != nil {
		t.Fatal(err)
	}
	return o
}
