package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/livecue/livecue/core/action"
)

// PlayOut plays a sound that is not in a file, such as speech, and returns when it is over. data is what a file would hold, volume is
// in percent, 1 to 100; 0 is 100. When ctx ends, the sound does.
//
// Until the sound is heard the errors are those of Do, and ErrStopped; after that they wrap ErrCut.
func (m *Mixer) PlayOut(ctx context.Context, data []byte, volume int) error {
	clip, err := m.decodeNow(ctx, data)
	if err != nil {
		return err
	}
	if err := m.awaitDevice(ctx); err != nil {
		return err
	}
	v := newVoice(clip, volume)
	v.over = make(chan error, 1)
	if err := m.enqueue(v); err != nil {
		return err
	}
	select {
	case err := <-v.result:
		if err != nil {
			return err
		}
	case <-ctx.Done():
		m.withdraw(v)
		return fmt.Errorf("play the sound: %w", ctx.Err())
	}
	select {
	case err = <-v.over:
	case <-ctx.Done():
		m.withdraw(v)
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCut, err)
	}
	return nil
}

// decodeNow decodes a sound that is not kept.
func (m *Mixer) decodeNow(ctx context.Context, data []byte) (*clip, error) {
	ctx, cancel := context.WithTimeout(ctx, m.library.timeout)
	defer cancel()
	c, err := decode(ctx, bytes.NewReader(data), int64(len(data)))
	var f fault
	switch {
	case errors.As(err, &f):
		return nil, action.Permanent(fmt.Errorf("decode the sound: %w", err))
	case err != nil:
		return nil, fmt.Errorf("decode the sound: %w", err)
	}
	return c, nil
}
