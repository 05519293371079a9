// Package rehearsal is a TikTok LIVE on this machine: a loopback server that speaks the real wire protocol to the real
// client, so that a mapping can be tried, shown and tested with no account and nobody watching.
//
// One port is everything that a client talks to: the signer, an HTTP proxy that ends TLS for www.tiktok.com and
// webcast.tiktok.com (room pages and room info), the Webcast socket, and the managed "euler" socket. A Script says who does
// what, and what goes wrong, when. The Ledger says what a client that did everything right has been told, to the coin.
package rehearsal
