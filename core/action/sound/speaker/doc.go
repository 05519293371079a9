// Package speaker is the sound.Device that plays through the computer's sound system: ALSA, PulseAudio or PipeWire on Linux,
// WASAPI on Windows, Core Audio on macOS, all by way of oto.
//
// oto opens the system once in the life of a process and never again, and a sound server that is restarted leaves it dead.
// So the sound system lives in a child process, this same program started with Command: a child that has lost its device is
// ended, and the next one opens it anew (docs/decisions has the reasons). The mixing stays in the parent; the child asks for
// a few milliseconds of sound whenever the device has room.
//
// On Linux this package needs cgo and the headers of ALSA; nothing else of core does.
package speaker
