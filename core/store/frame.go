package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
)

const (
	// frameHead is length of the body, checksum of all that follows it, and generation; each little-endian.
	frameHead = 16
	// The first byte of a body says what the frame is. A body of JSON is a step as the first version wrote it.
	frameClaim, frameNote, frameRecords, frameJSON = 1, 2, 3, '{'
)

// guess is about how many bytes a gift and its job take.
const guess = 1200

// errFrame says that a frame's checksum holds and its content makes no sense.
var errFrame = errors.New("a frame makes no sense")

// frame builds one frame. Its head is filled in when the generation is known.
type frame struct{ bytes []byte }

func newFrame(kind byte) frame { return frame{append(make([]byte, frameHead, 1024), kind)} }

// again begins another frame in the same memory.
func (f *frame) again(kind byte) {
	f.bytes = append(append(f.bytes[:0], make([]byte, frameHead)...), kind)
}

// Write lets JSON be encoded into the frame.
func (f *frame) Write(p []byte) (int, error) {
	f.bytes = append(f.bytes, p...)
	return len(p), nil
}

func (f *frame) number(n int64) { f.bytes = binary.AppendVarint(f.bytes, n) }

func (f *frame) text(s string) {
	f.bytes = binary.AppendUvarint(f.bytes, uint64(len(s)))
	f.bytes = append(f.bytes, s...)
}

// json adds v and returns where it stands; a body is found by its length, which is known only after it.
func (f *frame) json(v any, encoder *json.Encoder) (from, to int, err error) {
	f.bytes = append(f.bytes, 0, 0, 0, 0)
	from = len(f.bytes)
	if err := encoder.Encode(v); err != nil {
		if job, isJob := v.(*action.Job); isJob {
			v = *job
		}
		body, err := encode(v)
		if err != nil {
			return 0, 0, err
		}
		f.bytes = append(f.bytes, body...)
	} else {
		f.bytes = f.bytes[:len(f.bytes)-1] // the encoder ends with a new line
	}
	to = len(f.bytes)
	binary.LittleEndian.PutUint32(f.bytes[from-4:], uint32(to-from))
	return from, to, nil
}

// seal fills the head in.
func (f *frame) seal(generation int64) []byte {
	binary.LittleEndian.PutUint32(f.bytes, uint32(len(f.bytes)-frameHead))
	binary.LittleEndian.PutUint64(f.bytes[8:], uint64(generation))
	binary.LittleEndian.PutUint32(f.bytes[4:], crc32.ChecksumIEEE(f.bytes[8:]))
	return f.bytes
}

func (f *frame) claim(job string) {
	f.again(frameClaim)
	f.text(job)
}

func (f *frame) note(o Outcome) {
	f.again(frameNote)
	f.text(o.JobID)
	f.text(string(o.State))
	f.text(o.Reply)
	f.text(o.Error)
	for _, n := range []int64{int64(o.Runs), int64(o.Refused), int64(o.Unsure), int64(o.Latency), nanos(o.At)} {
		f.number(n)
	}
}

// encodeRecords makes one frame of records, and entries whose bodies are in it.
func encodeRecords(records []Record, now int64) (frame, []entry, error) {
	f := frame{append(make([]byte, frameHead, guess*(1+len(records))), frameRecords)}
	encoder := json.NewEncoder(&f)
	f.number(now)
	f.number(int64(len(records)))
	entries := make([]entry, len(records))
	spans := make([][2]int, 0, 2*len(records))
	for i, r := range records {
		var err error
		if spans, err = f.record(r, &entries[i], spans, encoder); err != nil {
			return f, nil, err
		}
		entries[i].added = now
	}
	body := func() []byte {
		span := spans[0]
		spans = spans[1:]
		return f.bytes[span[0]:span[1]:span[1]]
	}
	for i := range entries { // only now does the memory of the frame not move any more
		if entries[i].kind != "" {
			entries[i].body = body()
		}
		for j := range entries[i].jobs {
			entries[i].jobs[j].body = body()
		}
	}
	return f, entries, nil
}

