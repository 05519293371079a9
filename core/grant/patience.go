package grant

import (
	"context"
	"sync"
	"time"
)

const (
	// freeFailures is how many wrong tokens in patienceSpan are answered at once.
	freeFailures = 10
	patienceSpan = time.Minute
	// longestPause is what each further one waits for its answer.
	longestPause = 4 * time.Second
	// maxHosts bounds how many hosts are told apart.
	maxHosts = 1000
)

// Patience makes those wait who show wrong tokens, host by host. A right token never waits: whoever shares the host with an
// attacker, such as a web page in the streamer's browser, cannot be locked out by him. That nobody guesses a token is up to its
// 122 bits; this keeps guessing from costing much. The zero value is ready for use.
type Patience struct {
	mu    sync.Mutex
	hosts map[string]*failures
}

// failures are a host's wrong tokens since a time.
type failures struct {
	n     int
	since time.Time
}

// Failed notes a wrong token of a host and returns how many there have been in the last minute, this one included.
func (p *Patience) Failed(host string) int {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hosts == nil {
		p.hosts = map[string]*failures{}
	}
	if len(p.hosts) >= maxHosts {
		p.forget(now)
	}
	f := p.hosts[host]
	if f == nil || now.Sub(f.since) > patienceSpan {
		f = &failures{since: now}
		p.hosts[host] = f
	}
	f.n++
	return f.n
}

// forget makes room. The caller holds the lock.
func (p *Patience) forget(now time.Time) {
	for host, f := range p.hosts {
		if now.Sub(f.since) > patienceSpan || len(p.hosts) >= maxHosts {
			delete(p.hosts, host)
		}
	}
}

// Wait returns when the n-th wrong token may be answered, or ctx ends.
func (p *Patience) Wait(ctx context.Context, n int) {
	if n <= freeFailures {
		return
	}
	pause := longestPause
	if over := n - freeFailures; over < 5 {
		pause = longestPause >> (5 - over)
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
