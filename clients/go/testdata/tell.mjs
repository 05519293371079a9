// Prints what comes, and calls a rule for each gift.

const { CallError, Client, isReal, Refused } = await import(`${process.argv[2]}/livecue.mjs`);
const say = (...words) => console.log(...words.map((w) => (w === true ? 'True' : w === false ? 'False' : w)));

const client = new Client({ events: ['gift', 'chat', 'live_ended'], onLost: (count) => say('lost', count) });
try {
  for await (const event of client) {
    say('event', event.seq, event.kind, event.id, isReal(event));
    if (event.kind === 'gift') {
      say('answer', event.id, await client.trigger('thanks', { id: event.id, text: 'ä', count: 2, user: event.user }));
    }
    if (event.kind === 'live_ended') {
      await client.trigger('', { id: 'nameless' }).catch((error) => {
        if (!(error instanceof CallError)) throw error;
        say('error', error.code);
      });
      break;
    }
  }
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  say('refused');
}
client.close();
