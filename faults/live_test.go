package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/rehearsal"
)

// isLive in the environment makes this executable a rehearsal, so that what it costs to send a flood is not on the account of
// the program that takes it, nor of the test.
const isLive = "LIVECUE_FAULTS_LIVE"

// serveLive plays the script of that file once. It prints where it listens, each second how much has been delivered, and at
// the end of the script the ledger, one JSON value a line; then it serves until its input ends.
func serveLive(ctx context.Context, file, speed string) error {
	script, err := rehearsal.Load(file)
	if err != nil {
		return err
	}
	faster, err := strconv.ParseFloat(speed, 64)
	if err != nil {
		return err
	}
	server, err := rehearsal.Listen(rehearsal.Options{Script: script, Speed: faster, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	go func() { // ends with the process
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(server.Addr()); err != nil {
		return err
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	done := server.Done()
	for {
		select {
		case err := <-ended:
			return err
		case <-done:
			done = nil
			err = out.Encode(server.Ledger())
		case <-tick.C:
			if done != nil {
				err = out.Encode(server.Totals().Delivered)
			}
		}
		if err != nil {
			return err
		}
	}
}

// live is the test's end of that process.
type live struct {
	addr string
	// delivered gets each second how many messages have been delivered, and is closed when the script is over.
	delivered chan int
	// ledger and err are set then.
	ledger rehearsal.Ledger
	err    error
}

// startLive plays a script in a process of its own, until the test ends.
func startLive(t *testing.T, file string, speed float64) *live {
	t.Helper()
	cmd := exec.Command(os.Args[0], file, fmt.Sprint(speed))
	cmd.Env = append(os.Environ(), isLive+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l := &live{delivered: make(chan int, 1)}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(first), &l.addr)
	}
	ended := make(chan struct{})
	go func() { // ends with the process
		defer close(ended)
		defer close(l.delivered)
		l.err = l.follow(lines)
	}()
	t.Cleanup(func() {
		_ = in.Close() // which ends it
		for range l.delivered {
		}
		<-ended
		if err := cmd.Wait(); err != nil {
			t.Errorf("the rehearsal ended with %v", err)
		}
	})
	if err != nil {
		t.Fatalf("the rehearsal did not tell where it listens: %v", err)
	}
	return l
}

// follow reads until the ledger has come.
func (l *live) follow(lines *bufio.Reader) error {
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("read what the rehearsal tells: %w", err)
		}
		if strings.HasPrefix(line, "{") {
			return json.Unmarshal([]byte(line), &l.ledger)
		}
		n, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			return err
		}
		l.delivered <- n
	}
}
