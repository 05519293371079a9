package rehearsal

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// action reads what a line does: something that goes wrong, the number of viewers, or what a viewer does.
func (p *parser) action() (deed, error) {
	if p.words.isDone() {
		return deed{}, fmt.Errorf("the line ends: expected a viewer and what they do")
	}
	w := p.words.next()
	if w.isQuoted {
		return deed{}, fmt.Errorf("%q: expected a viewer's handle, without quotes", w.text)
	}
	switch strings.ToLower(w.text) {
	case "viewers":
		n, err := p.words.numbers("a number of viewers such as 120", 0, math.MaxInt32)
		return deed{verb: doViewers, count: n}, err
	case "random":
		if err := p.words.expect("viewer"); err != nil {
			return deed{}, err
		}
		return p.does(nil)
	}
	if d, isTrouble, err := p.trouble(strings.ToLower(w.text)); isTrouble {
		return d, err
	}
	v := p.handles[strings.ToLower(strings.TrimPrefix(w.text, "@"))]
	if v == nil {
		return deed{}, fmt.Errorf("nobody is called %q; define them above with: viewer %s \"A Name\"", w.text, w.text)
	}
	return p.does(v)
}

// does reads what a viewer does.
func (p *parser) does(v *viewer) (deed, error) {
	w := p.words.next()
	d := deed{verb: verb(strings.ToLower(w.text)), viewer: v, count: span[int]{1, 1}}
	var err error
	switch d.verb {
	case doFollow, doJoin, doShare:
	case doSubscribe:
		if p.words.take("for") {
			if d.count, err = p.words.numbers("a number of months", 1, 1200); err == nil && !p.words.take("months") {
				err = p.words.expect("month")
			}
		}
	case doLike:
		d.count, err = p.words.numbers("a number of likes such as 15", 1, 1_000_000)
	case doChat, doAsk:
		d.texts, err = p.texts()
	case doGift:
		err = p.giving(&d)
	case doStreak:
		err = p.streak(&d)
	default:
		err = fmt.Errorf("%q: expected follows, joins, shares, subscribes, likes, says, asks, gifts or streaks", w.text)
	}
	return d, err
}

// texts reads: "TEXT" [or "TEXT"]...
func (p *parser) texts() ([]string, error) {
	var out []string
	for {
		t, err := p.words.quoted("a text in quotes")
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if !p.words.take("or") {
			return out, nil
		}
	}
}

// giving reads: GIFT [xN].
func (p *parser) giving(d *deed) error {
	var err error
	if d.gifts, err = p.giftNames(false); err != nil || p.words.isDone() {
		return err
	}
	here := p.words.here()
	times, isTimes := strings.CutPrefix(p.words.next().text, "x")
	d.count, err = parseSpan(times, strconv.Atoi)
	if err != nil || !isTimes || d.count.from < 1 || d.count.to > maxStreak {
		return fmt.Errorf("%s: expected how many, such as x5 or x1..5, up to x%d", here, maxStreak)
	}
	return nil
}

// streak reads: GIFT to N over TIME [without end].
func (p *parser) streak(d *deed) error {
	var err error
	if d.gifts, err = p.giftNames(true); err != nil {
		return err
	}
	if err := p.words.expect("to"); err != nil {
		return err
	}
	if d.count, err = p.words.numbers("how many gifts", 1, maxStreak); err != nil {
		return err
	}
	if err := p.words.expect("over"); err != nil {
		return err
	}
	if d.over, err = p.words.durations("how long the taps take, such as 5s", 0, time.Hour); err != nil {
		return err
	}
	if p.words.take("without") {
		d.isEndLost = true
		return p.words.expect("end")
	}
	return nil
}

// giftNames reads: NAME, "NAME" or ID, [or ...]; or: random gift [up to N coins].
func (p *parser) giftNames(streakable bool) ([]gift, error) {
	if p.words.take("random") {
		return p.randomGift(streakable)
	}
	var out []gift
	for {
		if p.words.isDone() {
			return nil, fmt.Errorf("the line ends: expected a gift, such as Rose or \"Finger Heart\"")
		}
		g, err := p.gifts.find(p.words.next().text)
		if err != nil {
			return nil, err
		}
		if streakable && !g.streakable {
			return nil, fmt.Errorf("%q costs %d coins: gifts of %d and more are not combined; write gifts", g.name, g.coins, streakableBelow)
		}
		out = append(out, g)
		if !p.words.take("or") {
			return out, nil
		}
	}
}

