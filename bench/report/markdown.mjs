// The page of results for the documentation.
import { compared } from './ceilings.mjs';
import { asking, figures } from './openid.mjs';
import { adapters, number, ratio, sections } from './sections.mjs';

const row = (cells) => `| ${cells.join(' | ')} |`;

/** Words stand left, numbers right. */
export function grid(head, rows, rule) {
  return [row(head), row(head.map((_, at) => (at ? rule : '---'))), ...rows.map(row)].join('\n');
}

function cell(found) {
  if (!found) return '–';
  const { median, lower, upper } = found;
  const spread = lower === undefined || lower === upper ? '' : `(${number(lower)} … ${number(upper)})`;
  return [number(median), spread, ratio(found.ratio)].filter(Boolean).join(' ');
}

function section({ title, text, columns, charts }, rows) {
  const shown = columns.filter(({ of }) => rows.some(of));
  const head = ['', ...shown.map(({ label, unit }) => `${label}, ${unit}`)];
  const pictures = charts.map(({ file, caption }) => `![${caption}](benchmarks/${file}.svg)\n`);
  return [`## ${title}\n`, `${text}\n`, ...pictures, grid(head, rows.map((adapter) => [adapter.title, ...shown.map(({ of }) => cell(of(adapter)))]), '---:')].join('\n');
}

const NOTES = {
  oncePerPage: 'one login for each page, so that its calls are the first of a page, and abandoned logins are not measured',
  keepsOneLogin: 'keeps one login, and the next ends it: abandoned logins are not measured',
};

function known({ title, version, about, scrubs }) {
  const notes = [about.note, ...Object.entries(NOTES).filter(([key]) => about[key]).map(([, note]) => note)];
  return [title, version ?? '', about.flow, about.state, scrubs ? 'yes' : 'no', notes.filter(Boolean).join('; ')];
}

/** The machine, and what it had to do beside the run. */
const where = ({ machine, load: [before, after] }) =>
  `${machine.cores} cores of ${machine.processor} with ${machine.gigabytes} GiB, whose load was ${number(before)} when the measures began and ${number(after)} when they ended`;

export function markdown(run) {
  const { date, chromium, node } = run;
  const shown = adapters(run);
  const [[, ...openIdHead], ...openIdRows] = figures(asking(run), cell);
  const [[, ...head], ...goals] = compared(run.ceilings);
  const rounds = shown.flatMap(({ measures }) => Object.values(measures).map((measure) => measure.rounds));
  return `# Benchmarks

Claviger beside the clients that one could take instead, and beside what a page can do by hand. \`cargo xtask bench\` wrote this page on ${date}, with Chromium ${chromium}, headless, and Node ${node}, on ${where(run)}. Which ID tokens those believe that ask for one is on [a page of its own](id-tokens.md).

Figures are medians of one run, with the quartiles in brackets; × is the ratio to the adapter by hand of the same kind: with a token or a code, scrubbing the URL or not. Another machine gives other figures, and should give much the same ratios. Rounds, ${Math.min(...rounds)} to ${Math.max(...rounds)} of each measure, are interleaved in a shuffled order, and each has a browser context of its own. One adapter is measured twice: what differs between the two is noise. Every adapter is proved to do its job before it is measured.

## What was measured

Where a client has no implicit flow its nearest path is measured: a code is exchanged at the server on loopback, and that request is part of the callback. Whether a client scrubs the URL is not told but seen, in the address bar after the callback. The server is a process of its own, and each callback starts on a settled page: the browser has committed the URL with the response, and is idle.

${grid(['', 'version', 'flow', 'who keeps the state', 'scrubs the URL', ''], shown.map(known), '---')}

${sections.map((one) => section(one, one.rows(run))).join('\n\n')}

## A login with openid

Those who ask for an ID token, side by side: each with a code and \`openid\`, by its own defaults; [which checks each one makes](id-tokens.md) is on another page. × is the ratio to Claviger. A callback is the response read, the code exchanged at the server on loopback, the ID token checked, and the token there; who verifies the signature has asked for the keys in a callback before.

${grid(['', ...openIdHead], openIdRows, '---:')}

## Ceilings and aims

What the [goals](goals.md) allow, with the ratios of this run.

${grid(['', ...head], goals, '---')}

## What was unfair

- The grants differ: who exchanges a code pays for a request in the callback, and for PKCE in the authorize URL, which the implicit grant does not have. Compare callbacks within one flow.
- The clients differ in what they check, and in what they can do beside this job. What is done by hand is the least that works.
- Calls are repeated in one page, which a page in use seldom does: the code is warm. The cold start says more of a first login.
- An authorize URL and a callback start on an idle page, as with a user's click: threads sleep, and who wakes one by writing to the storage pays for it. In a loop the same calls are shorter.
- A call whose time is below the clock's grain of 5 µs is the mean of the middle half of many.
- For the figure without network, \`fetch\` makes its \`Request\` and answers at once. A timer that a client waits for counts there, although it leaves the main thread free.
- In pictures, a bar with an arrow's head is longer than the picture.
`;
}
