// Package waiting is the page with what waits for each target, in the order in which it will be done.
package waiting
