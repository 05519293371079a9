// Package statistics is the page with what past streams came to: coins, gifts, follows and likes over time, and who gave most.
package statistics

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Core is what the page needs of the program. Its methods read from the disk.
type Core interface {
	Sessions(ctx context.Context, before int64, limit int) ([]store.Session, error)
	Statistics(ctx context.Context, q stats.Query) (stats.Statistics, error)
	StatisticsCSV(ctx context.Context, q stats.Query, table stats.Table, forExcel bool) ([]byte, error)
}

const (
	sessionsShown = 50
	viewersShown  = 10
)

// series is one chart with its sum.
type series struct {
	chart *chart
	sum   *widget.Label
	of    func(store.Slot) int64
}

// Page shows the numbers of one stream, or of all. It belongs to the UI thread.
type Page struct {
	core Core
	host look.Host

	query    stats.Query
	sessions map[int64]string
	choice   *look.Pick[int64]
	series   []series
	top      *widget.Label
	note     *widget.Label
	object   fyne.CanvasObject
}

// NewPage returns the page, empty until it is in sight.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, top: look.NewProse(""), note: look.NewHint(""), sessions: map[int64]string{}}
	p.choose(nil)
	var export *widget.Button
	export = widget.NewButtonWithIcon(lang.L("Save as CSV …"), theme.DocumentSaveIcon(), func() { p.export(export) })
	charts := container.NewGridWithColumns(2,
		p.add(lang.L("Coins"), look.ColorCoin, func(s store.Slot) int64 { return s.Coins }),
		p.add(lang.L("Gifts"), theme.ColorNamePrimary, func(s store.Slot) int64 { return s.Gifts }),
		p.add(lang.L("Follows"), theme.ColorNameSuccess, func(s store.Slot) int64 { return s.Follows }),
		p.add(lang.L("Likes"), theme.ColorNameError, func(s store.Slot) int64 { return s.Likes }))
	head := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {Width: 300}, {}}},
		look.NewTitle(lang.L("Statistics")), p.choice.Select, export)
	top := look.NewCard(container.NewVBox(look.NewHeading(lang.L("Who gave most")), p.top))
	p.object = container.NewVScroll(container.NewVBox(head, p.note, charts, top))
	return p
}

func (p *Page) add(name string, tone fyne.ThemeColorName, of func(store.Slot) int64) fyne.CanvasObject {
	s := series{chart: newChart(tone), sum: look.NewTitle("0"), of: of}
	p.series = append(p.series, s)
	head := container.NewBorder(nil, nil, look.NewHeading(name), s.sum)
	return look.NewCard(container.NewVBox(head, s.chart))
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the page is shown; it is read anew each time that it comes.
func (p *Page) SetInSight(isInSight bool) {
	if isInSight {
		p.load()
	}
}

// choose offers the streams, the newest first.
func (p *Page) choose(sessions []store.Session) {
	ids := []int64{0}
	for _, s := range sessions {
		ids = append(ids, s.ID)
		p.sessions[s.ID] = strings.TrimSpace(s.Begun.Local().Format("2006-01-02 15:04") + " " + words.Clean(s.Title, 30))
	}
	p.sessions[0] = lang.L("All streams")
	made := look.NewPick(ids, func(id int64) string { return p.sessions[id] }, func(id int64) {
		p.query.Session = id
		p.load()
	})
	made.Set(p.query.Session)
	if p.choice == nil {
		p.choice = made
		return
	}
	p.choice.Options, p.choice.Selected, p.choice.OnChanged = made.Options, made.Selected, func(string) {
		if i := p.choice.SelectedIndex(); i >= 0 && i < len(ids) && ids[i] != p.query.Session {
			p.query.Session = ids[i]
			p.load()
		}
	}
	p.choice.Refresh()
}

func (p *Page) load() {
	var st stats.Statistics
	var sessions []store.Session
	q := p.query
	p.host.Run(func(ctx context.Context) error {
		var err, err2 error
		st, err = p.core.Statistics(ctx, q)
		sessions, err2 = p.core.Sessions(ctx, 0, sessionsShown)
		return errors.Join(err, err2)
	}, func(err error) {
		text := ""
		if err != nil {
			text = words.Error(err)
		} else if len(sessions) == 0 {
			text = lang.L("Nothing yet. The numbers of your streams come here; tests and rehearsals do not count.")
		}
		look.SetText(p.note, text, widget.LowImportance)
		look.SetShown(p.note, text != "")
		if err == nil {
			p.choose(sessions)
			p.show(st)
		}
	})
}

func (p *Page) show(st stats.Statistics) {
	for _, s := range p.series {
		values := make([]int64, len(st.Points))
		for i, slot := range st.Points {
			values[i] = s.of(slot)
		}
		s.chart.set(values)
		s.sum.SetText(words.Number(s.of(st.Total)))
	}
	lines := make([]string, 0, viewersShown)
	for i, v := range st.ByCoins[:min(len(st.ByCoins), viewersShown)] {
		name := words.Clean(v.Nickname, 40)
		if name == "" {
			name = words.Clean(v.Handle, 40)
		}
		lines = append(lines, fmt.Sprintf("%d.  %s – %s", i+1, name, words.Coins(int(v.Coins))))
	}
	if len(lines) == 0 {
		lines = []string{lang.L("Nobody yet.")}
	}
	p.top.SetText(strings.Join(lines, "\n"))
}

// export saves the numbers over time as a file for spreadsheets.
func (p *Page) export(button *widget.Button) {
	button.Disable()
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		if file == nil {
			return // cancelled
		}
		q := p.query
		p.host.Run(func(ctx context.Context) error {
			data, err := p.core.StatisticsCSV(ctx, q, stats.TableTime, false)
			if err == nil {
				_, err = file.Write(data)
			}
			return errors.Join(err, file.Close())
		}, func(err error) {
			if err != nil {
				p.host.Warn(words.Error(err))
				return
			}
			p.host.Say(lang.L("Saved as {{.Path}}.", map[string]any{"Path": file.URI().Path()}))
		})
	}, p.host.Window)
	d.SetFileName("livecue-statistics.csv")
	d.SetFilter(storage.NewExtensionFileFilter([]string{".csv"}))
	d.SetOnClosed(button.Enable)
	d.Show()
}
