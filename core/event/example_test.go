package event_test

import (
	"fmt"

	"github.com/livecue/livecue/core/event"
)

func ExampleOn() {
	var bus event.Bus
	gifts := event.On(&bus, func(g event.Gift) { fmt.Println(g.User.Name(), "gave", g.Count, g.Gift.Name) })
	rose := event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}
	bus.Emit(event.Gift{User: event.User{Nickname: "Pixel Pia"}, Gift: rose, Count: 3, Final: true})
	gifts.Cancel()
	bus.Emit(event.Gift{User: event.User{Nickname: "Testy Tom"}, Gift: rose, Count: 1, Final: true})
	// Output: Pixel Pia gave 3 Rose
}

func ExampleOnce() {
	var bus event.Bus
	event.Once(&bus, func(j event.Join) { fmt.Println("first to arrive:", j.User.Name()) })
	bus.Emit(event.Join{User: event.User{Nickname: "Pixel Pia"}})
	bus.Emit(event.Join{User: event.User{Nickname: "Testy Tom"}})
	// Output: first to arrive: Pixel Pia
}
