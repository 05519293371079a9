package rcon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
)

// here is how Minecraft points at where it stopped reading a command.
const here = "<--[here]"

// refusals are how lines of a reply begin that say no. They are Minecraft's English texts, lower-cased; a line must begin
// with one, so that a viewer's name in the answer to a success is not taken for a refusal.
var refusals = []string{
	"an unexpected error occurred",
	"cannot ", "can't ", "could not ",
	"expected ",
	"incomplete (", "incorrect argument for command", "invalid ",
	"malformed ",
	"no entity was found", "no player was found", "no targets matched", "nothing changed",
	"player not found", "that player cannot be found", "that player does not exist",
	"that position is not loaded", "that position is out of this world",
	"the difficulty did not change",
	"unable to ",
	"unknown ",
}

// isFailure reports whether reply, which is clean, refuses line. extra are more texts that do so anywhere in the reply,
// lower-cased.
func isFailure(line, reply string, extra []string) bool {
	reply = strings.ToLower(reply)
	for _, pattern := range extra {
		if strings.Contains(reply, pattern) {
			return true
		}
	}
	for text := range strings.Lines(reply) {
		text = strings.TrimSpace(text)
		if hasRefusal(text) || strings.HasSuffix(text, here) && !hasMark(line) {
			return true
		}
	}
	return false
}

// hasMark reports whether line itself has Minecraft's mark in it: a viewer may carry it in their name, and the answer repeat it.
func hasMark(line string) bool {
	line = strings.ToLower(line)
	return strings.Contains(line, "--[here]") || strings.Contains(line, "u005bhere")
}

func hasRefusal(text string) bool {
	for _, start := range refusals {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

// cleanReply makes text fit to be shown: valid UTF-8, without colour codes and control characters.
func cleanReply(text string) string {
	if strings.IndexFunc(text, isUnclean) < 0 {
		return strings.TrimSpace(text)
	}
	var b strings.Builder
	isCode := false
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case isCode:
			isCode = false
		case r == '§':
			isCode = true
		case r == '\n' || !unicode.IsControl(r):
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// isUnclean is true of all that cleanReply may have to remove, a sign of invalid UTF-8 among it.
func isUnclean(r rune) bool {
	return r == '§' || r == utf8.RuneError || r != '\n' && unicode.IsControl(r)
}

// lowered returns patterns in lower case, without empty ones: an empty text is in every reply.
func lowered(patterns []string) []string {
	var out []string
	for _, p := range patterns {
		if p = strings.ToLower(strings.TrimSpace(p)); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// tally adds up the answers to the lines of one command.
type tally struct {
	refusal string
	replies []string
	refused bool
	unknown bool
}

// add takes the answer to line. extra are isFailure's.
func (t *tally) add(a answer, line string, extra []string) {
	text := cleanReply(a.text)
	switch {
	case !a.complete:
		t.unknown = true
	case !t.refused && isFailure(line, text, extra):
		t.refused, t.refusal = true, text
	case text != "":
		t.replies = append(t.replies, text)
	}
}

func (t *tally) outcome() action.Outcome {
	o := action.Outcome{State: action.Done}
	replies := t.replies
	switch {
	case t.refused:
		o.State = action.Rejected
		replies = append([]string{t.refusal}, replies...)
	case t.unknown:
		o.State = action.Unknown
	}
	o.Reply = strings.Join(replies, "\n")
	return o
}
