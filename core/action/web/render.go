package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/livecue/livecue/core/action"
)

// maxRunes bounds what one viewer's text adds to a request.
const maxRunes = 1000

// Request is what is sent.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
}

// Render returns the request of an action, with f's texts in it. Errors are Permanent and do not repeat the address.
//
// A viewer's text is escaped for where it stands. In a path it can neither begin a new part nor be "..", not even for a server that
// unescapes too early. In a body it is the content of a JSON string; where a Content-Type header says so, it is part of a form, or one
// line of plain text. The modifier json changes nothing.
func Render(spec action.HTTP, f action.Fields) (Request, error) {
	if err := (action.Spec{HTTP: &spec}).Check(); err != nil {
		return Request{}, action.Permanent(err)
	}
	address, err := url.Parse(renderURL(spec.URL, f))
	if err != nil {
		return Request{}, action.Permanent(fmt.Errorf("the address cannot be used: %w", withoutURL(err)))
	}
	r := Request{Method: spec.Method, URL: address, Header: http.Header{}}
	if r.Method == "" {
		r.Method = http.MethodGet
		if spec.Body != "" {
			r.Method = http.MethodPost
		}
	}
	for name, value := range spec.Headers {
		r.Header.Set(name, value)
	}
	if spec.Body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Body, err = renderBody(spec.Body, r.Header.Get("Content-Type"), f)
	return r, err
}

// renderURL fills in the path and the query, which have different ways to write the same text. A server never sees a fragment.
func renderURL(text string, f action.Fields) string {
	text, _, _ = strings.Cut(text, "#")
	path, query, hasQuery := strings.Cut(text, "?")
	path = action.Expand(strings.TrimSpace(path), f, func(p action.Placeholder) string { return url.PathEscape(segment(p.Value)) })
	if !hasQuery {
		return path
	}
	return path + "?" + action.Expand(query, f, func(p action.Placeholder) string {
		return url.QueryEscape(action.Printable(p.Value, maxRunes))
	})
}

// segment returns a text that can only be the part of a path that it stands in.
func segment(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' {
			return '_'
		}
		return r
	}, action.Printable(text, maxRunes))
	if strings.Trim(text, ".") == "" {
		return strings.ReplaceAll(text, ".", "_")
	}
	return text
}

func renderBody(text, contentType string, f action.Fields) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = strings.ToLower(contentType)
	}
	switch {
	case kind == "application/x-www-form-urlencoded":
		return []byte(action.Expand(text, f, func(p action.Placeholder) string {
			return url.QueryEscape(action.Printable(p.Value, maxRunes))
		})), nil
	case kind == "text/plain":
		return []byte(action.Expand(text, f, func(p action.Placeholder) string { return action.Printable(p.Value, maxRunes) })), nil
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		if !isJSON(text) {
			return nil, action.Permanent(errors.New("the body is not JSON: texts such as {nickname} must stand in quotation marks"))
		}
	}
	return []byte(action.Expand(text, f, jsonContent)), nil
}

// isJSON reports whether text is JSON whatever the viewers' texts are: one that stands outside quotation marks could be anything.
func isJSON(text string) bool {
	return json.Valid([]byte(action.Expand(text, action.Fields{}, func(p action.Placeholder) string {
		if p.Numeric {
			return "0"
		}
		return "x"
	})))
}

// jsonContent returns a value as the content of a JSON string.
func jsonContent(p action.Placeholder) string {
	if p.Numeric {
		return p.Value
	}
	quoted, err := json.Marshal(action.Printable(p.Value, maxRunes))
	if err != nil {
		return "" // no string fails to be encoded
	}
	return string(quoted[1 : len(quoted)-1])
}
