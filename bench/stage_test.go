package bench

import (
	"context"
	"log/slog"
	"net"
	"strconv"
	"testing"
	"time"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/rule"
)

const password = "practice"

// gameServer runs a practice server for as long as the benchmark.
func gameServer(b *testing.B, opts practice.Options) *practice.Server {
	b.Helper()
	opts.Password, opts.Log = password, slog.New(slog.DiscardHandler)
	server, err := practice.Listen(opts)
	if err != nil {
		b.Fatal(err)
	}
	serve(b, server.Run)
	return server
}

// bare is a connection to a game server with nothing of ours between: a packet each way.
type bare struct {
	b    *testing.B
	conn net.Conn
}

// dialBare connects and logs in, for as long as the benchmark.
func dialBare(b *testing.B, game *practice.Server) bare {
	b.Helper()
	conn, err := net.Dial("tcp", game.Addr())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	raw := bare{b, conn}
	raw.roundTrip(codec.SERVERDATA_AUTH, password)
	return raw
}

// command sends one and reads the answer.
func (r bare) command(text string) { r.roundTrip(codec.SERVERDATA_EXECCOMMAND, text) }

func (r bare) roundTrip(kind int32, body string) {
	if _, err := codec.NewPacket(kind, 1, body).WriteTo(r.conn); err != nil {
		r.b.Fatal(err)
	}
	var answer codec.Packet
	if _, err := answer.ReadFrom(r.conn); err != nil {
		r.b.Fatal(err)
	}
	if answer.ID != 1 {
		r.b.Fatalf("the answer has id %d", answer.ID)
	}
}

// anyGift is a profile that makes one command of each gift, theCommand for those of rose.
func anyGift(game *practice.Server) profile.Profile {
	return profile.Profile{
		Version: profile.Version,
		RCON:    []profile.Server{{Name: "practice", Address: game.Addr()}},
		Rules: []rule.Rule{{
			ID: "any", Name: "Any gift", Trigger: rule.Trigger{Kind: rule.OnAnyGift},
			Actions: []action.Spec{{RCON: &action.RCON{Command: "say {user} sent {gift}"}}},
		}},
	}
}

const theCommand = "say pixel_pia sent Rose"

// rose is a gift that does not combine. Each has an id of its own.
func rose(id int) event.Gift {
	return event.Gift{
		Head: event.Head{ID: strconv.Itoa(id), At: time.Now(), Source: "bench"}, User: event.User{ID: "1", Handle: "pixel_pia"},
		Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}, Added: 1, Count: 1, First: true, Final: true,
	}
}

func startApp(b *testing.B, opts app.Options) *app.App {
	b.Helper()
	a, err := app.New(opts)
	if err != nil {
		b.Fatal(err)
	}
	a.Start()
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	return a
}

// oneSecret gives the practice server's password to whoever asks.
type oneSecret struct{}

func (oneSecret) Get(key string) (string, error) {
	if key == profile.KeyRCON("practice") {
		return password, nil
	}
	return "", profile.ErrNoSecret
}
func (oneSecret) Set(string, string) error { return nil }
func (oneSecret) Delete(string) error      { return nil }

// serve runs a server for as long as the benchmark.
func serve(b *testing.B, run func(context.Context) error) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Errorf("a server of the benchmark: %v", err)
		}
	})
}
