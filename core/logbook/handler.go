package logbook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
)

// maxDepth is how deep groups and values are looked into; what is deeper is left out.
const maxDepth = 8

// Handler returns a handler that hides secrets in messages, attributes, groups and errors before next sees them.
func (m *Mask) Handler(next slog.Handler) slog.Handler { return &masking{next: next, mask: m} }

// masking is a slog.Handler in front of another.
type masking struct {
	next slog.Handler
	mask *Mask
	// isSecret says that a group around is called like a secret.
	isSecret bool
}

// Enabled implements slog.Handler.
func (h *masking) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *masking) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, h.mask.Text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(h.mask.attr(a, h.isSecret, 0))
		return true
	})
	return h.next.Handle(ctx, masked)
}

// WithAttrs implements slog.Handler.
func (h *masking) WithAttrs(attrs []slog.Attr) slog.Handler {
	masked := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		masked[i] = h.mask.attr(a, h.isSecret, 0)
	}
	return &masking{h.next.WithAttrs(masked), h.mask, h.isSecret}
}

// WithGroup implements slog.Handler.
func (h *masking) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &masking{h.next.WithGroup(h.mask.Text(name)), h.mask, h.isSecret || isSecretName(name)}
}

func (m *Mask) attr(a slog.Attr, isSecret bool, depth int) slog.Attr {
	if a.Equal(slog.Attr{}) {
		return a
	}
	isSecret = isSecret || isSecretName(a.Key)
	return slog.Attr{Key: m.Text(a.Key), Value: m.value(a.Value.Resolve(), isSecret, depth)}
}

func (m *Mask) value(v slog.Value, isSecret bool, depth int) slog.Value {
	switch v.Kind() {
	case slog.KindBool: // that there is a password may be known
		return v
	case slog.KindGroup:
		if depth >= maxDepth {
			return slog.StringValue("…")
		}
		group := make([]slog.Attr, len(v.Group()))
		for i, a := range v.Group() {
			group[i] = m.attr(a, isSecret, depth+1)
		}
		return slog.GroupValue(group...)
	}
	if isSecret {
		return slog.StringValue(hidden)
	}
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(m.Text(v.String()))
	case slog.KindAny:
		return slog.StringValue(m.any(v.Any()))
	default: // numbers and times; a secret can be a number
		if text := v.String(); m.hideValues(text) != text {
			return slog.StringValue(hidden)
		}
		return v
	}
}

// any turns a value into text. What has no text of its own goes through JSON, where names and values can be told apart, and
// where fields that are not exported do not come along.
func (m *Mask) any(v any) string {
	switch v := v.(type) {
	case nil:
		return "<nil>"
	case *url.Userinfo, url.Userinfo:
		return hidden
	case url.URL:
		return m.Text(v.String())
	case []byte:
		return fmt.Sprintf("%d bytes", len(v))
	case error, fmt.Stringer:
		return m.Text(fmt.Sprint(v)) // it survives a method that panics
	}
	text, err := marshal(v)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // a long number must stay as it is to be known again
	var tree any
	if err != nil || decoder.Decode(&tree) != nil {
		return fmt.Sprintf("%T", v)
	}
	text, err = json.Marshal(m.tree(tree, false, 0))
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return cut(string(text), maxText)
}

func marshal(v any) (text []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a value cannot be shown: %v", r)
		}
	}()
	return json.Marshal(v)
}

// tree masks what a json.Decoder has made.
func (m *Mask) tree(v any, isSecret bool, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	switch v := v.(type) {
	case map[string]any:
		masked := make(map[string]any, len(v))
		for key, value := range v {
			masked[m.Text(key)] = m.tree(value, isSecret || isSecretName(key), depth+1)
		}
		return masked
	case []any:
		for i, value := range v {
			v[i] = m.tree(value, isSecret, depth+1)
		}
		return v
	case string:
		if isSecret {
			return hidden
		}
		return m.Text(v)
	case json.Number:
		if isSecret || m.hideValues(v.String()) != v.String() {
			return hidden
		}
		return v
	default: // a truth or nothing
		return v
	}
}
