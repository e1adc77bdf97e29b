// A program that the tests start, and end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Started, with variables of its own beside those of the environment. */
export function start(program, parameters, environment) {
  const child = spawn(program, parameters, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').catch(() => {});
  let text = '';
  let read = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
      read();
    });
  }
  return {
    /** What the pattern's group finds in what the program prints, as soon as it does. */
    async printed(pattern) {
      const found = new Promise((resolve) => {
        read = () => pattern.test(text) && resolve(pattern.exec(text)[1]);
        read();
      });
      const early = ended.then(() => {
        throw new Error(`${program} ended before it was ready:\n${text}`);
      });
      return Promise.race([found, early]);
    },
    /** Whoever does not end when told to is made to. */
    async end() {
      child.kill();
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(late);
    },
  };
}
