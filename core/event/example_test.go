package event_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/livecue/livecue/core/event"
)

func ExampleOn() {
	var bus event.Bus
	// A handler for a type gets that type alone, one for an interface all that satisfies it.
	event.On(&bus, func(g event.Gift) { fmt.Printf("%s x%d from @%s\n", g.Gift.Name, g.Count, g.User.Handle) })
	event.On(&bus, func(e event.FromViewer) { fmt.Println("a viewer:", e.Kind()) })

	bus.Emit(event.Gift{User: event.User{Handle: "pixel_pia"}, Gift: event.GiftInfo{Name: "Rose"}, Count: 3})
	bus.Emit(event.Follow{User: event.User{Handle: "testy_tom"}})
	bus.Emit(event.LiveEnded{})
	// Output:
	// Rose x3 from @pixel_pia
	// a viewer: gift
	// a viewer: follow
}

// A handler for the first event alone. It is called once, however many goroutines emit.
func ExampleOnce() {
	var bus event.Bus
	event.Once(&bus, func(f event.Follow) { fmt.Println("the first follower is", f.User.Handle) })

	bus.Emit(event.Follow{User: event.User{Handle: "pixel_pia"}})
	bus.Emit(event.Follow{User: event.User{Handle: "testy_tom"}})
	// Output: the first follower is pixel_pia
}

// Greeter owns its subscriptions: whoever made it closes it, and the bus forgets it.
type Greeter struct {
	subscriptions []event.Subscription
}

func NewGreeter(bus *event.Bus) *Greeter {
	g := &Greeter{}
	g.subscriptions = append(g.subscriptions, event.On(bus, g.onFollow), event.On(bus, g.onShare))
	return g
}

func (g *Greeter) onFollow(f event.Follow) { fmt.Println("welcome,", f.User.Handle) }
func (g *Greeter) onShare(s event.Share)   { fmt.Println("thank you,", s.User.Handle) }

// Close ends the greeting.
func (g *Greeter) Close() {
	for _, s := range g.subscriptions {
		s.Cancel()
	}
}

// A component holds what it has subscribed to, and gives it back when it is closed.
func Example_component() {
	var bus event.Bus
	g := NewGreeter(&bus)
	bus.Emit(event.Follow{User: event.User{Handle: "pixel_pia"}})
	bus.Emit(event.Share{User: event.User{Handle: "pixel_pia"}})
	g.Close()
	bus.Emit(event.Follow{User: event.User{Handle: "testy_tom"}})
	fmt.Println("handlers left:", bus.Stats().Handlers)
	// Output:
	// welcome, pixel_pia
	// thank you, pixel_pia
	// handlers left: 0
}

// A condition is an if: the bus knows types, and what an event must be beyond its type is the handler's business.
func Example_conditional() {
	var bus event.Bus
	event.On(&bus, func(g event.Gift) {
		if g.Test || !g.Final || g.Gift.Coins*g.Count < 100 {
			return
		}
		fmt.Println("a large one from", g.User.Handle)
	})

	rose, lion := event.GiftInfo{Name: "Rose", Coins: 1}, event.GiftInfo{Name: "Lion", Coins: 29999}
	bus.Emit(event.Gift{User: event.User{Handle: "testy_tom"}, Gift: rose, Count: 5, Final: true})
	bus.Emit(event.Gift{Head: event.Head{Test: true}, User: event.User{Handle: "testy_tom"}, Gift: lion, Count: 1, Final: true})
	bus.Emit(event.Gift{User: event.User{Handle: "pixel_pia"}, Gift: lion, Count: 1, Final: true})
	// Output: a large one from pixel_pia
}

// A handler may cancel itself: here it is there until three votes have come.
func ExampleSubscription_Cancel() {
	var bus event.Bus
	votes := 0
	var vote event.Subscription
	vote = event.On(&bus, func(c event.Chat) {
		votes++
		fmt.Println(c.User.Handle, "votes", c.Comment)
		if votes == 3 {
			vote.Cancel()
		}
	})
	for _, handle := range []string{"pixel_pia", "testy_tom", "block_ben", "late_lou"} {
		bus.Emit(event.Chat{User: event.User{Handle: handle}, Comment: "yes"})
	}
	// Output:
	// pixel_pia votes yes
	// testy_tom votes yes
	// block_ben votes yes
}

