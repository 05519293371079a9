package livekit

import (
	"log/slog"
	"sync"

	"github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
)

// silencePion takes the word from the SDK's WebRTC library, which logs each of its states through a logger that the SDK keeps in a
// global of its own, to the program's standard error. What the SDK itself says of a room goes to sdkLog.
var silencePion = sync.OnceFunc(func() { lksdk.SetLogger(logger.GetDiscardLogger()) })

// sdkLog gives what the SDK says to our log, at the level of debugging and without its values: tokens are among them.
type sdkLog struct{ log *slog.Logger }

func (l sdkLog) say(text string, err error) {
	attrs := []any{"text", withoutSecrets(text)}
	if err != nil {
		attrs = append(attrs, "error", withoutSecrets(err.Error()))
	}
	l.log.Debug("livekit sdk", attrs...)
}

func (l sdkLog) Debugw(text string, _ ...any)            { l.say(text, nil) }
func (l sdkLog) Infow(text string, _ ...any)             { l.say(text, nil) }
func (l sdkLog) Warnw(text string, err error, _ ...any)  { l.say(text, err) }
func (l sdkLog) Errorw(text string, err error, _ ...any) { l.say(text, err) }

func (l sdkLog) WithValues(...any) logger.Logger    { return l }
func (l sdkLog) WithName(string) logger.Logger      { return l }
func (l sdkLog) WithComponent(string) logger.Logger { return l }
func (l sdkLog) WithCallDepth(int) logger.Logger    { return l }
func (l sdkLog) WithItemSampler() logger.Logger     { return l }
func (l sdkLog) WithoutSampler() logger.Logger      { return l }
func (l sdkLog) WithUnlikelyValues(...any) logger.UnlikelyLogger {
	return logger.NewUnlikelyLogger(l)
}

func (l sdkLog) WithDeferredValues() (logger.Logger, logger.DeferredFieldResolver) {
	discard, resolver := logger.GetDiscardLogger().WithDeferredValues()
	_ = discard
	return l, resolver
}
