package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/gui/look"
)

// connections is the page with the streamer's name, the ways to TikTok, the game servers and OBS.
type connections struct {
	window  *window
	name    *nameForm
	tiktok  *tiktokForm
	servers *serverList
	studio  *studioCard
	room    *roomCard
	object  fyne.CanvasObject
}

func newConnections(w *window) *connections {
	c := &connections{window: w, name: newNameForm(w.connectAs), tiktok: newTikTokForm(w), servers: newServerList(w), studio: newStudioCard(w), room: newRoomCard(w)}
	stream := look.NewCard(container.NewVBox(
		look.NewHeading(lang.L("Your TikTok stream")),
		look.Inset(c.name.object),
		look.NewHint(lang.L("LiveCue only listens. It never asks for your TikTok password.")),
		c.tiktok.object,
	))
	games := look.NewCard(container.NewVBox(
		look.NewHeading(lang.L("Minecraft servers")),
		look.NewHint(lang.L("LiveCue sends commands through RCON. Set enable-rcon=true and rcon.password in the server's server.properties, and restart it.")),
		look.Inset(c.servers.object),
	))
	page := container.NewVBox(look.NewTitle(lang.L("Connections")), stream, look.Gap(0, 2), games, look.Gap(0, 2), c.studio.object, look.Gap(0, 2), c.room.object)
	c.object = container.NewVScroll(look.Narrow(900, page))
	return c
}

// refresh shows what the profile says now.
func (c *connections) refresh() {
	p := c.window.core.Profile()
	c.name.set(p.TikTok.Handle)
	c.tiktok.load(p.TikTok)
	c.servers.refresh()
	c.studio.load(p.OBS)
	c.room.load(p.LiveKit)
	c.studio.tick(time.Now())
	c.window.secrets.look(func() {
		c.tiktok.showKey()
		c.servers.showKept()
		c.studio.showKept()
		c.room.showKept()
	})
}

// askName puts the cursor into the streamer's name and says that it is missing or wrong.
func (c *connections) askName() {
	c.name.check()
	c.window.win.Canvas().Focus(c.name.entry)
}
