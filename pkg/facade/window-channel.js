// A response that came to another window than the one that waits for it: RFC 6749 knows nothing of
// windows, so it is the state that says whose it is, and the waiting window verifies it as any other.
import { STATE_LENGTH } from 'claviger:numbers';
import { reasonOf } from './abort.js';
import { closeChannel, openChannel } from './broadcast.js';

/** How long the waiting window may take to say that it has it. */
const REPLY_TIMEOUT_MS = 500;

const STATE = new RegExp(`[?#&/]state=([\\w-]{${STATE_LENGTH}})(?=[&#]|$)`);

/** The state of a response, wherever in the URL it stands. */
function stateOf(url) {
  return STATE.exec(url)?.[1];
}

/** A channel for each state, so that a page that does not know the state can't listen. */
function channelOf(state) {
  return openChannel(`claviger:${state}`);
}

/** Hands a response to the window that waits for it; the promise tells whether one took it. */
export function relay(url) {
  const state = stateOf(url);
  const channel = state && channelOf(state);
  const windows = [globalThis.opener, globalThis.parent].filter((window) => window && window !== globalThis);
  if (!state || (!channel && !windows.length)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (isTaken) => {
      clearTimeout(timer);
      globalThis.removeEventListener('message', hear);
      closeChannel(channel);
      resolve(isTaken);
    };
    const hear = ({ data, origin }) => {
      if (data === `claviger:${state}` && (!origin || origin === location.origin)) end(true);
    };
    const timer = setTimeout(() => end(false), REPLY_TIMEOUT_MS);
    globalThis.addEventListener('message', hear);
    if (channel) channel.onmessage = hear;
    // A page that isolates itself has no opener, and an engine that parts storage has no channel.
    channel?.postMessage(url);
    for (const window of windows) window.postMessage(url, location.origin);
  });
}

/** Hands on what this window was opened with, and closes it. */
export async function relayAndClose(url) {
  const isTaken = await relay(url);
  // A frame is taken away by the window that made it.
  if (isTaken && globalThis.parent === globalThis) globalThis.close();
  return isTaken;
}

/** A response whose state is unknown here can be one that another window waits for. */
export async function rescue(error, url) {
  if (error.code === 'unknown_state' && (await relayAndClose(url))) return null;
  throw error;
}

/** Waits for the response to a login: the URL that `window`, or a page of this origin, hands over; signals end it. */
export function waitFor(request, window, signals) {
  const state = new URL(request).searchParams.get('state');
  const channel = channelOf(state);
  return new Promise((resolve, reject) => {
    const end = () => {
      globalThis.removeEventListener('message', hear);
      for (const signal of signals) signal.removeEventListener('abort', stop);
      closeChannel(channel);
    };
    const stop = ({ target }) => {
      end();
      reject(reasonOf(target));
    };
    const take = (data, reply) => {
      if (typeof data !== 'string' || stateOf(data) !== state) return;
      reply(`claviger:${state}`);
      // Later, because a channel that closes at once can lose the reply.
      setTimeout(end);
      resolve(data);
    };
    const hear = ({ data, origin, source }) => {
      if (source === window && origin === location.origin) take(data, (answer) => source.postMessage(answer, origin));
    };
    globalThis.addEventListener('message', hear);
    // The channel's name has the state in it, so whoever posts there knows the state.
    if (channel) channel.onmessage = ({ data }) => take(data, (answer) => channel.postMessage(answer));
    for (const signal of signals) {
      if (signal.aborted) stop({ target: signal });
      else signal.addEventListener('abort', stop);
    }
  });
}
