package mca

import "fmt"

// Problem is something in a file that the rules do not show.
type Problem struct {
	// Line counts from 1; 0 is the whole file.
	Line int
	// Lost says that something could not be taken. Without it, something was taken otherwise than one might think.
	Lost bool
	// Text is what it is about, shortened.
	Text string
	// Code and Args say why, for those who tell it in other words. What the arguments are stands with the code.
	Code Code
	Args []any
	// Reason says it in English.
	Reason string
}

// Code is a reason of a Problem.
type Code string

// Why something is lost.
const (
	FileTooLarge      Code = "file_too_large"     // MB
	NotUTF8           Code = "not_utf8"           // none
	ControlCharacters Code = "control_characters" // none
	LineTooLong       Code = "line_too_long"      // KB
	NoColon           Code = "no_colon"           // none
	NoTrigger         Code = "no_trigger"         // the text
	NoCommand         Code = "no_command"         // none
	EmptyCommand      Code = "empty_command"      // none
	NoPrefix          Code = "no_prefix"          // none
	Script            Code = "script"             // its name
	TooManyActions    Code = "too_many_actions"   // most
	CommandTooLong    Code = "command_too_long"   // bytes, most
	NoText            Code = "no_text"            // none
	TextTooLong       Code = "text_too_long"      // none
	TooManyTriggers   Code = "too_many_triggers"  // most
	NoGiftNumber      Code = "no_gift_number"     // none
	NoOther           Code = "no_other"           // none
	Unsound           Code = "unsound"            // the rule.Problem
)

// Why something is otherwise than one might think.
const (
	NotClosed      Code = "not_closed"       // none
	Comment        Code = "comment"          // none
	TooManyTimes   Code = "too_many_times"   // the number, most
	EveryPlayer    Code = "every_player"     // none
	Placeholder    Code = "placeholder"      // its name
	PerPlayer      Code = "per_player"       // none
	ThirdBar       Code = "third_bar"        // none
	NoSeconds      Code = "no_seconds"       // the text, the seconds taken
	TooManySeconds Code = "too_many_seconds" // most
	LikesTaken     Code = "likes_taken"      // trigger, likes taken
	LikesUnknown   Code = "likes_unknown"    // trigger
	UnknownGift    Code = "unknown_gift"     // none
	SeveralGifts   Code = "several_gifts"    // none
	SameGift       Code = "same_gift"        // none
)

func (p *parser) lost(line int, text string, code Code, format string, args ...any) {
	p.problems = append(p.problems, Problem{Line: line, Lost: true, Text: shorten(text), Code: code, Args: args, Reason: fmt.Sprintf(format, args...)})
}

func (p *parser) note(line int, text string, code Code, format string, args ...any) {
	p.problems = append(p.problems, Problem{Line: line, Text: shorten(text), Code: code, Args: args, Reason: fmt.Sprintf(format, args...)})
}
