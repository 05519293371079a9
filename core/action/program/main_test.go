package program

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test program be the program that is run: it tells what reached it.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "tell" {
		dir, err := os.Getwd()
		if err != nil {
			os.Exit(9)
		}
		told, err := json.Marshal(report{os.Args[2:], os.Environ(), dir})
		if err != nil {
			os.Exit(9)
		}
		if err := os.WriteFile(os.Args[2], told, 0o600); err != nil {
			os.Exit(9)
		}
		fmt.Println("told")
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// report is what the program was given. The first argument is where it writes this.
type report struct {
	Args []string
	Env  []string
	Dir  string
}
