package profiles

import (
	"context"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// sayAfter is how long work may take before it says so.
const sayAfter = 400 * time.Millisecond

// work does something on a goroutine of its own. Until it is over, nothing else in the window can be pressed: a rule that is saved
// while profiles change places would land in the wrong one.
func (p *Page) work(do func(context.Context) error, done func(error)) {
	if p.isBusy {
		return
	}
	p.isBusy = true
	over := make(chan struct{})
	bar := widget.NewProgressBarInfinite()
	panel := look.NewCard(container.NewVBox(widget.NewLabel(lang.L("One moment …")), bar))
	panel.Hide()
	bar.Stop()
	cover := container.NewStack(canvas.NewRectangle(color.Transparent), container.NewCenter(panel))
	cover.Resize(p.host.Window.Canvas().Size())
	p.host.Window.Canvas().Overlays().Add(cover)
	p.host.Run(func(ctx context.Context) error {
		defer close(over)
		return do(ctx)
	}, func(err error) {
		p.isBusy = false
		bar.Stop()
		remove(p.host.Window.Canvas().Overlays(), cover)
		done(err)
	})
	p.host.Run(func(ctx context.Context) error {
		late := time.NewTimer(sayAfter)
		defer late.Stop()
		select {
		case <-over:
		case <-ctx.Done():
		case <-late.C:
		}
		return nil
	}, func(error) {
		if p.isBusy && cover.Visible() {
			panel.Show()
			bar.Start()
		}
	})
}

// remove takes a cover away. Fyne's own Remove takes all that lies above it too, which may be a dialog that came meanwhile.
func remove(overlays fyne.OverlayStack, cover fyne.CanvasObject) {
	var above []fyne.CanvasObject
	for _, o := range overlays.List() {
		if o == cover {
			above = []fyne.CanvasObject{}
			continue
		}
		if above != nil {
			above = append(above, o)
		}
	}
	overlays.Remove(cover)
	for _, o := range above {
		overlays.Add(o)
	}
	cover.Hide()
}
