// Command firstword is a plugin for LiveCue: the first viewer who types the word wins, and the next word's turn comes. The words are its
// arguments. For each winner it calls the rules that wait for the signal "first word", with the winner as their viewer.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	livecue "github.com/livecue/livecue/clients/go"
)

func main() {
	if err := play(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// play plays until ctx ends or LiveCue takes the token back.
func play(ctx context.Context, words []string) error {
	if len(words) == 0 {
		return errors.New("say which words can be asked for: firstword WORD WORD")
	}
	opts, err := livecue.FromEnv()
	if err != nil {
		return err
	}
	opts.Events = []string{"chat"}
	client := livecue.New(opts)
	defer client.Close()
	turn := 0
	fmt.Println("the word is", words[turn])
	for e, err := range client.Events(ctx) {
		if err != nil {
			return err
		}
		if e.Replayed || !isWord(e.Detail, words[turn]) {
			continue
		}
		// The event's id is the call's: what comes twice, such as after a lost connection, has one winner.
		call := livecue.Call{Name: "first word", ID: e.ID, Text: words[turn], User: &e.User}
		if _, err := client.Trigger(ctx, call); err != nil {
			return err
		}
		fmt.Printf("@%s was first\n", e.User.Handle)
		turn = (turn + 1) % len(words)
		fmt.Println("the word is", words[turn])
	}
	return nil
}

// isWord reports whether a comment is the word and nothing else.
func isWord(detail json.RawMessage, word string) bool {
	var chat struct{ Comment string }
	return json.Unmarshal(detail, &chat) == nil && strings.EqualFold(strings.TrimSpace(chat.Comment), word)
}
