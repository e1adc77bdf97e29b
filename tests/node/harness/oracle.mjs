// Comparing the package's verdicts with another library's. Where the two differ, the difference is listed with its
// reason; one that is not listed fails, and so does a line of the list that no case needs.
import assert from 'node:assert/strict';
import { random } from './random.mjs';

/** A good case, one with each change alone, then ones with two or three changes, until there are so many. */
export function generate(changes, number, seed) {
  const pick = random(seed);
  const names = Object.keys(changes);
  const cases = [[], ...names.map((name) => [name])];
  while (cases.length < number) cases.push([...new Set([pick(names), pick(names), pick(names)].slice(pick([0, 1])))]);
  return cases;
}

const kind = (verdict) => verdict.split(' ')[0];

/**
 * Compares verdicts, each the names of a case's changes, `ours` and `theirs`, and their differences with those that are
 * listed. Of each of the `kinds` of verdicts there have to be some in which the two agree.
 */
export function compare(verdicts, differences, library, kinds) {
  const unlisted = [];
  const seen = new Set();
  for (const { names, ours, theirs } of verdicts.filter(({ ours, theirs }) => ours !== theirs)) {
    const difference = `${kind(ours)}, ${kind(theirs)}`;
    const reasons = differences.flatMap(({ when, is }) => when.filter((name) => names.includes(name) && is.includes(difference)));
    if (!reasons.length) unlisted.push(`${names.join(' + ')}: ${ours}; ${library}: ${theirs}`);
    // Where there are several, none of them has to be the one.
    if (reasons.length === 1) [reasons[0], `${reasons[0]}: ${difference}`].forEach((name) => seen.add(name));
  }
  assert.deepEqual(unlisted, []);
  for (const { when, is } of differences) {
    for (const name of when) assert.ok(seen.has(name), `${name} makes no difference to ${library}`);
    for (const difference of is) assert.ok(when.some((name) => seen.has(`${name}: ${difference}`)), `${when} is never ${difference}`);
  }
  const agreed = verdicts.filter(({ ours, theirs }) => ours === theirs);
  for (const verdict of kinds) {
    assert.ok(agreed.filter(({ ours }) => kind(ours) === verdict).length >= 10, `too few of ${verdict}`);
  }
}