func (p *parser) randomGift(streakable bool) ([]gift, error) {
	if err := p.words.expect("gift"); err != nil {
		return nil, err
	}
	most := math.MaxInt
	if p.words.take("up") {
		if err := p.words.expect("to"); err != nil {
			return nil, err
		}
		var err error
		if most, err = p.words.number("a price in coins", 1, math.MaxInt); err != nil {
			return nil, err
		}
		if err := p.words.expect("coins"); err != nil {
			return nil, err
		}
	}
	gifts := p.gifts.upTo(most, streakable)
	if len(gifts) == 0 {
		return nil, fmt.Errorf("no gift costs at most %d coins", most)
	}
	return gifts, nil
}

// trouble reads what goes wrong; ok is false where the word begins no such thing.
func (p *parser) trouble(first string) (d deed, ok bool, err error) {
	d.verb = verb(first)
	switch d.verb {
	case doDrop, doCut:
		if err = p.words.expect("connection"); err == nil && p.words.take("for") {
			err = p.lasts(&d)
		}
	case doStall, doEndLive, doRateLimit, doRestrictAge:
		object := map[verb]string{doEndLive: "live", doRateLimit: "limit", doRestrictAge: "age"}[d.verb]
		if object != "" {
			err = p.words.expect(object)
		}
		if d.verb == doRateLimit {
			p.words.take("signing") // it reads better
		}
		if err == nil {
			err = p.words.expect("for")
		}
		if err == nil {
			err = p.lasts(&d)
		}
	case doDuplicate, doReplay:
		err = p.recent(&d)
	case "send":
		err = p.send(&d)
	case "refuse":
		err = p.refuse(&d)
	case doCloseManaged:
		if err = p.words.expect("managed", "socket", "with"); err == nil {
			d.code, err = p.words.number("a close code such as 4555", 3000, 4999)
		}
	default:
		return deed{}, false, nil
	}
	return d, true, err
}

func (p *parser) lasts(d *deed) (err error) {
	d.over, err = p.words.durations("how long, such as 5s", time.Millisecond, time.Hour)
	return err
}

// recent reads: duplicate last N messages, replay last N messages at next connection.
func (p *parser) recent(d *deed) error {
	if err := p.words.expect("last"); err != nil {
		return err
	}
	var err error
	if d.count, err = p.words.numbers("how many messages", 1, keepRecent); err != nil {
		return err
	}
	if err := p.words.expect("messages"); err != nil || d.verb == doDuplicate {
		return err
	}
	return p.words.expect("at", "next", "connection")
}

func (p *parser) send(d *deed) error {
	w := p.words.next().text
	switch strings.ToLower(w) {
	case "garbage":
		d.verb = doGarbage
		return nil
	case "unknown":
		d.verb = doUnknown
	case "hollow":
		rose, err := p.gifts.find("Rose")
		if err != nil {
			return err
		}
		d.verb, d.gifts = doHollow, []gift{rose}
	default:
		return fmt.Errorf("%q: expected garbage, unknown message or hollow message", w)
	}
	return p.words.expect("message")
}

// refuse reads: refuse signing|rooms with CODE for TIME, refuse next socket [with CODE].
func (p *parser) refuse(d *deed) error {
	if p.words.take("next") {
		d.verb, d.code = doRefuseSocket, 200
		if err := p.words.expect("socket"); err != nil || !p.words.take("with") {
			return err
		}
		var err error
		d.code, err = p.words.number("the status 200 or 415", 200, 599)
		return err
	}
	w := p.words.next().text
	d.verb = verb("refuse " + strings.ToLower(w))
	if !slices.Contains([]verb{doRefuseSigning, doRefuseRooms}, d.verb) {
		return fmt.Errorf("%q: expected signing, rooms or next socket", w)
	}
	if err := p.words.expect("with"); err != nil {
		return err
	}
	var err error
	if d.code, err = p.words.number("a status such as 503", 400, 599); err != nil {
		return err
	}
	if err := p.words.expect("for"); err != nil {
		return err
	}
	return p.lasts(d)
}
