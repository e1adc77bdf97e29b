// The ceilings and aims of docs/goals.md that time and memory have, with what a run measured. Most are ratios to other
// clients of the same run, because another machine gives other figures and much the same ratios.
import { number } from './sections.mjs';

const SMALL = ['claviger-implicit', 'claviger-implicit-again'];
const WITH_A_TOKEN = [...SMALL, 'claviger'];
const ALL = [...WITH_A_TOKEN, 'claviger-code'];

const isOther = ({ name }) => !name.startsWith('claviger') && !name.startsWith('by-hand');

/** The fastest other client that gets a code too and scrubs. */
function fastest(adapters, key) {
  return adapters
    .filter((adapter) => isOther(adapter) && adapter.scrubs && adapter.about.flow.startsWith('code') && adapter.about.openid !== 'asked')
    .filter(({ measures }) => measures[key])
    .sort((one, other) => one.measures[key].median - other.measures[key].median)
    .at(0);
}

const of = (name) => (adapters) => adapters.find((adapter) => adapter.name === name);

/** `most` is what the ratio to `against` may be, or without it what the figure may be. */
const goals = [
  {
    title: 'cold start', rows: SMALL, key: 'cold', unit: 'ms',
    ceiling: { against: of('oidc-client-ts'), most: 1 },
    aim: { against: of('keycloak-js'), most: 1 },
  },
  {
    title: 'cold start, slow 4G', rows: SMALL, key: 'cold, network', unit: 'ms',
    ceiling: { against: of('oidc-client-ts'), most: 1 },
    aim: { against: of('keycloak-js'), most: 1 },
  },
  {
    title: 'authorize URL', rows: WITH_A_TOKEN, key: 'authorize', unit: 'ms',
    ceiling: { against: of('keycloak-js'), most: 1.1 },
    aim: { against: of('keycloak-js'), most: 1 },
  },
  {
    title: 'authorize URL after 100 abandoned logins', rows: WITH_A_TOKEN, key: 'authorize 100', unit: 'ms',
    ceiling: { against: of('keycloak-js'), most: 1 },
    aim: { against: of('keycloak-js'), most: 1 },
  },
  {
    title: 'callback with a token', rows: WITH_A_TOKEN, key: 'callback', unit: 'ms',
    ceiling: { against: of('by-hand-scrubbing'), most: 1.3 },
    aim: { against: of('by-hand-scrubbing'), most: 1 },
  },
  {
    title: 'callback with a code', rows: ['claviger-code'], key: 'callback', unit: 'ms',
    ceiling: { against: fastest, most: 1 },
    aim: { against: of('by-hand-code-scrubbing'), most: 1 },
  },
  { title: 'added to a fetch', rows: ALL, key: 'overhead', unit: 'µs', ceiling: { most: 9 }, aim: { most: 5 } },
  {
    title: 'WebAssembly memory', rows: ALL, key: 'wasm', unit: 'B',
    ceiling: { most: 128 * 1024 },
    aim: { most: 64 * 1024 },
  },
];

/** A bound with the figure that it is for. */
function judged(adapters, key, value, { against, most }) {
  if (!against) return { most, isMet: value <= most };
  const other = against(adapters, key);
  const base = other?.measures[key]?.median;
  return base && { against: other.name, value: base, ratio: value / base, most, isMet: value / base <= most };
}

/** Of each goal and row that were measured. */
export function ceilings(adapters) {
  return goals.flatMap(({ title, rows, key, unit, ceiling, aim }) =>
    rows.flatMap((row) => {
      const value = of(row)(adapters)?.measures[key]?.median;
      if (value === undefined) return [];
      const [ofCeiling, ofAim] = [ceiling, aim].map((bound) => judged(adapters, key, value, bound));
      return [{ title, row, value, unit, ceiling: ofCeiling, aim: ofAim }];
    }),
  );
}

function words(bound) {
  if (!bound) return '–';
  const { against, ratio, most, isMet } = bound;
  const measured = against ? [`×${ratio.toFixed(2)} of ${against},`] : [];
  return [...measured, isMet ? 'within' : 'above', against ? `×${most}` : number(most)].join(' ');
}

/** A table of them, its head first. */
export function compared(found) {
  const cells = ({ title, row, value, unit, ceiling, aim }) =>
    [`${title}: ${row}`, `${number(value)} ${unit}`, words(ceiling), words(aim)];
  return [['Ceilings', 'measured', 'ceiling', 'aim'], ...found.map(cells)];
}
