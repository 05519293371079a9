package rcon

import (
	"strings"
	"unicode"

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

// isFailure reports whether reply refuses line. extra are more texts that do so anywhere in the reply, lower-cased.
func isFailure(line, reply string, extra []string) bool {
	reply = strings.ToLower(cleanReply(reply))
	for _, pattern := range extra {
		if strings.Contains(reply, pattern) {
			return true
		}
	}
	// A viewer may carry the mark in their name, and the answer repeat it.
	line = strings.ToLower(line)
	isMarkOurs := strings.Contains(line, "--[here]") || strings.Contains(line, "u005bhere")
	for text := range strings.Lines(reply) {
		text = strings.TrimSpace(text)
		if !isMarkOurs && strings.HasSuffix(text, here) || hasRefusal(text) {
			return true
		}
	}
	return false
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

func (t *tally) add(a answer, isRefused bool) {
	text := cleanReply(a.text)
	switch {
	case !a.complete:
		t.unknown = true
	case isRefused && !t.refused:
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
