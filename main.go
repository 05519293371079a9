// Command livecue turns what viewers do in a live stream into things that happen in it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/livecue/livecue/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, endAtTheNextSignal)
	code := cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// endAtTheNextSignal is for whoever does not want to wait until all is finished, or when output that nobody reads holds it up.
// What is not done is in the journal.
func endAtTheNextSignal() {
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	<-again
	os.Exit(130)
}
