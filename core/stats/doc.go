// Package stats turns what the store has counted into what a page or a spreadsheet shows: the numbers of a stream, a few days
// or all of them, over time in as many points as a chart has room for, with the viewers and gifts that stand out and what
// became of each rule. Coins and gifts are exact: a streak counts once, whatever was repeated.
package stats
