package tiktok

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	// maxInflated bounds what a gzipped payload may grow to.
	maxInflated = 16 << 20
	// maxDepth bounds how deep repair goes.
	maxDepth = 24
)

var (
	errTooLarge = errors.New("inflates to more than 16 MiB")
	errBroken   = errors.New("a part is not valid protobuf")
)

// decodeFrame reads a WebcastPushFrame. The response is nil for frames that are not of the type "msg". With an error, the
// response holds what could be read.
func decodeFrame(b []byte) (logID uint64, resp *pb.WebcastResponse, err error) {
	var frame pb.WebcastPushFrame
	if err := unmarshal(b, &frame); err != nil {
		return 0, nil, fmt.Errorf("read push frame: %w", err)
	}
	if frame.GetPayloadType() != "msg" {
		return frame.GetLogId(), nil, nil
	}
	resp, err = decodeResponse(frame.GetPayload())
	return frame.GetLogId(), resp, err
}

// decodeResponse reads a WebcastResponse, gzipped or not. With an error, the response holds what could be read: one broken
// message costs its neighbours nothing.
func decodeResponse(b []byte) (*pb.WebcastResponse, error) {
	b, err := inflate(b)
	if err != nil {
		return nil, fmt.Errorf("inflate response: %w", err)
	}
	resp := &pb.WebcastResponse{}
	if proto.Unmarshal(b, resp) == nil {
		return resp, nil
	}
	resp = &pb.WebcastResponse{}
	for len(b) > 0 {
		n := protowire.ConsumeFieldValue(fieldOf(b))
		if n < 0 {
			return resp, fmt.Errorf("read response: %w", errBroken)
		}
		_, _, tag := protowire.ConsumeTag(b)
		part := &pb.WebcastResponse{}
		if uerr := unmarshal(b[:tag+n], part); uerr != nil {
			err = fmt.Errorf("read response: %w", uerr)
		} else {
			proto.Merge(resp, part)
		}
		b = b[tag+n:]
	}
	return resp, err
}

// fieldOf splits the first field of b for protowire.ConsumeFieldValue; a tag that cannot be read makes that fail too.
func fieldOf(b []byte) (protowire.Number, protowire.Type, []byte) {
	num, typ, n := protowire.ConsumeTag(b)
	if n < 0 {
		return 0, -1, nil
	}
	return num, typ, b[n:]
}

// inflate undoes gzip, which shows by its magic number; no protobuf message of ours begins with it.
func inflate(b []byte) ([]byte, error) {
	if len(b) < 2 || b[0] != 0x1f || b[1] != 0x8b {
		return b, nil
	}
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, inflatedSize(b)+bytes.MinRead))
	if _, err := out.ReadFrom(io.LimitReader(zr, maxInflated+1)); err != nil {
		return nil, err
	}
	if out.Len() > maxInflated {
		return nil, errTooLarge
	}
	return out.Bytes(), nil
}

// inflatedSize is how large a gzipped payload says it is, in its last four bytes, so that it need not be copied again and again
// as it grows. It is only believed as far as an ordinary payload goes: a lie must not cost more memory than the truth.
func inflatedSize(b []byte) int {
	const ordinary = 20
	if len(b) < 4 {
		return 0
	}
	says := binary.LittleEndian.Uint32(b[len(b)-4:])
	return int(min(uint64(says), uint64(len(b))*ordinary, maxInflated))
}

// unmarshal reads b into m. Strings that are not UTF-8, such as a name cut in the middle of an emoji, are mended rather
// than refused: a gift must not be lost for it.
func unmarshal(b []byte, m proto.Message) error {
	err := proto.Unmarshal(b, m)
	if err == nil {
		return nil
	}
	mended, isWhole := mend(b, m.ProtoReflect().Descriptor(), 0)
	if !isWhole {
		return errBroken
	}
	proto.Reset(m)
	if err := proto.Unmarshal(mended, m); err != nil {
		return errBroken
	}
	return nil
}

// mend copies b with every string made valid UTF-8. It says whether b could be read to its end.
func mend(b []byte, d protoreflect.MessageDescriptor, depth int) ([]byte, bool) {
	if depth > maxDepth {
		return nil, false
	}
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		num, typ, tag := protowire.ConsumeTag(b)
		if tag < 0 {
			return nil, false
		}
		size := protowire.ConsumeFieldValue(num, typ, b[tag:])
		if size < 0 {
			return nil, false
		}
		field := d.Fields().ByNumber(num)
		if typ != protowire.BytesType || field == nil {
			out = append(out, b[:tag+size]...)
			b = b[tag+size:]
			continue
		}
		value, _ := protowire.ConsumeBytes(b[tag:])
		switch {
		case field.Kind() == protoreflect.StringKind:
			value = []byte(strings.ToValidUTF8(string(value), "\uFFFD"))
		case field.Message() != nil:
			var isWhole bool
			if value, isWhole = mend(value, field.Message(), depth+1); !isWhole {
				return nil, false
			}
		}
		out = protowire.AppendBytes(protowire.AppendTag(out, num, typ), value)
		b = b[tag+size:]
	}
	return out, true
}

// ackFrame answers a response that wants an ack.
func ackFrame(logID uint64, internalExt []byte) ([]byte, error) {
	return proto.Marshal(&pb.WebcastPushFrame{LogId: logID, PayloadType: "ack", Payload: internalExt})
}
