package rcon

import (
	"net"
	"testing"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/rehearsal/practice"
)

// BenchmarkRoundTrip puts the client beside a bare loop of write and read against the same server.
func BenchmarkRoundTrip(b *testing.B) {
	s, _ := game(b, practice.Options{})
	b.Run("raw", func(b *testing.B) {
		nc, err := net.Dial("tcp", s.Addr())
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		buf := make([]byte, 4096)
		ask := func(packet []byte) {
			if _, err := nc.Write(packet); err != nil {
				b.Fatal(err)
			}
			if _, err := nc.Read(buf); err != nil {
				b.Fatal(err)
			}
		}
		ask(packets(codec.NewPacket(codec.SERVERDATA_AUTH, 1, password)))
		request := packets(codec.NewPacket(codec.SERVERDATA_EXECCOMMAND, 2, "give pixel_pia diamond 1"))
		for b.Loop() {
			ask(request)
		}
	})
	b.Run("client", func(b *testing.B) {
		c := client(b, s.Addr(), Options{})
		j := job("give {user} diamond 1")
		j.Fields.User = "pixel_pia"
		if _, err := c.Do(b.Context(), j); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Do(b.Context(), j); err != nil {
				b.Fatal(err)
			}
		}
	})
}
