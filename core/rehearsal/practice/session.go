package practice

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
	"unicode/utf16"

	codec "github.com/gorcon/rcon"
)

const (
	// vanillaRead is the size of vanilla's read buffer: a longer packet, or two at once, end the connection.
	vanillaRead = 1460
	// maxRequest bounds a packet in the dialects that read a stream.
	maxRequest = 8192
	// maxPart is how many characters go into one packet of an answer. Java's characters are UTF-16 units.
	maxPart = 4096
)

var (
	errNotOnePacket = errors.New("one read held more or less than one packet")
	errTooLarge     = errors.New("packet too large")
	errWrongLogin   = errors.New("wrong password")
	errFault        = errors.New("closed by a fault")
)

// session is one connection.
type session struct {
	server  *Server
	nc      net.Conn
	in      *bufio.Reader
	dialect Dialect
	remote  string
	granted bool
}

func newSession(s *Server, nc net.Conn) *session {
	return &session{
		server: s, nc: nc, in: bufio.NewReader(nc), dialect: s.opts.Dialect, remote: nc.RemoteAddr().String(),
	}
}

func (s *session) talk(ctx context.Context) error {
	for {
		p, err := s.read()
		if err != nil {
			return err
		}
		if s.server.faulty() == FaultHang {
			s.swallow(p)
			continue
		}
		if err := s.answer(ctx, p); err != nil {
			return err
		}
	}
}

// read reads one packet the way the dialect does.
func (s *session) read() (*codec.Packet, error) {
	p := &codec.Packet{}
	if s.dialect == Vanilla {
		buf := make([]byte, vanillaRead)
		n, err := s.nc.Read(buf)
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		if n < 4 || int(binary.LittleEndian.Uint32(buf)) != n-4 {
			return nil, errNotOnePacket
		}
		_, err = p.ReadFrom(bytes.NewReader(buf[:n]))
		return p, err
	}
	head, err := s.in.Peek(4)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if binary.LittleEndian.Uint32(head) > maxRequest {
		return nil, errTooLarge
	}
	_, err = p.ReadFrom(s.in)
	return p, err
}

// swallow counts what a hung server was sent.
func (s *session) swallow(p *codec.Packet) {
	switch {
	case p.Type == codec.SERVERDATA_AUTH:
		s.server.logins.Add(1)
	case p.Type == codec.SERVERDATA_EXECCOMMAND && s.granted:
		s.server.count.Add(1)
	}
}

func (s *session) answer(ctx context.Context, p *codec.Packet) error {
	switch {
	case p.Type == codec.SERVERDATA_AUTH:
		return s.login(p)
	case !s.granted:
		return s.send(codec.SERVERDATA_AUTH_RESPONSE, -1, "")
	case p.Type == codec.SERVERDATA_EXECCOMMAND:
		return s.command(ctx, p)
	default:
		return s.unknown(p)
	}
}

func (s *session) login(p *codec.Packet) error {
	s.server.logins.Add(1)
	fault := s.server.faulty()
	s.granted = p.Body() == s.server.opts.Password && fault != FaultRefuse && fault != FaultCloseLogin
	closes := s.dialect == TwoPackets || s.dialect == PerLine || fault == FaultCloseLogin
	if !s.granted && closes {
		return errWrongLogin
	}
	if s.dialect == Source {
		if err := s.send(codec.SERVERDATA_RESPONSE_VALUE, p.ID, ""); err != nil {
			return err
		}
	}
	if !s.granted {
		return s.send(codec.SERVERDATA_AUTH_RESPONSE, -1, "")
	}
	return s.send(codec.SERVERDATA_AUTH_RESPONSE, p.ID, "")
}

func (s *session) command(ctx context.Context, p *codec.Packet) error {
	seq := s.server.count.Add(1)
	switch s.server.faulty() {
	case FaultHalfClose:
		return s.halfClose()
	case FaultReset:
		if tcp, ok := s.nc.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		return errFault
	}
	sleep(ctx, time.Duration(s.server.delay.Load()))
	reply := s.server.run(seq, s.remote, p.Body())
	if s.server.faulty() == FaultGarbage {
		_, err := s.nc.Write(bytes.Repeat([]byte("HTTP/1.1 400 Bad Request\r\n"), 8))
		return err
	}
	for _, part := range s.parts(reply) {
		if err := s.send(codec.SERVERDATA_RESPONSE_VALUE, p.ID, part); err != nil {
			return err
		}
	}
	return nil
}

// halfClose stops sending and reads until the client leaves.
func (s *session) halfClose() error {
	if tcp, ok := s.nc.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, s.nc)
	return errFault
}

// parts returns the bodies of the packets that the answer is sent in.
func (s *session) parts(reply string) []string {
	switch s.dialect {
	case PerLine:
		return strings.FieldsFunc(reply, func(r rune) bool { return r == '\n' })
	case TwoPackets:
		return append(split(reply), "")
	default:
		return split(reply)
	}
}

// unknown answers a packet that is neither a login nor a command.
func (s *session) unknown(p *codec.Packet) error {
	switch s.dialect {
	case Vanilla:
		return s.send(codec.SERVERDATA_RESPONSE_VALUE, p.ID, fmt.Sprintf("Unknown request %x", uint32(p.Type)))
	case Source:
		if p.Type != codec.SERVERDATA_RESPONSE_VALUE {
			return nil
		}
		// Valve's servers mirror the packet and send another after it (Source RCON Protocol, multiple-packet responses).
		if err := s.send(codec.SERVERDATA_RESPONSE_VALUE, p.ID, ""); err != nil {
			return err
		}
		return s.send(codec.SERVERDATA_RESPONSE_VALUE, p.ID, "\x00\x01\x00\x00")
	default:
		return nil
	}
}

func (s *session) send(kind, id int32, body string) error {
	if _, err := codec.NewPacket(kind, id, body).WriteTo(s.nc); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// split cuts text every maxPart UTF-16 units, never through a character. An empty text is one empty part.
func split(text string) []string {
	if len(text) <= maxPart {
		return []string{text}
	}
	var parts []string
	start, units := 0, 0
	for i, r := range text {
		n := max(utf16.RuneLen(r), 1)
		if units+n > maxPart {
			parts = append(parts, text[start:i])
			start, units = i, 0
		}
		units += n
	}
	return append(parts, text[start:])
}
