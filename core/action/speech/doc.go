// Package speech reads texts aloud with the voices of the system: espeak-ng or speech-dispatcher on Linux, say on macOS, SAPI on
// Windows.
//
// What viewers write is cleaned before it is spoken (Clean): links, emoji and blocked words are left out, what is repeated is
// shortened, and its length is bounded. It reaches the speech program on its standard input and never in a command line.
//
// One text is spoken at a time. Wherever the speech program can hand out its sound, the mixer plays it, so that the master volume
// and the stop of all sounds hold for speech as well; speech-dispatcher alone plays by itself.
package speech
