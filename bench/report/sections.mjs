// What the table on the terminal, the page of results and its pictures show, told once.

const LOGINS = [0, 10, 100, 1000, 5000];

export const size = (part, kind) => ({
  label: `${part === 'page' ? 'the page' : 'all exports'}, ${kind}`,
  of: ({ bytes }) => bytes[part] && { median: bytes[part][kind] },
  unit: 'B',
});

/** A measure by its key; `factor` brings it into the unit. */
export const measure = (label, key, unit, factor = 1, hasRatio = false) => ({
  label,
  unit,
  of: ({ measures }) => {
    const found = measures[key];
    if (!found) return undefined;
    const { median, lower, upper, ratio } = found;
    return { median: median * factor, lower: lower * factor, upper: upper * factor, ...(hasRatio && { ratio }) };
  },
});

const abandoned = (call) =>
  LOGINS.map((logins) => {
    const { of, ...column } = measure(logins.toLocaleString('en'), `${call} ${logins}`, 'µs', 1000);
    const none = ({ measures }) => measures[`${call} 0`]?.median * 1000;
    return {
      ...column,
      of: (adapter) => {
        const found = of(adapter);
        return found && logins > 0 ? { ...found, ratio: found.median / none(adapter) } : found;
      },
    };
  });

/** Those who were asked for openid beside another of the same client have a table of their own. */
export const adapters = (run) => run.adapters.filter(({ about }) => about.openid !== 'asked');

/** One kind of callback: who scrubs does more, and who exchanges a code waits for a request. */
function callback(title, file, hasCode, scrubs, text) {
  return {
    title,
    rows: (run) => adapters(run).filter((adapter) => adapter.about.flow.startsWith('code') === hasCode && adapter.scrubs === scrubs),
    text,
    columns: [measure('callback', 'callback', 'µs', 1000, true)],
    charts: [{ file, column: 0, caption: `${title}, microseconds` }],
  };
}

/** `rows` picks what is compared from a run; a `chart` names the column that is drawn. */
export const sections = [
  {
    title: 'Bytes over the wire',
    rows: adapters,
    text: 'The smallest page that signs in and calls an API, bundled by esbuild and minified, and everything that the package exports. Brotli 11 and gzip 9; of a page in several files, those that are loaded.',
    columns: [size('page', 'brotli'), size('page', 'gzip'), size('everything', 'brotli'), size('everything', 'gzip')],
    charts: [{ file: 'bytes', column: 0, caption: 'Bytes of the smallest page, brotli' }],
  },
  {
    title: 'Cold start',
    rows: adapters,
    text: 'From the import to the first authorize URL, with nothing in a cache: as the machine is, with the processor slowed four times, and on a slow 4G (150 ms, 1.6 Mbit/s).',
    columns: [
      measure('plain', 'cold', 'ms', 1, true),
      measure('processor slowed', 'cold, processor', 'ms', 1, true),
      measure('slow 4G', 'cold, network', 'ms', 1, true),
    ],
    charts: [
      { file: 'cold', column: 0, caption: 'Cold start, milliseconds' },
      { file: 'cold-slow-4g', column: 2, caption: 'Cold start on a slow 4G, milliseconds' },
    ],
  },
  {
    title: 'An authorize URL',
    rows: adapters,
    text: 'With its state kept, for the code its verifier too.',
    columns: [measure('authorize URL', 'authorize', 'µs', 1000, true)],
    charts: [{ file: 'authorize', column: 0, caption: 'One authorize URL, microseconds' }],
  },
  callback(
    'A callback with a token, scrubbed', 'callback-token-scrubbed', false, true,
    'The response read, verified and taken out of the address bar, and the token there.',
  ),
  callback(
    'A callback with a token, not scrubbed', 'callback-token', false, false,
    'The same by those who leave the token in the address bar and in the history.',
  ),
  callback(
    'A callback with a code, scrubbed', 'callback-code-scrubbed', true, true,
    'The response read, verified and taken out of the address bar, the code exchanged at the server on loopback, and the token there.',
  ),
  callback(
    'A callback with a code, not scrubbed', 'callback-code', true, false,
    'The same by those who leave the response in the address bar and in the history.',
  ),
  {
    title: 'An authenticated fetch',
    rows: adapters,
    text: 'Against a plain `fetch` with the header set by hand, which is 1: to a server on loopback, one after the other and 16 at a time. Then the time that a call costs beyond the plain one when the network is replaced by an answer that is already there.',
    columns: [
      measure('one by one', 'alone', '×'),
      measure('16 at a time', 'together', '×'),
      measure('added, without network', 'overhead', 'µs'),
    ],
    charts: [{ file: 'fetch', column: 2, caption: 'Added to a fetch, microseconds' }],
  },
  {
    title: 'An authorize URL after abandoned logins',
    rows: adapters,
    text: 'The number of logins that were begun and not finished; × is against none.',
    columns: abandoned('authorize'),
    charts: [{ file: 'abandoned', column: LOGINS.length - 1, caption: 'One authorize URL after 5,000 abandoned logins, microseconds' }],
  },
  {
    title: 'A callback after abandoned logins',
    rows: adapters,
    text: 'The same for the callback of the login that was begun last.',
    columns: abandoned('callback'),
    charts: [],
  },
  {
    title: 'Memory after start',
    rows: adapters,
    text: 'The JavaScript heap after a collection, less that of the empty page, and WebAssembly memory.',
    columns: [measure('heap', 'heap', 'KiB', 1 / 1024), measure('WebAssembly', 'wasm', 'KiB', 1 / 1024)],
    charts: [],
  },
];

/** Three digits say enough; bytes and long times are told whole. */
export function number(value) {
  return value.toLocaleString('en', Math.abs(value) < 1000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
}

export const ratio = (value) => (value === undefined ? '' : `×${value.toFixed(2)}`);
