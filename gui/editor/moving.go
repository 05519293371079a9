package editor

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// edgeZone is how near the list's edge the pointer makes it scroll, and edgeStep how far at a time.
	edgeZone, edgeStep = 28, 10
	ghostHeight        = 40
)

// moving is a row on its way to another place: a picture of it below the pointer, and a line where it will land.
type moving struct {
	list *list
	// isOn says that a row is being dragged; isOver that it was given up and its button is still down.
	isOn, isOver bool
	rule         rule.Rule
	from, to     int
	// at is where its middle is, from the top of what can be seen.
	at float32

	layer  *fyne.Container
	ghost  *look.Panel
	name   *widget.Label
	line   *canvas.Rectangle
	scroll *fyne.Animation
}

func newMoving(l *list) *moving {
	m := &moving{list: l, name: look.NewStrong(""), line: canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))}
	m.ghost = look.NewPanel(look.ColorCard, look.Pad(2, 10, m.name))
	m.ghost.Edge, m.ghost.Radius = theme.ColorNamePrimary, 8
	m.layer = container.NewWithoutLayout(m.line, m.ghost)
	m.layer.Hide()
	// It ticks for as long as the drag lasts: a pointer that rests at the edge sends nothing.
	m.scroll = fyne.NewAnimation(time.Second, func(float32) { m.scrollAtEdge() })
	m.scroll.RepeatCount = fyne.AnimationRepeatForever
	return m
}

// pitch is how far the tops of two rows are apart.
func pitch() float32 { return rowHeight + theme.Padding() }

// begin takes a row up.
func (m *moving) begin(r rule.Rule) {
	m.from = indexOf(m.list.rules, r.ID)
	if m.from < 0 {
		return
	}
	m.isOn, m.rule, m.to = true, r, m.from
	m.at = float32(m.from)*pitch() + rowHeight/2 - m.list.rows.GetScrollOffset()
	look.SetText(m.name, words.Clean(r.Name, 60), widget.MediumImportance)
	m.line.FillColor = theme.Color(theme.ColorNamePrimary)
	m.show()
	m.layer.Show()
	m.scroll.Start()
}

// by moves it down, or up where dy is negative.
func (m *moving) by(dy float32) {
	if m.isOn {
		m.at += dy
		m.show()
	}
}

// show puts picture and line where they belong.
func (m *moving) show() {
	rows := m.list.rows
	offset, height, width := rows.GetScrollOffset(), rows.Size().Height, rows.Size().Width
	m.to = min(max(int((m.at+offset)/pitch()), 0), len(m.list.rules)-1)
	edge := float32(m.to)*pitch() - theme.Padding()/2
	if m.to > m.from {
		edge += pitch()
	}
	m.line.Move(fyne.NewPos(0, min(max(edge-offset-1.5, 0), height-3)))
	m.line.Resize(fyne.NewSize(width, 3))
	m.ghost.Move(fyne.NewPos(24, min(max(m.at-ghostHeight/2, 0), height-ghostHeight)))
	m.ghost.Resize(fyne.NewSize(min(420, width-48), ghostHeight))
	m.layer.Refresh()
}

// scrollAtEdge moves the list while the row is held at one of its edges.
func (m *moving) scrollAtEdge() {
	rows := m.list.rows
	offset, most := rows.GetScrollOffset(), float32(len(m.list.rules))*pitch()-rows.Size().Height
	switch {
	case !m.isOn:
		return
	case m.at < edgeZone:
		offset -= edgeStep
	case m.at > rows.Size().Height-edgeZone:
		offset += edgeStep
	default:
		return
	}
	rows.ScrollToOffset(min(max(offset, 0), max(most, 0)))
	m.show()
}

// cancel leaves everything as it was. The button is still down: what it drags until it is let go is nothing.
func (m *moving) cancel() {
	if m.isOn {
		m.end()
		m.isOver = true
	}
}

// drop puts the row down where the line is.
func (m *moving) drop() {
	m.isOver = false
	if !m.isOn {
		return
	}
	m.end()
	if m.to != m.from {
		m.list.put(m.rule, m.to)
	}
}

func (m *moving) end() {
	m.isOn = false
	m.list.page.host.Window.Canvas().Unfocus()
	m.scroll.Stop()
	m.layer.Hide()
}

// listenToArrows lets Alt and an arrow move the rule in whose row the keyboard is.
func (l *list) listenToArrows() {
	c := l.page.host.Window.Canvas()
	for key, by := range map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1} {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierAlt}, func(fyne.Shortcut) {
			for _, r := range l.made {
				if r.Visible() && r.has(c.Focused()) {
					l.step(r.rule, by)
					return
				}
			}
		})
	}
}

// has reports whether a part of the row has the keyboard.
func (r *row) has(focused fyne.Focusable) bool {
	return focused != nil && slices.Contains([]fyne.Focusable{r.grip, r.chosen, r.on, r.test, r.up, r.down, r.extra}, focused)
}

// put moves a rule to a place.
func (l *list) put(r rule.Rule, to int) {
	l.page.change(func(rules []rule.Rule) []rule.Rule {
		i := indexOf(rules, r.ID)
		if i < 0 {
			return rules
		}
		moved := rules[i]
		rules = slices.Delete(slices.Clone(rules), i, i+1)
		return slices.Insert(rules, min(max(to, 0), len(rules)), moved)
	})
}

// step moves a rule by one place with the keyboard, which stays with the rule.
func (l *list) step(r rule.Rule, by int) {
	i := indexOf(l.rules, r.ID)
	if to := i + by; i < 0 || to < 0 || to >= len(l.rules) || len(l.shown) < len(l.rules) {
		return
	}
	l.put(r, i+by)
	l.rows.ScrollTo(i + by)
	for _, row := range l.made {
		if row.rule.ID == r.ID && row.Visible() {
			l.page.host.Window.Canvas().Focus(row.grip)
		}
	}
}