// TopGivers adds up the coins of viewers, and remembers a bounded number of them: a stream may have a million.
type TopGivers struct {
	mu    sync.Mutex
	most  int
	coins map[string]int
}

// Handle adds a gift. When there is no room, the viewer with the fewest coins is forgotten.
func (t *TopGivers) Handle(g event.Gift) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.coins[g.User.ID] += g.Added * g.Gift.Coins
	if len(t.coins) <= t.most {
		return
	}
	least := g.User.ID
	for id, n := range t.coins {
		if n < t.coins[least] || n == t.coins[least] && id < least {
			least = id
		}
	}
	delete(t.coins, least)
}

// Ranking returns the ids of viewers, the most generous first.
func (t *TopGivers) Ranking() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ids []string
	for id := range t.coins {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return t.coins[b] - t.coins[a] })
	return ids
}

// An aggregator has a lock of its own, since events come from several goroutines, and a bound.
func Example_aggregator() {
	var bus event.Bus
	top := &TopGivers{most: 2, coins: map[string]int{}}
	event.On(&bus, top.Handle)

	rose := event.GiftInfo{Name: "Rose", Coins: 1}
	for id, added := range map[string]int{"pia": 50, "tom": 20, "ben": 1} {
		bus.Emit(event.Gift{User: event.User{ID: id}, Gift: rose, Added: added})
	}
	bus.Emit(event.Gift{User: event.User{ID: "tom"}, Gift: rose, Added: 40})
	fmt.Println(top.Ranking())
	// Output: [tom pia]
}

// Lamp holds whether LiveCue is connected. A connection that is lost and comes back says Reconnected, and not Connected once more:
// whoever forgets it stays dark.
type Lamp struct {
	mu   sync.Mutex
	isOn bool
}

func (l *Lamp) set(isOn bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isOn = isOn
}

// IsOn reports whether it shines.
func (l *Lamp) IsOn() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.isOn
}

// Follow lets the lamp follow the connection.
func (l *Lamp) Follow(bus *event.Bus) {
	event.On(bus, func(event.Connected) { l.set(true) })
	event.On(bus, func(event.Reconnecting) { l.set(false) })
	event.On(bus, func(event.Reconnected) { l.set(true) })
	event.On(bus, func(event.Disconnected) { l.set(false) })
	event.On(bus, func(event.LiveEnded) { l.set(false) })
}

// A holder of a state hears of every change of it.
func Example_state() {
	var bus event.Bus
	var lamp Lamp
	lamp.Follow(&bus)
	for _, e := range []event.Event{event.Connected{}, event.Reconnecting{}, event.Reconnected{}, event.LiveEnded{}} {
		bus.Emit(e)
		fmt.Println(e.Kind(), lamp.IsOn())
	}
	// Output:
	// connected true
	// reconnecting false
	// reconnected true
	// live_ended false
}

// Letters is slow work on a goroutine of its own. The handler hands over, and never waits: what there is no room for is counted.
type Letters struct {
	todo chan event.Subscribe
	lost atomic.Int32
}

// Handle returns at once.
func (l *Letters) Handle(s event.Subscribe) {
	select {
	case l.todo <- s:
	default:
		l.lost.Add(1)
	}
}

// Run writes letters until there will be no more; its caller owns the goroutine.
func (l *Letters) Run() {
	for s := range l.todo {
		fmt.Println("a letter to", s.User.Handle) // here it may take its time
	}
}

// Slow work is handed on to a goroutine that somebody owns, over a channel with a bound.
func Example_slowWork() {
	var bus event.Bus
	letters := &Letters{todo: make(chan event.Subscribe, 2)}
	wish := event.On(&bus, letters.Handle)
	for _, handle := range []string{"pixel_pia", "testy_tom", "block_ben"} {
		bus.Emit(event.Subscribe{User: event.User{Handle: handle}, Months: 1})
	}
	fmt.Println("no room for", letters.lost.Load())

	var group sync.WaitGroup
	group.Go(letters.Run)
	wish.Cancel()
	close(letters.todo) // nothing is emitted any more
	group.Wait()
	// Output:
	// no room for 1
	// a letter to pixel_pia
	// a letter to testy_tom
}
