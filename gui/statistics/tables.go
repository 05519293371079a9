package statistics

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// nameLength is how much of a name a table shows, in graphemes.
const nameLength = 80

// viewers is the view of those who gave most.
type viewers struct {
	st     stats.Statistics
	by     store.Order
	table  *look.Table
	object fyne.CanvasObject
}

func newViewers() *viewers {
	v := &viewers{by: store.ByCoins}
	v.table = look.NewTable(lang.L("Nobody has given anything here."),
		look.TableColumn{Width: 44, IsNumber: true}, look.TableColumn{Title: lang.L("Viewer"), Weight: 3},
		look.TableColumn{Title: lang.L("Account"), Weight: 2}, look.TableColumn{Title: lang.L("Coins"), Width: 130, IsNumber: true},
		look.TableColumn{Title: lang.L("Gifts"), Width: 110, IsNumber: true}, look.TableColumn{Title: lang.L("Likes"), Width: 120, IsNumber: true})
	order := look.NewPick([]store.Order{store.ByCoins, store.ByGifts, store.ByLikes}, orderName, func(by store.Order) {
		v.by = by
		v.show(v.st)
	})
	order.Set(v.by)
	top := container.New(look.Columns{Gap: 8, Cols: []look.Column{{}, {Width: 200}}}, widget.NewLabel(lang.L("Most first of")), order.Select)
	v.object = container.NewBorder(top, nil, nil, nil, v.table.Object)
	return v
}

func orderName(by store.Order) string {
	switch by {
	case store.ByGifts:
		return lang.L("Gifts")
	case store.ByLikes:
		return lang.L("Likes")
	default:
		return lang.L("Coins")
	}
}

func (v *viewers) show(st stats.Statistics) {
	v.st = st
	all := map[store.Order][]store.ViewerTotal{store.ByCoins: st.ByCoins, store.ByGifts: st.ByGifts, store.ByLikes: st.ByLikes}[v.by]
	rows := make([][]string, len(all))
	for i, one := range all {
		name, account := words.Clean(one.Nickname, nameLength), words.Clean(one.Handle, nameLength)
		if account != "" {
			account = "@" + account
		}
		if name == "" {
			name = account
		}
		rows[i] = []string{strconv.Itoa(i + 1), name, account, words.Number(one.Coins), words.Number(one.Gifts), words.Number(one.Likes)}
	}
	v.table.Set(rows)
}

func newGifts() *look.Table {
	return look.NewTable(lang.L("No gifts were given here."),
		look.TableColumn{Width: 44, IsNumber: true}, look.TableColumn{Title: lang.L("Gift"), Weight: 1},
		look.TableColumn{Title: lang.L("How often"), Width: 140, IsNumber: true}, look.TableColumn{Title: lang.L("Coins"), Width: 140, IsNumber: true})
}

func giftRows(st stats.Statistics) [][]string {
	rows := make([][]string, len(st.Gifts))
	for i, g := range st.Gifts {
		name := words.Clean(g.Name, nameLength)
		if name == "" {
			name = lang.L("Gift {{.ID}}", map[string]any{"ID": g.ID})
		}
		rows[i] = []string{strconv.Itoa(i + 1), name, words.Number(g.Gifts), words.Number(g.Coins)}
	}
	return rows
}

func newRules() *look.Table {
	number := func(title string, width float32) look.TableColumn {
		return look.TableColumn{Title: title, Width: width, IsNumber: true}
	}
	return look.NewTable(lang.L("No rule has fired here."), look.TableColumn{Title: lang.L("Rule"), Weight: 1},
		number(lang.X("how often a rule fired", "Fired"), 90), number(lang.X("how many actions were done", "Done"), 90),
		number(lang.X("how many actions failed", "Did not work"), 120), number(lang.X("how many actions were not begun", "Left out"), 100),
		number(lang.L("50 % in"), 90), number(lang.L("95 % in"), 90))
}

func ruleRows(st stats.Statistics) [][]string {
	rows := make([][]string, len(st.Rules))
	for i, r := range st.Rules {
		name := words.Clean(r.Name, nameLength)
		if name == "" {
			name = words.Clean(r.ID, nameLength)
		}
		rows[i] = []string{
			name, words.Number(r.Fired), words.Number(r.Done), words.Number(r.Rejected + r.Failed + r.Unknown), words.Number(r.Expired + r.Dropped),
			latency(r.Median), latency(r.P95),
		}
	}
	return rows
}

// latency says how long something took, or that nothing was measured.
func latency(d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	return words.Latency(d)
}
