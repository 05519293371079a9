package sound

import "slices"

// fadeFrames is how long the fade of a sound that is stopped takes, 5 ms: no click, and over within one buffer.
const fadeFrames = 5 * Rate / 1000

// voice is one sound on its way to the ear.
type voice struct {
	clip *clip
	gain float32
	// at is the next frame of the clip to be mixed.
	at int
	// began is how many frames of the session lay before the first of this voice, or -1.
	began int64
	// fade counts the frames that are left of a voice that was stopped; -1 is not stopped.
	fade int
	// result gets nil once the first frame is heard, or what prevented it. It has room for one.
	result  chan error
	settled bool
	// over gets nil once it has been mixed to its end, or what cut it off; nil when nobody asks. It has room for one.
	over chan error
}

func newVoice(c *clip, volume int) *voice {
	return &voice{clip: c, gain: gain(volume), began: -1, fade: -1, result: make(chan error, 1)}
}

// gain turns a volume in percent into a factor. The ear's sense of loudness is far from linear: the square makes 50 % sound
// about half as loud (-12 dB). 0, like anything out of range, is full.
func gain(percent int) float32 {
	if percent <= 0 || percent > 100 {
		percent = 100
	}
	share := float32(percent) / 100
	return share * share
}

// settle gives the result once; later ones do not count.
func (v *voice) settle(err error) {
	if !v.settled {
		v.settled = true
		v.result <- err
	}
}

// finish tells who asks that the voice is over. It is called once, when the mixer is done with it.
func (v *voice) finish(err error) {
	if v.over != nil {
		v.over <- err
	}
}

// isOver reports whether nothing is left to be mixed.
func (v *voice) isOver() bool { return v.at >= len(v.clip.frames) || v.fade == 0 }

// mixInto adds the next frames of the voice to sum.
func (v *voice) mixInto(sum [][2]float32) {
	for i := range sum {
		if v.isOver() {
			return
		}
		g := v.gain / 32768
		if v.fade > 0 {
			g *= float32(v.fade) / fadeFrames
			v.fade--
		}
		frame := v.clip.frames[v.at]
		sum[i][0] += g * float32(frame[0])
		sum[i][1] += g * float32(frame[1])
		v.at++
	}
}

// fill mixes the next frames for the device.
func (m *Mixer) fill(frames [][2]float32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(frames)
	m.admit()
	for _, v := range m.voices {
		if v.began < 0 {
			v.began = m.frames + lookahead
		}
		v.mixInto(frames)
	}
	step := (m.gain - m.mixed) / float32(max(len(frames), 1))
	for i, f := range frames {
		m.mixed += step
		frames[i] = m.limiter.next([2]float32{f[0] * m.mixed, f[1] * m.mixed})
	}
	m.mixed = m.gain
	m.frames += int64(len(frames))
	m.forget()
}

// played learns that the device has played so many frames of this session.
func (m *Mixer) played(frames int64) {
	m.mu.Lock()
	isFirst := m.state != playing
	if isFirst {
		m.set(playing)
	}
	for _, v := range m.voices {
		if v.began >= 0 && frames > v.began {
			v.settle(nil)
		}
	}
	m.forget()
	m.mu.Unlock()
	if isFirst {
		m.report("")
	}
}

// admit gives free slots to those who wait. mu is held.
func (m *Mixer) admit() {
	busy := 0
	for _, v := range m.voices {
		if !v.isOver() {
			busy++
		}
	}
	for busy < m.slots && len(m.waiting) > 0 {
		m.voices = append(m.voices, m.waiting[0])
		m.waiting = slices.Delete(m.waiting, 0, 1)
		busy++
	}
}

// forget drops the voices that are mixed to their end and known to be heard. mu is held.
func (m *Mixer) forget() {
	m.voices = slices.DeleteFunc(m.voices, func(v *voice) bool {
		if !v.isOver() || !v.settled {
			return false
		}
		if v.fade == 0 {
			v.finish(ErrStopped)
		} else {
			v.finish(nil)
		}
		return true
	})
}
