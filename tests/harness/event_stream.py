"""A client of server-sent events, as a browser is one. @source https://html.spec.whatwg.org/multipage/server-sent-events.html"""

import http.client
import json
import socket
import threading
import time


class Event:
    def __init__(self, kind, number, text):
        self.kind, self.id, self.text, self.at = kind, number, text, time.monotonic()

    @property
    def json(self):
        return json.loads(self.text)

    def __repr__(self):
        return f"{self.kind} {self.id} {self.text}"


class EventStream:
    """Reads in a thread of its own. `port`: of 127.0.0.1; `last_id`: what it had before; `reads`: false for one that does not."""

    def __init__(self, port, last_id=None, headers=None, reads=True):
        self.events, self.comments, self.ended, self.changed = [], 0, None, threading.Condition()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", "/hot-update/events", headers={**({"Last-Event-ID": last_id} if last_id else {}), **(headers or {})})
        self.socket = self.connection.sock  # the connection forgets it when nothing follows
        self.answer = self.connection.getresponse()
        self.status, self.headers = self.answer.status, self.answer.headers
        self.thread = threading.Thread(target=self._read if self.status == 200 and reads else lambda: None, daemon=True)
        self.thread.start()

    def _read(self):
        fields = {}
        try:
            while line := self.answer.readline():
                line = line.decode().rstrip("\n")
                with self.changed:
                    if line.startswith(":"):
                        self.comments += 1
                    elif line:
                        name, _, value = line.partition(": ")
                        fields[name] = value
                    else:
                        if "data" in fields:
                            self.events.append(Event(fields.get("event"), fields.get("id"), fields["data"]))
                        fields = {}
                    self.changed.notify_all()
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass  # cut, or closed by the test
        with self.changed:
            self.ended = time.monotonic()
            self.changed.notify_all()

    def wait_for(self, condition, timeout=60):
        """The first true value of condition(events)."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self.events), timeout), self.events
            return condition(self.events)

    def wait_for_end(self, timeout=60):
        with self.changed:
            assert self.changed.wait_for(lambda: self.ended, timeout), self.events
            return self.ended

    def result_of(self, update):
        """Its view, once it has ended."""
        return self.wait_for(
            lambda events: [e.json for e in events if e.kind == "update" and (e.json["id"], e.json["state"]) == (update, "Ended")]
        )[0]

    @property
    def last_id(self):
        return [event.id for event in self.events if event.id][-1]

    def stop(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the server was first
        self.thread.join(20)
        self.answer.close()
        self.connection.close()
