package tiktok

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"github.com/steampoweredtaco/gotiktoklive"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// The live statuses that TikTok's pages use.
const statusEnded = 4

// lookup finds the room in which a streamer is live, through gotiktoklive's public API.
//
// The library was made to own its program: NewTikTok catches SIGINT and SIGTERM on a goroutine that ends the process with
// os.Exit, and offers no way to undo it. signal.Reset would undo it, and with it every handler of the program itself. But
// before the exit that goroutine calls the library's info handler; ours ends the goroutine, and the exit is never reached.
// So the program's own signal.NotifyContext works as if the library were not there, whichever came first; only the default
// action of a signal (to kill) stays off, as it is in a program that handles signals. One parked goroutine for each lookup
// remains until a signal comes, so a Source keeps one client for all its life.
type lookup struct {
	isInsecure bool
	relay      *relay

	client *gotiktoklive.TikTok
	addr   string // where the client expects the relay
}

// room is what the lookup found.
type room struct {
	id string
	// isWithheld says that TikTok gave no facts of the room, as it does for age-restricted ones (status code 10011), which
	// does not keep anyone from connecting.
	isWithheld bool
}

func newLookup(proxy *url.URL, insecure bool) *lookup {
	return &lookup{isInsecure: insecure, relay: newRelay(proxy, insecure)}
}

// find asks TikTok for the live of handle. It returns soon after ctx is done, and leaves nothing running.
func (l *lookup) find(ctx context.Context, handle string) (room, *source.Problem) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	if err := l.prepare(ctx); err != nil {
		cancel()
		return room{}, networkProblem("TikTok", err)
	}
	defer l.relay.close()
	defer cancel() // before close, which waits for the connections
	found, err := l.ask(handle)
	if err == nil {
		return found, nil
	}
	if outward := l.relay.failure(); outward != nil {
		return room{}, networkProblem("TikTok", outward)
	}
	if ctx.Err() != nil {
		return room{}, networkProblem("TikTok", context.DeadlineExceeded)
	}
	return room{}, lookupProblem(handle, err)
}

// prepare opens the relay where the client expects it, and makes the client if there is none or the place is taken.
func (l *lookup) prepare(ctx context.Context) error {
	if l.client != nil {
		if err := l.relay.open(ctx, l.addr); err == nil {
			return nil
		}
	}
	if err := l.relay.open(ctx, ""); err != nil {
		return err
	}
	client, err := gotiktoklive.NewTikTok(
		gotiktoklive.DisableSigningLimitsValidation, // we sign ourselves
		gotiktoklive.Proxy(l.relay.url(), l.isInsecure),
		keepAlive,
	)
	if err != nil {
		l.relay.close()
		return fmt.Errorf("prepare the room lookup: %w", err)
	}
	l.client, l.addr = client, l.relay.listener.Addr().String()
	return nil
}

// keepAlive is the option that keeps the library from ending the program: see lookup.
func keepAlive(t *gotiktoklive.TikTok) error {
	t.SetInfoHandler(func(...any) { runtime.Goexit() })
	return nil
}

// ask asks for the page of the live, and, where there is one, for the facts of the room.
func (l *lookup) ask(handle string) (found room, err error) {
	defer recoverLibrary(&err)
	info, err := l.client.GetLiveRoomUserInfo(handle)
	if err != nil {
		return room{}, err
	}
	user := info.LiveRoomUser
	if user == nil {
		return room{}, gotiktoklive.ErrUserNotFound
	}
	if user.RoomID == "" {
		return room{}, gotiktoklive.ErrUserOffline
	}
	if user.Status == statusEnded {
		return room{}, gotiktoklive.ErrLiveHasEnded
	}
	facts, err := l.facts(handle)
	if errors.Is(err, gotiktoklive.ErrLiveHasEnded) || errors.Is(err, gotiktoklive.ErrRateLimitExceeded) {
		return room{}, err
	}
	// Any other error is none of ours: the room is known, and that is enough to connect.
	isWithheld := errors.Is(err, errNoFacts) || err == nil && facts.Status == 0
	return room{id: user.RoomID, isWithheld: isWithheld}, nil
}

// facts are the room's; the library panics where TikTok gave none.
func (l *lookup) facts(handle string) (facts *gotiktoklive.RoomInfo, err error) {
	defer recoverLibrary(&err)
	return l.client.GetRoomInfo(handle)
}

// errNoFacts is an answer that lacks what the library takes for granted.
var errNoFacts = errors.New("TikTok's answer lacks its data")

// recoverLibrary makes an error of a panic in the library, which trusts the answers that it reads.
func recoverLibrary(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", errNoFacts, r)
	}
}

// reStatus finds the code in the library's only word on an HTTP error.
var reStatus = regexp.MustCompile(`received status code (\d{3})`)

// lookupProblem says what the library's error means.
func lookupProblem(handle string, err error) *source.Problem {
	var (
		blocked    *gotiktoklive.ErrIPBlockedOrBanned
		redirected gotiktoklive.UserNotFound
	)
	switch {
	case errors.Is(err, gotiktoklive.ErrUserOffline), errors.Is(err, gotiktoklive.ErrLiveHasEnded):
		return problem(event.CauseNotLive, "@"+handle+" is not live. LiveCue waits and connects by itself.", err)
	case errors.Is(err, gotiktoklive.ErrUserNotFound):
		return unknownUser(handle, err)
	case errors.Is(err, gotiktoklive.ErrRateLimitExceeded):
		return problem(event.CauseRateLimited, "TikTok wants fewer requests from this address. LiveCue waits and tries again.", err)
	case errors.As(err, &blocked):
		return problem(event.CauseBlocked, "TikTok does not show its pages to this address. "+
			"Try another network, a VPN or a proxy, or connect through Euler Stream.", err)
	case errors.As(err, &redirected):
		return problem(event.CauseBlocked, "TikTok did not show the page of @"+handle+"'s live. "+
			"Check the name; if it is right, TikTok may want a captcha from this address: try another network or Euler Stream.", err)
	}
	m := reStatus.FindStringSubmatch(err.Error())
	if m == nil {
		return networkProblem("TikTok", err)
	}
	code, _ := strconv.Atoi(m[1])
	switch code {
	case http.StatusNotFound:
		return unknownUser(handle, err)
	case http.StatusUnauthorized, http.StatusPaymentRequired: // no key is sent to TikTok
		code = http.StatusForbidden
	}
	return statusProblem("TikTok", code, nil, time.Now(), err)
}

func unknownUser(handle string, err error) *source.Problem {
	return problem(event.CauseUnknownUser, "TikTok knows no streamer called @"+handle+
		". Check the spelling: it is the name after the @ on the profile, and the account must have been live before.", err)
}
