// Package overlay serves the pages that a streamer adds to OBS as browser sources: alerts, gifts, a goal, the top gifters, counters,
// timers, the chat, and what waits.
//
// It listens on 127.0.0.1 alone. The address of each page holds a token that nobody can guess, and requests that were made for
// another host are refused. A page loads once and then hears what changes over a WebSocket: on Chromium, whose pages in OBS share one pool
// of connections, a seventh server-sent stream would never begin. Every message holds the whole of one topic, so that a page that
// connects, reconnects or was too slow for a while shows what is so now.
//
// What viewers write is cleaned here and set as text by the pages, never as markup.
package overlay
