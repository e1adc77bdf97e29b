// What a login costs those who ask for openid, which they are compared in side by side.
import { measure, size } from './sections.mjs';

/** What all others are compared with here. */
const OWN = 'claviger-openid';

const COLUMNS = [
  size('page', 'brotli'),
  measure('cold start', 'cold', 'ms'),
  measure('cold start, slow 4G', 'cold, network', 'ms'),
  measure('authorize URL', 'authorize', 'µs', 1000),
  measure('callback', 'callback', 'µs', 1000),
];

/** Those who ask for an ID token. */
export const asking = (run) => run.adapters.filter(({ about }) => about.openid);

/** What a login costs, each figure with its ratio to Claviger's, a table with its head first. */
export function figures(adapters, cell) {
  const shown = COLUMNS.filter(({ of }) => adapters.some(of));
  const own = adapters.find(({ name }) => name === OWN);
  const text = (adapter, { of }) => {
    const [found, base] = [of(adapter), own && of(own)];
    return cell(found && { ...found, ratio: base && found.median / base.median });
  };
  return [
    ['A login with openid', ...shown.map(({ label, unit }) => `${label}, ${unit}`)],
    ...adapters.map((adapter) => [adapter.title, ...shown.map((column) => text(adapter, column))]),
  ];
}
