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
	code := cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
