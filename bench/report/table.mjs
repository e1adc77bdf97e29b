// The sections as text, for the terminal.
import { compared } from './ceilings.mjs';
import { asking, figures } from './openid.mjs';
import { number, ratio, sections } from './sections.mjs';

function cell(found) {
  return found ? [number(found.median), ratio(found.ratio)].filter(Boolean).join(' ') : '–';
}

/** Columns below each other. */
function aligned(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const line = ([first, ...rest]) => [first.padEnd(widths[0]), ...rest.map((text, at) => text.padStart(widths[at + 1]))].join('  ');
  return `\n${rows.map(line).join('\n')}`;
}

export function table(run) {
  const measured = sections
    .map(({ title, rows, columns }) => {
      const adapters = rows(run);
      const shown = columns.filter(({ of }) => adapters.some(of));
      return adapters.length && shown.length && [
        [title, ...shown.map(({ label, unit }) => `${label}, ${unit}`)],
        ...adapters.map((adapter) => [adapter.title, ...shown.map(({ of }) => cell(of(adapter)))]),
      ];
    })
    .filter(Boolean);
  return [...measured, figures(asking(run), cell), compared(run.ceilings)].map(aligned).join('\n');
}
