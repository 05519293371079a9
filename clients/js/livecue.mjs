// Listens to LiveCue's event socket and calls rules. Node 18 or newer; nothing but its standard library.
//
//     import { Client, isReal } from './livecue.mjs';
//
//     const client = new Client();
//     for await (const event of client) {
//       if (event.kind === 'gift' && isReal(event)) await client.trigger('thanks', { id: event.id });
//     }
//
// A connection that is lost comes back and goes on where it was. What is spoken is described in docs/api/socket.md.

import { randomUUID } from 'node:crypto';
import { createConnection } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

const VERSION = 2;
const SILENCE = 45_000; // how long nothing may come: there is a heartbeat every 15 seconds
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
const REFUSALS = 5; // connections in a row that may end without a hello: a wrong token is answered with silence
const ROOM = 10_000; // events that may wait for whoever iterates

/** LiveCue does not take the token, or this is not LiveCue. */
export class Refused extends Error {}

/** LiveCue will never take the call; code says why. */
export class CallError extends Error {
  constructor(code, text) {
    super(`${code}: ${text}`);
    this.code = code;
  }
}

/** Whether the event has really happened, and now: whoever gives out something should leave all else alone. */
export const isReal = (event) => !(event.test || event.rehearsed || event.replayed);

/** A connection that comes back. It is an async iterable of events. Close it when done. */
export class Client {
  #options;
  #socket = null;
  #isGreeted = false;
  #isClosed = false;
  #refused = 0;
  #pause = 0;
  #timers = new Set();
  #run = '';
  #seq = 0;
  #waiting = []; // events that nobody has taken
  #takers = []; // those who wait for one
  #calls = new Map(); // by id, those without an answer
  #failure = null;

  /**
   * port and token are those that LiveCue gives to a program it starts. events are the kinds that are wanted, left out being all;
   * onLost(count) is told of events that came and are lost.
   */
  constructor({
    port = process.env.LIVECUE_PORT, token = process.env.LIVECUE_TOKEN, events, onLost = () => {}, host = '127.0.0.1',
  } = {}) {
    if (!port || !token) throw new Error('LIVECUE_PORT and LIVECUE_TOKEN are not set: let LiveCue start the program');
    this.#options = { port: Number(port), token, events, onLost, host };
    this.#connect();
  }

  /**
   * Calls the rules that wait for a signal of that name, until LiveCue has answered. With an id the call has its effect once, however
   * often it is sent. Resolves to whether one of that id has come before.
   */
  trigger(name, { id = randomUUID(), text, count, user } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#failure || this.#isClosed) {
        reject(this.#failure ?? new Error('the client is closed'));
        return;
      }
      this.#calls.set(id, { line: { trigger: name, id, text, count, user }, resolve, reject });
      this.#send(id);
    });
  }

  /** Ends the connection and the iteration. */
  close() { this.#end(null); }

  [Symbol.asyncIterator]() {
    return {
      next: () => new Promise((resolve, reject) => {
        if (this.#waiting.length > 0) resolve({ value: this.#waiting.shift(), done: false });
        else if (this.#failure) reject(this.#failure);
        else if (this.#isClosed) resolve({ value: undefined, done: true });
        else this.#takers.push({ resolve, reject });
      }),
      return: async () => {
        this.close();
        return { value: undefined, done: true };
      },
    };
  }

  #connect() {
    const { host, port, token, events } = this.#options;
    const socket = createConnection({ host, port });
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let isThere = false;
    this.#socket = socket;
    socket.setTimeout(SILENCE, () => socket.destroy());
    socket.on('connect', () => {
      isThere = true;
      const hello = { hello: VERSION, events };
      if (this.#run) Object.assign(hello, { run: this.#run, since: this.#seq });
      socket.write(`${token}\n${JSON.stringify(hello)}\n`);
    });
    socket.on('data', (data) => {
      const lines = (rest + decoder.write(data)).split('\n');
      rest = lines.pop();
      try {
        for (const line of lines) this.#take(JSON.parse(line));
      } catch {
        socket.destroy(); // this is not LiveCue
      }
    });
    socket.on('error', () => {}); // close comes after it
    socket.on('close', () => this.#lost(isThere));
  }

  #lost(isThere) {
    const wasGreeted = this.#isGreeted;
    this.#isGreeted = false;
    this.#socket = null;
    if (this.#isClosed) return;
    if (isThere && !wasGreeted) this.#refused += 1;
    if (this.#refused >= REFUSALS) {
      this.#end(new Refused('the token is not taken'));
      return;
    }
    this.#later(() => this.#connect());
  }

  #take(line) {
    switch (line.type) {
      case 'hello':
        this.#greeted(line);
        break;
      case 'event':
        this.#seq = line.seq;
        this.#hand(line);
        break;
      case 'dropped':
        this.#options.onLost(line.count);
        break;
      case 'ok':
      case 'error':
        this.#answered(line);
        break;
      default: // a heartbeat, or something newer
    }
  }

  #greeted(hello) {
    if (this.#run && hello.missed) this.#options.onLost(hello.missed);
    if (this.#run !== hello.run) this.#seq = this.#run ? 0 : hello.seq;
    this.#run = hello.run;
    this.#isGreeted = true;
    this.#refused = 0;
    this.#pause = 0;
    for (const id of this.#calls.keys()) this.#send(id);
  }

  #hand(event) {
    const taker = this.#takers.shift();
    if (taker) {
      taker.resolve({ value: event, done: false });
      return;
    }
    this.#waiting.push(event);
    if (this.#waiting.length > ROOM) {
      this.#waiting.shift();
      this.#options.onLost(1);
    }
  }

  #answered(line) {
    const call = this.#calls.get(line.id);
    if (!call) return;
    if (line.type === 'error' && (line.code === 'too_many' || line.code === 'not_taken')) {
      this.#later(() => this.#send(line.id));
      return;
    }
    this.#calls.delete(line.id);
    if (line.type === 'ok') call.resolve(line.seen === true);
    else call.reject(new CallError(line.code, line.text));
  }

  #send(id) {
    const call = this.#calls.get(id);
    if (call && this.#isGreeted) this.#socket.write(`${JSON.stringify(call.line)}\n`);
  }

  #later(work) {
    this.#pause = Math.min(Math.max(2 * this.#pause, FIRST_PAUSE), LONGEST_PAUSE);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, this.#pause);
    this.#timers.add(timer);
  }

  #end(failure) {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#failure = failure;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#socket?.destroy();
    for (const { reject } of this.#calls.values()) reject(failure ?? new Error('the client is closed'));
    this.#calls.clear();
    for (const { resolve, reject } of this.#takers.splice(0)) {
      if (failure) reject(failure);
      else resolve({ value: undefined, done: true });
    }
  }
}
