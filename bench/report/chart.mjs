// Bar charts as SVG, drawn here: a bar for each adapter, the shortest above.
import { number, sections } from './sections.mjs';

const [WIDTH, LABEL, VALUE, ROW, BAR] = [760, 200, 90, 24, 16];
const COLOURS = { claviger: '#c2410c', 'by-hand': '#6b7280', other: '#93a9c9' };

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function colour({ name }) {
  const own = Object.keys(COLOURS).find((start) => name.startsWith(start));
  return COLOURS[own ?? 'other'];
}

/** Where the picture ends: a few long bars must not make all others invisible. */
function end(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.min(sorted.at(-1), 3 * sorted[Math.floor(sorted.length / 2)]);
}

function chart(adapters, { of }, caption) {
  const bars = adapters
    .map((adapter) => ({ adapter, value: of(adapter)?.median }))
    .filter(({ value }) => value !== undefined)
    .sort((one, other) => one.value - other.value);
  const longest = end(bars.map(({ value }) => value)) || 1;
  const space = WIDTH - LABEL - VALUE;
  const height = 44 + bars.length * ROW;
  const rows = bars.map(({ adapter, value }, at) => {
    const top = 36 + at * ROW;
    const width = (Math.min(Math.max(value, 0), longest) / longest) * space;
    const text = (x, words, anchor) => `<text x="${x}" y="${top + 13}" text-anchor="${anchor}">${escape(words)}</text>`;
    // An arrow's head says that the bar is longer than the picture.
    const shape = value > longest ? `M${LABEL} ${top}h${space - 8}l8 ${BAR / 2}l-8 ${BAR / 2}h-${space - 8}z` : `M${LABEL} ${top}h${width.toFixed(1)}v${BAR}h-${width.toFixed(1)}z`;
    return `${text(LABEL - 8, adapter.title, 'end')}<path d="${shape}" fill="${colour(adapter)}"/>${text(LABEL + width + 6, number(value), 'start')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(caption)}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2937">
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="20" font-size="14" font-weight="600">${escape(caption)}</text>
${rows.join('\n')}
</svg>
`;
}

/** Each file's name with its picture. */
export function charts(run) {
  return sections.flatMap(({ rows, columns, charts }) => charts.map(({ file, column, caption }) => [file, chart(rows(run), columns[column], caption)]));
}
