package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

const (
	soundLane = "sound"
	gameLane  = "rcon:" // followed by the server's name
)

func isGameLane(lane string) bool { return strings.HasPrefix(lane, gameLane) }

// game is the client of one game server, with the settings that it was made from. It asks for the password when there is
// something to send, on the lane's goroutine, because a keyring may be locked and ask its user first.
type game struct {
	*rcon.Client
	server   profile.Server
	password func() (string, error)
	// secret is a rehearsal's password; "" is one that is kept.
	secret string
	isSet  atomic.Bool // the client has its password
}

// errOver keeps what was rehearsed away from a real server, whatever else goes wrong.
var errOver = errors.New("the rehearsal that triggered it is over")

// Do implements action.Action.
func (g *game) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Rehearsed && g.secret == "" {
		return action.Outcome{}, action.Permanent(errOver)
	}
	if !g.isSet.Load() {
		password, err := g.password()
		if err != nil && !errors.Is(err, profile.ErrNoSecret) {
			return action.Outcome{}, action.Blocked(fmt.Errorf("read the password: %w", err))
		}
		g.SetPassword(password)
		g.isSet.Store(true)
	}
	return g.Client.Do(ctx, job)
}

// target returns the action that does the jobs of a lane; it is the queue's way to its targets.
func (a *App) target(lane string) (action.Action, error) {
	if lane == soundLane {
		return a.mixer, nil
	}
	if target, ok := a.outlet(lane); ok {
		return target, nil
	}
	if t := a.showTarget(lane); t != nil {
		return t, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if g, ok := a.games[lane]; ok {
		return g, nil
	}
	if lane == obsLane {
		return a.studio, nil
	}
	if name := strings.TrimPrefix(lane, gameLane); name != "" {
		return nil, fmt.Errorf("the profile has no game server called %q", name)
	}
	return nil, errors.New("no game server is set up")
}

// applyProfile brings rules, mixer and game servers in line with the profile. The lock is not held.
func (a *App) applyProfile() {
	a.mu.Lock()
	p := a.profile.Clone()
	a.mu.Unlock()
	a.rules.Replace(p.ResolvedRules())
	a.rules.SetGroups(p.OffGroups())
	a.rules.SetViewers(p.Viewers.Allow, p.Viewers.Block)
	a.ticker.nudge()
	a.rules.SetWaiting(waitingOf(p))
	a.setPolicies(p)
	a.applySpeech(p)
	a.applyWeb(p)
	a.applyOverlay(p)
	a.applyHotkeys(p)
	a.applyPlugins(p)
	a.socket.apply(p.Socket)
	a.tikfinity.apply(p.TikFinity)
	a.api.apply(p.API)
	a.applyLiveKit(p)
	a.rebuildOBS(p)
	a.mixer.SetVolume(p.Sound.Volume)
	a.mixer.SetVoices(p.Sound.Voices)
	a.mu.Lock()
	select {
	case <-a.toLoad: // an older list
	default:
	}
	a.toLoad <- soundFiles(p.Rules) // it has room: only who holds the lock fills it
	a.mu.Unlock()
	a.rebuildGames()
}

// waitingOf says how the jobs of p's rules wait.
func waitingOf(p profile.Profile) rule.Waiting {
	return rule.Waiting{
		ByCoins: p.Queue.Order == profile.OrderCoins, MaxWait: p.Queue.MaxWait.Std(), SoundMaxWait: soundMaxWait(p.Sound),
		SpeechMaxWait: speechMaxWait(p.Speech),
	}
}

// setPolicies tells the lanes how to let their jobs go.
func (a *App) setPolicies(p profile.Profile) {
	a.queue.SetPolicy(soundLane, queue.Policy{
		TakeTurns: p.Queue.TakeTurns, PerMinute: p.Sound.PerMinute, PerViewer: p.Sound.PerViewer,
	})
	for _, s := range p.RCON {
		a.queue.SetPolicy(gameLane+s.Name, queue.Policy{
			TakeTurns: p.Queue.TakeTurns, PerMinute: s.PerMinute, PerViewer: s.PerViewer,
		})
	}
}

// soundFiles returns the sounds of the rules that are switched on, each once.
func soundFiles(rules []rule.Rule) []string {
	var files []string
	for _, r := range rules {
		action.Each(r.Actions, func(spec *action.Spec) {
			if !r.Off && spec.Sound != nil && !slices.Contains(files, spec.Sound.File) {
				files = append(files, spec.Sound.File)
			}
		})
	}
	return files
}

// soundMaxWait is how long a sound may wait for its turn.
func soundMaxWait(s profile.Sound) time.Duration {
	if s.MaxWait == 0 {
		return time.Minute
	}
	return s.MaxWait.Std()
}

// rebuildGames makes one client for each game server of the profile, or of the rehearsal in its place. Clients whose
// settings have not changed are kept, with their connections.
func (a *App) rebuildGames() {
	wanted := a.wantedGames()
	var gone, made []string
	a.mu.Lock()
	for lane, g := range a.games {
		if w, ok := wanted[lane]; ok && sameGame(w, g) {
			delete(wanted, lane)
			continue
		}
		a.closeGame(g)
		delete(a.games, lane)
		if _, ok := wanted[lane]; !ok {
			gone = append(gone, lane)
		}
	}
	for lane, g := range wanted {
		g.Client = rcon.New(rcon.Options{
			Name:            g.server.Name,
			Address:         g.server.Address,
			Timeout:         g.server.Timeout.Std(),
			FailurePatterns: g.server.FailurePatterns,
			Log:             a.log,
		})
		a.games[lane] = g
		made = append(made, lane)
	}
	a.mu.Unlock()
	for _, lane := range gone {
		a.queue.Forget(lane)
	}
	for _, lane := range made {
		a.queue.Declare(lane)
		a.queue.Retry(lane)
	}
}

// wantedGames returns the game servers that there should be clients for, by lane, without their clients.
func (a *App) wantedGames() map[string]*game {
	a.mu.Lock()
	defer a.mu.Unlock()
	wanted := map[string]*game{}
	if a.rehearsal != nil {
		servers := a.profile.Clone().RCON
		if len(servers) == 0 {
			servers = []profile.Server{{}}
		}
		for _, s := range servers {
			s.Address, s.FailurePatterns = a.rehearsal.game.Addr(), nil
			secret := a.rehearsal.password
			wanted[gameLane+s.Name] = &game{
				server: s, secret: secret, password: func() (string, error) { return secret, nil },
			}
		}
		return wanted
	}
	for _, s := range a.profile.Clone().RCON {
		wanted[gameLane+s.Name] = &game{
			server: s, password: func() (string, error) { return a.secrets.Get(profile.KeyRCON(s.Name)) },
		}
	}
	return wanted
}

func sameGame(a, b *game) bool {
	return a.secret == b.secret && a.server.Name == b.server.Name && a.server.Address == b.server.Address &&
		a.server.Timeout == b.server.Timeout && slices.Equal(a.server.FailurePatterns, b.server.FailurePatterns)
}

// renewPassword makes the game server whose password is kept under key ask for it again.
func (a *App) renewPassword(key string) {
	a.mu.Lock()
	var lanes []string
	for lane, g := range a.games {
		if g.secret == "" && profile.KeyRCON(g.server.Name) == key {
			g.isSet.Store(false)
			lanes = append(lanes, lane)
		}
	}
	a.mu.Unlock()
	for _, lane := range lanes {
		a.queue.Retry(lane)
	}
}

func (a *App) closeGame(g *game) {
	if err := g.Close(); err != nil {
		a.log.Warn("a game server's connection did not close", "server", g.server.Name, "error", err)
	}
}

// TestServer connects to a game server and logs in with the password, or with the kept one when it is empty. The error tells
// an unreachable server from a refused password.
func (a *App) TestServer(ctx context.Context, s profile.Server, password string) error {
	if password == "" {
		kept, err := a.secrets.Get(profile.KeyRCON(s.Name))
		if err != nil && !errors.Is(err, profile.ErrNoSecret) {
			return fmt.Errorf("read the password: %w", err)
		}
		password = kept
	}
	a.opts.OnSecret(password)
	client := rcon.New(rcon.Options{
		Name: s.Name, Address: s.Address, Password: password, Timeout: s.Timeout.Std(), Log: a.log,
	})
	err := client.Test(ctx)
	return errors.Join(err, client.Close())
}
