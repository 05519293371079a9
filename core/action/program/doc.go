// Package program runs programs of this computer, for as long as they are allowed to and not longer.
//
// There is no shell. What a viewer wrote is a whole argument, cleaned so that it cannot be taken for an option, and stands in
// environment variables (LIVECUE_USER, LIVECUE_COUNT and so on). A program gets the variables that programs need and no others:
// passwords that LiveCue was given in its own environment stay with it.
//
// A program and all that it starts are ended together (core/process): when its time is over, when it is given up, and when it has
// ended itself and left something behind.
package program
