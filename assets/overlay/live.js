// The connection to LiveCue. It is made again for as long as the page is open.
const firstPause = 500;
const longestPause = 5000;

// connect calls hear with each message, and returns what sends an answer.
export function connect(page, params, hear) {
  const query = new URLSearchParams({ page, channel: params.get("channel") ?? "" });
  const address = new URL(`live?${query}`, location.href);
  address.protocol = "ws:";
  let socket = null;
  let pause = firstPause;

  function open() {
    socket = new WebSocket(address);
    socket.onopen = () => {
      pause = firstPause;
      document.documentElement.dataset.connected = "";
    };
    socket.onmessage = (event) => hear(JSON.parse(event.data));
    socket.onclose = () => {
      delete document.documentElement.dataset.connected;
      // Not all pages at the same moment.
      setTimeout(open, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 1.6, longestPause);
    };
  }
  open();
  return (answer) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(answer));
  };
}
