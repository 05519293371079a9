// Package meta keeps the rules of this repository as tests: which package may import which, what packages are called and say
// of themselves, how long a file may grow. It holds nothing else.
package meta
