// Firefox, driven by WebDriver BiDi, which it speaks itself.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { temporaryFolder } from '../../e2e/harness/package.mjs';
import { start } from './program.mjs';
import { inText } from './text.mjs';

export async function launch() {
  const folder = temporaryFolder();
  const firefox = start(
    process.env.CLAVIGER_FIREFOX,
    ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0'],
    // As root it refuses a home that is another user's.
    { HOME: folder },
  );
  const address = await firefox.printed(/WebDriver BiDi listening on (ws:\S+)\s/);
  const session = await Session.open(`${address}/session`);
  await session.send('session.new', { capabilities: {} });
  const pageOf = (context) => new Page(session, context);
  return {
    newPage: async () => pageOf((await session.send('browsingContext.create', { type: 'tab' })).context),
    windows: async () => (await session.send('browsingContext.getTree', {})).contexts.map(({ context }) => context),
    pageOf,
    close: () => firefox.end(),
  };
}

class Session {
  #socket;
  #pending = new Map();
  #last = 0;

  static async open(url) {
    const session = new Session();
    session.#socket = new WebSocket(url);
    session.#socket.on('message', (text) => session.#take(JSON.parse(text)));
    session.#socket.on('close', () => session.#pending.forEach(({ reject }) => reject(new Error('Firefox is gone.'))));
    await once(session.#socket, 'open');
    return session;
  }

  send(method, params) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #take({ type, id, result, error, message }) {
    const command = this.#pending.get(id);
    this.#pending.delete(id);
    if (type === 'success') command?.resolve(result);
    else command?.reject(new Error(`${error}: ${message}`));
  }
}

class Page {
  constructor(session, context) {
    this.session = session;
    this.context = context;
  }

  async goto(url) {
    await this.session.send('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
  }

  async evaluate(run, argument) {
    const { type, result, exceptionDetails } = await this.session.send('script.callFunction', {
      functionDeclaration: inText(run),
      arguments: argument === undefined ? [] : [{ type: 'string', value: JSON.stringify(argument) }],
      target: { context: this.context },
      awaitPromise: true,
    });
    if (type === 'exception') throw new Error(exceptionDetails.text);
    return result.value && JSON.parse(result.value);
  }

  async click(selector) {
    const point = await this.evaluate((selector) => {
      const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
      return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
    }, selector);
    const actions = [{ type: 'pointerMove', ...point }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }];
    await this.session.send('input.performActions', { context: this.context, actions: [{ type: 'pointer', id: 'mouse', actions }] });
  }

  async close() {
    await this.session.send('browsingContext.close', { context: this.context });
  }
}
