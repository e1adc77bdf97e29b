// The sections as text, for the terminal.
import { number, ratio, sections } from './sections.mjs';

function cell(found) {
  return found ? [number(found.median), ratio(found.ratio)].filter(Boolean).join(' ') : '–';
}

export function table(run) {
  return sections
    .map(({ title, rows: group, columns }) => {
      const adapters = run[group];
      const shown = columns.filter(({ of }) => adapters.some(of));
      const rows = [
        [title, ...shown.map(({ label, unit }) => `${label}, ${unit}`)],
        ...adapters.map((adapter) => [adapter.title, ...shown.map(({ of }) => cell(of(adapter)))]),
      ];
      const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
      const line = ([first, ...rest]) => [first.padEnd(widths[0]), ...rest.map((text, at) => text.padStart(widths[at + 1]))].join('  ');
      return `\n${rows.map(line).join('\n')}`;
    })
    .join('\n');
}
