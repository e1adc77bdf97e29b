// tests/vectors/callbacks.expanded.json in Chromium, through both entries. tests/core/vectors.rs runs the same file natively.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { runCase, runInSession } from './harness/callback.mjs';
import { eachEntry, openApp } from './harness/page.mjs';
import { callbacks, expanded } from './harness/vectors.mjs';

test('every vector is expanded, or the expanded file says where it is tested', () => {
  const { cases, elsewhere } = expanded;
  const covered = new Set([...cases.map(({ vector }) => vector), ...elsewhere.map(({ vector }) => vector)]);
  assert.deepEqual(callbacks.map(({ id }) => id).filter((id) => !covered.has(id)), []);
  assert.ok(elsewhere.every(({ reason }) => reason.length > 10));
  assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length, 'ids are unique');
});

test('an expanded case says what its vector says', () => {
  // H106 without the mode that it asks for, and URLs that are handed in and so stand in no address bar.
  const differs = new Set(['H106b', 'H103', 'H104a', 'H104b', 'H104c']);
  const vectors = new Map(callbacks.map((vector) => [vector.id, vector]));
  for (const given of expanded.cases.filter(({ vector, id }) => vector && !differs.has(id))) {
    const vector = vectors.get(given.vector);
    assert.equal(given.expect, vector.expect.split(' ')[0], given.id);
    assert.equal(given.code, vector.code, given.id);
    assert.equal(given.scrub, vector.scrub, given.id);
    if ('consume_pending' in vector) {
      assert.equal(given.consume_pending, vector.consume_pending, given.id);
    }
  }
});

eachEntry((entry) => {
  // One tab for many cases: each starts with empty storages and clients of its own. A history has room for 50 entries.
  let app;
  let played = 0;
  beforeEach(async () => {
    if (!app) app = await openApp(undefined, { entry });
    if (played % 40 === 0) app = await app.newTab();
    played += 1;
  });

  for (const given of expanded.cases) {
    test(`${given.rule ? `rule ${given.rule}: ` : ''}${given.id}: ${given.code ?? given.expect}`, () => runCase(app, given));
  }

  for (const given of expanded.cases.filter(({ expect }) => expect === 'REJECT')) {
    test(`rule P16: ${given.id}: ${given.code} leaves the session as it was`, () => runInSession(app, given));
  }
});
