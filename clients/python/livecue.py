"""Listens to LiveCue's event socket and calls rules. Python 3.9 or newer; nothing but the standard library.

    import livecue

    client = livecue.Client()
    for event in client:
        if event["kind"] == "gift" and livecue.is_real(event):
            client.trigger("thanks", id=event["id"])

A connection that is lost comes back and goes on where it was. A client is for one thread. What is spoken is described in
docs/api/socket.md.
"""

import json
import os
import socket
import time
import uuid
from collections import deque

VERSION = 2
SILENCE = 45.0  # how long nothing may come: there is a heartbeat every 15 seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 10.0
REFUSALS = 5  # connections in a row that may end without a hello: a wrong token is answered with silence


class Refused(Exception):
    """LiveCue does not take the token, or this is not LiveCue."""


class CallError(Exception):
    """LiveCue will never take the call; code says why."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text}")
        self.code = code


def is_real(event):
    """Whether the event has really happened, and now: whoever gives out something should leave all else alone."""
    return not (event.get("test") or event.get("rehearsed") or event.get("replayed"))


class Client:
    """Iterating over it yields the events, each a dict. Port and token are those that LiveCue gives to a program it starts."""

    def __init__(self, port=None, token=None, events=None, on_lost=None, host="127.0.0.1"):
        """events are the kinds that are wanted, None being all; on_lost(count) is told of events that came and are lost."""
        port = port or os.environ.get("LIVECUE_PORT")
        self._token = token or os.environ.get("LIVECUE_TOKEN")
        if not port or not self._token:
            raise ValueError("LIVECUE_PORT and LIVECUE_TOKEN are not set: let LiveCue start the program")
        self._address = (host, int(port))
        self._events = events
        self._on_lost = on_lost or (lambda count: None)
        self._socket = None
        self._lines = None
        self._run, self._seq = None, 0
        self._pause = 0.0
        self._refused = 0
        self._waiting = deque()  # events that have come while an answer was waited for

    def __iter__(self):
        return self

    def __next__(self):
        """Waits for the next event."""
        while not self._waiting:
            self._connect()
            line = self._read()
            if line is not None:
                self._take(line)
        return self._waiting.popleft()

    def trigger(self, name, id=None, text="", count=0, user=None):
        """Calls the rules that wait for a signal of that name, until LiveCue has answered.

        With an id the call has its effect once, however often it is sent. Returns whether one of that id has come before.
        """
        call = {"trigger": name, "id": id or uuid.uuid4().hex, "text": text, "count": count}
        if user:
            call["user"] = {key: user[key] for key in ("id", "handle", "nickname") if user.get(key)}
        while True:
            self._connect()
            if not self._send(call):
                continue
            answer = self._answer(call["id"])
            if answer is None:
                continue
            if answer["type"] == "ok":
                self._pause = 0.0
                return bool(answer.get("seen"))
            if answer.get("code") not in ("too_many", "not_taken"):
                raise CallError(answer.get("code"), answer.get("text"))
            self._wait()

    def close(self):
        """Ends the connection."""
        if self._socket:
            self._lines.close()
            self._socket.close()
            self._socket = None

    def _answer(self, call_id):
        while True:
            line = self._read()
            if line is None or line.get("type") in ("ok", "error") and line.get("id") == call_id:
                return line
            self._take(line)

    def _take(self, line):
        if line.get("type") == "event":
            self._seq = line["seq"]
            self._waiting.append(line)
        elif line.get("type") == "dropped":
            self._on_lost(line["count"])

    def _connect(self):
        """Returns when there is a connection that has been greeted."""
        while self._socket is None:
            try:
                self._socket = socket.create_connection(self._address, timeout=SILENCE)
            except OSError:
                self._wait()  # LiveCue is not there
                continue
            self._lines = self._socket.makefile("rb")
            if self._greet():
                self._refused, self._pause = 0, 0.0
                return
            self.close()
            self._refused += 1
            if self._refused >= REFUSALS:
                raise Refused("the token is not taken")
            self._wait()

    def _greet(self):
        hello = {"hello": VERSION}
        if self._events is not None:
            hello["events"] = list(self._events)
        if self._run:
            hello.update(run=self._run, since=self._seq)
        try:
            self._socket.sendall(self._token.encode() + b"\n")
        except OSError:
            return False
        answer = self._read() if self._send(hello) else None
        if answer is None or answer.get("type") != "hello":
            return False
        if self._run and answer.get("missed"):
            self._on_lost(answer["missed"])
        if self._run != answer["run"]:
            self._seq = 0 if self._run else answer["seq"]
            self._run = answer["run"]
        return True

    def _wait(self):
        self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
        time.sleep(self._pause)

    def _send(self, value):
        try:
            self._socket.sendall(json.dumps(value).encode() + b"\n")
            return True
        except OSError:
            self.close()
            return False

    def _read(self):
        """Returns a line, or None when the connection is over."""
        try:
            text = self._lines.readline()
            if text.endswith(b"\n"):
                return json.loads(text)
        except (OSError, ValueError):
            pass
        self.close()
        return None
