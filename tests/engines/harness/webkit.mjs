// WebKitGTK, driven by WebDriver in a display of its own: it has no headless mode.
import { createServer } from 'node:net';
import { temporaryFolder } from '../../e2e/harness/package.mjs';
import { start } from './program.mjs';
import { inText } from './text.mjs';

export async function launch() {
  const folder = temporaryFolder();
  const screen = start('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp']);
  // It chooses a display that is free, says which ones are not, and prints its number.
  const display = await screen.printed(/^(\d+)\n/m);
  const port = await freePort();
  const webkit = start(process.env.CLAVIGER_WEBKIT, [`--port=${port}`], {
    DISPLAY: `:${display}`,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
  });
  const driver = `http://127.0.0.1:${port}`;
  await ready(driver);
  const session = await Session.open(driver);
  return {
    newPage: () => session.newPage(),
    windows: () => session.windows(),
    pageOf: (handle) => session.pageOf(handle),
    async close() {
      await session.close();
      await webkit.end();
      await screen.end();
    },
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ready(driver) {
  for (const end = Date.now() + 20_000; ; ) {
    try {
      return await send('GET', `${driver}/status`);
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function send(method, url, parameters) {
  const signal = AbortSignal.timeout(60_000);
  const answer = await fetch(url, { method, signal, body: parameters && JSON.stringify(parameters) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

class Session {
  /** The window that commands are for. */
  #current;

  static async open(driver) {
    const { sessionId } = await send('POST', `${driver}/session`, { capabilities: {} });
    const session = new Session();
    session.url = `${driver}/session/${sessionId}`;
    // It stays, so that there always is one to open others from.
    session.first = await send('GET', `${session.url}/window`);
    return session;
  }

  async command(handle, method, path, parameters) {
    if (handle !== this.#current) {
      await send('POST', `${this.url}/window`, { handle });
      this.#current = handle;
    }
    return send(method, `${this.url}${path}`, parameters);
  }

  async newPage() {
    // A tab of the driver's is hidden behind the first, and what is hidden can't open windows.
    const { handle } = await this.command(this.first, 'POST', '/window/new', { type: 'window' });
    return this.pageOf(handle);
  }

  windows() {
    return send('GET', `${this.url}/window/handles`);
  }

  pageOf(handle) {
    return new Page((...command) => this.command(handle, ...command));
  }

  close() {
    return send('DELETE', this.url);
  }
}

class Page {
  #command;

  constructor(command) {
    this.#command = command;
  }

  async goto(url) {
    await this.#command('POST', '/url', { url });
  }

  async evaluate(run, argument) {
    const { value, thrown } = await this.#command('POST', '/execute/async', {
      script: `const [given, done] = arguments;
        (${inText(run)})(given).then((value) => done({ value }), (error) => done({ thrown: String(error) }));`,
      args: [JSON.stringify(argument)],
    });
    if (thrown) throw new Error(thrown);
    return value && JSON.parse(value);
  }

  async click(selector) {
    const element = await this.#command('POST', '/element', { using: 'css selector', value: selector });
    await this.#command('POST', `/element/${Object.values(element)[0]}/click`, {});
  }

  async close() {
    await this.#command('DELETE', '/window');
  }
}
