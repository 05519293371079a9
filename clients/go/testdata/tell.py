"""Prints what comes, and calls a rule for each gift."""

import sys

sys.path.insert(0, sys.argv[1])
import livecue  # noqa: E402

client = livecue.Client(events=["gift", "chat", "live_ended"], on_lost=lambda count: print("lost", count, flush=True))
try:
    for event in client:
        print("event", event["seq"], event["kind"], event["id"], livecue.is_real(event), flush=True)
        if event["kind"] == "gift":
            seen = client.trigger("thanks", id=event["id"], text="ä", count=2, user=event.get("user"))
            print("answer", event["id"], seen, flush=True)
        if event["kind"] == "live_ended":
            break
    try:
        client.trigger("", id="nameless")
    except livecue.CallError as error:
        print("error", error.code, flush=True)
except livecue.Refused:
    print("refused", flush=True)
client.close()
