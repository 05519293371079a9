// Package rule decides what an event sets off. A Rule is a Trigger and the actions that follow it; a Set holds a profile's
// rules, keeps their cooldowns and like milestones, and turns an event into jobs for the queue and, for every rule, into a
// Decision that says why it fired or not.
package rule