func (f *frame) record(r Record, e *entry, spans [][2]int, encoder *json.Encoder) ([][2]int, error) {
	if r.Event != nil {
		head := r.Event.Header()
		e.eventKey, e.kind, e.at = eventKey{head.Source, head.ID}, string(r.Event.Kind()), nanos(head.At)
	}
	f.text(e.kind)
	if r.Event != nil {
		f.text(e.source)
		f.text(e.id)
		f.number(e.at)
		from, to, err := f.json(r.Event, encoder)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", e.kind, err)
		}
		spans = append(spans, [2]int{from, to})
	}
	f.number(int64(len(r.Jobs)))
	slab := make([]progress, len(r.Jobs))
	e.jobs = make([]*progress, len(r.Jobs))
	for i := range r.Jobs {
		j := &r.Jobs[i]
		if j.ID == "" || !utf8.ValidString(j.ID) {
			return nil, fmt.Errorf("the id of a job must be text: %q", j.ID)
		}
		slab[i].job, e.jobs[i] = j.ID, &slab[i]
		f.text(j.ID)
		from, to, err := f.json(j, encoder)
		if err != nil {
			return nil, fmt.Errorf("encode job %s: %w", j.ID, err)
		}
		spans = append(spans, [2]int{from, to})
	}
	return spans, nil
}

// nextFrame returns the first frame's body and generation, and what follows it; ok is false where no whole frame begins.
func nextFrame(data []byte) (body []byte, generation int64, rest []byte, ok bool) {
	if len(data) < frameHead {
		return nil, 0, nil, false
	}
	size := binary.LittleEndian.Uint32(data)
	if size == 0 || uint64(size) > uint64(len(data)-frameHead) {
		return nil, 0, nil, false
	}
	end := frameHead + int(size)
	if crc32.ChecksumIEEE(data[8:end]) != binary.LittleEndian.Uint32(data[4:]) {
		return nil, 0, nil, false
	}
	return data[frameHead:end], int64(binary.LittleEndian.Uint64(data[8:])), data[end:], true
}

// replay adds what a frame says to the batch. It is all or nothing.
func (b *batch) replay(body []byte) error {
	r := reader{rest: body[1:]}
	switch body[0] {
	case frameClaim:
		if job := r.text(); r.isWhole() {
			b.claim(job)
			return nil
		}
	case frameNote:
		if o := r.outcome(); r.isWhole() {
			b.note(o)
			return nil
		}
	case frameRecords:
		if entries := r.entries(); r.isWhole() {
			b.append(entries, len(body))
			return nil
		}
	case frameJSON:
		return b.replayJSON(body)
	}
	return errFrame
}

// replayJSON adds a step as the first version wrote it: a claim, or a note where there is an outcome.
func (b *batch) replayJSON(body []byte) error {
	var step struct {
		Job     string   `json:"job"`
		Outcome *Outcome `json:"outcome"`
	}
	if err := json.Unmarshal(body, &step); err != nil {
		return err
	}
	if step.Outcome == nil {
		b.claim(step.Job)
		return nil
	}
	step.Outcome.JobID = step.Job
	b.note(*step.Outcome)
	return nil
}

// reader takes a body apart. What is not there reads as nothing, and is remembered.
type reader struct {
	rest    []byte
	isShort bool
}

// isWhole says that all was there, and nothing more.
func (r *reader) isWhole() bool { return !r.isShort && len(r.rest) == 0 }

func (r *reader) fail() { r.rest, r.isShort = nil, true }

func (r *reader) number() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// count reads how many things follow, each of at least one byte.
func (r *reader) count() int {
	n := r.number()
	if n < 0 || n > int64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) small() int {
	n := r.number()
	if n < math.MinInt32 || n > math.MaxInt32 {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) text() string {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.fail()
		return ""
	}
	r.rest = r.rest[size:]
	return string(r.take(n))
}

func (r *reader) body() []byte {
	length := r.take(4)
	if length == nil {
		return nil
	}
	return bytes.Clone(r.take(uint64(binary.LittleEndian.Uint32(length))))
}

func (r *reader) outcome() Outcome {
	o := Outcome{JobID: r.text(), State: action.State(r.text()), Reply: r.text(), Error: r.text()}
	o.Runs, o.Refused, o.Unsure = r.small(), r.small(), r.small()
	o.Latency, o.At = time.Duration(r.number()), time.Unix(0, r.number())
	return o
}

func (r *reader) entries() []entry {
	added := r.number()
	var entries []entry
	for range r.count() {
		e := entry{added: added, kind: r.text()}
		if e.kind != "" {
			e.source, e.id, e.at, e.body = r.text(), r.text(), r.number(), r.body()
		}
		for range r.count() {
			e.jobs = append(e.jobs, &progress{job: r.text(), body: r.body()})
		}
		if r.isShort {
			return nil
		}
		entries = append(entries, e)
	}
	return entries
}
