package overlays

import (
	"context"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// card is what there is of one page: what it shows now, and its address.
type card struct {
	page    *Page
	name    string
	address string
	open    *look.Pill
	shown   *widget.Label
	preview *preview
	isOpen  int
	object  fyne.CanvasObject
}

func newCard(p *Page, one overlay.Page) *card {
	c := &card{page: p, name: one.Name, address: one.Address, isOpen: -1, open: look.NewPill("", look.ColorQuiet), preview: newPreview(one.Name)}
	c.shown = look.NewNote(hidden(one.Address))
	head := container.New(look.Columns{Gap: 6, Cols: []look.Column{{Weight: 1}, {}}}, look.NewStrong(words.OverlayPage(c.name)), c.open)
	buttons := container.NewHBox(
		widget.NewButtonWithIcon(lang.L("Copy address"), theme.ContentCopyIcon(), c.copy),
		widget.NewButton(lang.X("open in a browser", "Open"), func() { c.browse("") }),
		widget.NewButton(lang.X("an example of a page", "Example"), func() { c.browse("?demo=1") }))
	if try := c.try(); try != nil {
		buttons.Add(widget.NewButtonWithIcon(lang.X("show a sample", "Try"), theme.MediaPlayIcon(), try))
	}
	text := look.NewCompact(container.NewVBox(head, look.NewNote(words.OverlayHint(c.name))))
	c.object = look.NewCard(container.NewVBox(text, c.preview.object, look.NewCompact(c.shown), buttons))
	return c
}

// hidden is an address without its token, so that it can be on stream.
func hidden(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host + "/••••••/" + address[strings.LastIndex(address, "/")+1:]
}

func (c *card) show(n now) {
	if open := n.shown.Open[c.name]; open != c.isOpen {
		c.isOpen = open
		text, tone := lang.L("not open"), fyne.ThemeColorName(theme.ColorNamePlaceHolder)
		if open > 0 {
			text, tone = lang.N("open in {{.N}} places", open, map[string]any{"N": open}), theme.ColorNameSuccess
		}
		c.open.Set(text, tone)
	}
	if text := hidden(c.address); c.shown.Text != text {
		c.shown.SetText(text)
	}
	c.preview.show(n)
}

func (c *card) copy() {
	fyne.CurrentApp().Clipboard().SetContent(c.address)
	c.page.host.Say(lang.L("The address is copied. Paste it into a browser source of OBS."))
}

// browse opens the page in the system's browser.
func (c *card) browse(query string) {
	u, err := url.Parse(c.address + query)
	if err == nil {
		err = fyne.CurrentApp().OpenURL(u)
	}
	if err != nil {
		c.page.host.Warn(words.Error(err))
	}
}

// try returns what shows a sample on the page, or nil where there is none.
func (c *card) try() func() {
	switch c.name {
	case overlay.PageAlert:
		return c.tryAlert
	case overlay.PageGifts:
		return c.tryGift
	default:
		return nil
	}
}

// isThere says whether the page is open, and tells where it is not: a sample that nobody sees would only confuse.
func (c *card) isThere() bool {
	if c.page.core.OverlayShown().Open[c.name] > 0 {
		return true
	}
	c.page.host.Warn(lang.L("This page is not open anywhere. Add its address to OBS, or press Open, and try again."))
	return false
}

func (c *card) tryAlert() {
	if !c.isThere() {
		return
	}
	sample := action.Overlay{Text: lang.L("Pixel Pia sent 5 × Rose!"), Image: "bundled:heart", Sound: "bundled:chime"}
	var came action.Outcome
	c.page.host.Run(func(ctx context.Context) (err error) {
		came, err = c.page.core.TryAlert(ctx, sample)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			c.page.host.Warn(words.Error(err))
		case came.State != action.Done:
			c.page.host.Warn(words.Reported(came.Reply))
		default:
			c.page.host.Say(lang.L("The sample alert is shown."))
		}
	})
}

func (c *card) tryGift() {
	if !c.isThere() {
		return
	}
	c.page.core.TryGift(event.Gift{
		User: event.User{ID: "sample", Handle: "pixel_pia", Nickname: "Pixel Pia"}, Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}, Count: 5,
	})
	c.page.host.Say(lang.L("A sample gift is shown for some seconds. It is not counted."))
}
