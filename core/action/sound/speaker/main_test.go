package speaker

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test program be its own child, as LiveCue is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Command {
		if err := Serve(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}
