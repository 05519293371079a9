package look

import (
	"slices"

	"fyne.io/fyne/v2/widget"
)

// Pick is a drop-down of values. It also shows a value that it does not offer, such as one from a file.
type Pick[T comparable] struct {
	*widget.Select

	offered, values []T
	name            func(T) string
}

// NewPick returns a drop-down of the values, by their names. changed is called when the user has chosen another.
func NewPick[T comparable](values []T, name func(T) string, changed func(T)) *Pick[T] {
	p := &Pick[T]{offered: values, name: name}
	p.Select = widget.NewSelect(nil, func(string) {
		if i := p.SelectedIndex(); i >= 0 {
			changed(p.values[i])
		}
	})
	p.offer(values)
	return p
}

func (p *Pick[T]) offer(values []T) {
	p.values = values
	p.Options = make([]string, len(values))
	for i, v := range values {
		p.Options[i] = p.name(v)
	}
}

// Set shows a value without calling changed.
func (p *Pick[T]) Set(v T) {
	values := p.offered
	if !slices.Contains(values, v) {
		values = append(slices.Clone(values), v)
	}
	p.offer(values)
	p.Selected = p.name(v)
	p.Refresh()
}

// Offer replaces the values that are offered, and how they are called. It does not choose another.
func (p *Pick[T]) Offer(values []T, name func(T) string) {
	p.offered, p.name = values, name
	p.offer(values)
}
