package rehearsal

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// gotiktoklive starts a goroutine for each NewTikTok that waits for a signal for ever.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/steampoweredtaco/gotiktoklive.NewTikTokWithApiKey.func3"),
	)
}
