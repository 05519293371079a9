package action

import "time"

// Job is one action that a trigger asked for. It holds all that its action needs, so that it can wait on disk.
type Job struct {
	// ID is unique.
	ID string `json:"id"`
	// EventID is the id of the event that triggered it.
	EventID string `json:"event"`
	// RuleID and RuleName tell which rule asked for it.
	RuleID   string `json:"rule"`
	RuleName string `json:"rule_name"`
	Spec     Spec   `json:"spec"`
	Fields   Fields `json:"fields"`
	// Runs is how many times it is to be done, in order; at least 1.
	Runs int `json:"runs"`
	// Priority lets it go before the waiting jobs of its lane that have less; 0 is usual.
	Priority int64 `json:"priority,omitempty"`
	// Created is when the event triggered it.
	Created time.Time `json:"created"`
	// Due is the earliest time to begin; zero is at once.
	Due time.Time `json:"due,omitzero"`
	// Expires is when it is no longer worth doing; zero is never.
	Expires time.Time `json:"expires,omitzero"`
	// Test says that the user pressed Test.
	Test bool `json:"test,omitempty"`
	// Rehearsed says that a rehearsal triggered it: it must not reach a real target.
	Rehearsed bool `json:"rehearsed,omitempty"`
	// Replayed says that it was triggered by the replay of a recording: it reaches real targets, and nobody has paid for it again.
	Replayed bool `json:"replayed,omitempty"`
}

// Lane names the target of the job.
func (j Job) Lane() string { return j.Spec.Lane() }

// Fields are what the placeholders stand for. The texts are as the viewer wrote them: hostile until an action escapes them.
type Fields struct {
	// User is the @handle, without the @.
	User     string `json:"user,omitempty"`
	Nickname string `json:"nickname,omitempty"`
	Gift     string `json:"gift,omitempty"`
	GiftID   int64  `json:"gift_id,omitempty"`
	// Count is the number of gifts, or the total of likes that a milestone stands for; 1 for other triggers.
	Count int `json:"count,omitempty"`
	// Coins is the price of one gift, TotalCoins of all Count of them.
	Coins      int    `json:"coins,omitempty"`
	TotalCoins int    `json:"total_coins,omitempty"`
	Comment    string `json:"comment,omitempty"`
	// Args is what follows the command word in a comment.
	Args string `json:"args,omitempty"`
	// Likes and Viewers are the stream's, as last told; 0 is not known.
	Likes   int `json:"likes,omitempty"`
	Viewers int `json:"viewers,omitempty"`
	// Total is what a goal's count stands at, where Count is the goal that was reached.
	Total int `json:"total,omitempty"`
}
