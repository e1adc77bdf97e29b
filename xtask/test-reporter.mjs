// A reporter for `node --test`: one JSON line for each test case, for `cargo xtask test` to count and to tell.
import { relative, resolve } from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';

/** What is known of each test file: how many cases it reported, which of them run, and the last that it printed. */
const files = new Map();
/** The names of the suites and tests around the current one. */
const path = [];

export default async function* lines(events) {
  for await (const { type, data } of events) {
    const report = handlers[type]?.(data);
    if (report !== undefined) yield `${JSON.stringify(report)}\n`;
  }
}

const handlers = {
  'test:dequeue': (data) => void (isFile(data) || fileOf(data).running.add(data.name)),
  'test:stdout': printed,
  'test:stderr': printed,
  'test:start': (data) => void path.splice(data.nesting, Infinity, data.name),
  'test:pass': (data) => ended(data, 'passed'),
  'test:fail': (data) => ended(data, 'failed'),
};

function fileOf({ file }) {
  if (!files.has(file)) files.set(file, { cases: 0, running: new Set(), text: '' });
  return files.get(file);
}

/** A file is a test of its own, and no case. */
function isFile({ nesting, name, file }) {
  return nesting === 0 && file !== undefined && resolve(name) === file;
}

function printed(data) {
  const file = fileOf(data);
  file.text = (file.text + stripVTControlCharacters(data.message)).slice(-4000);
}

function ended(data, result) {
  const file = fileOf(data);
  if (isFile(data)) return fileEnded(data, result, file);
  file.running.delete(data.name);
  const error = data.details?.error;
  const isLeftOut = data.skip !== undefined || data.todo !== undefined;
  // A suite counts when it was left out as a whole, or failed by itself, in a hook of its own.
  const isSum = result === 'passed' || error?.failureType === 'subtestsFailed';
  if (data.details?.type === 'suite' && isSum && !isLeftOut) return undefined;
  file.cases += 1;
  const name = [relative(process.cwd(), data.file), ...path.slice(0, data.nesting), data.name].join(' › ');
  if (isLeftOut) {
    const reason = [data.skip, data.todo].find((text) => typeof text === 'string' && text !== '');
    return { result: 'skipped', name, reason };
  }
  return result === 'passed' ? { result, name } : { result, name, error: told(error) };
}

function fileEnded({ name, details }, result, { cases, running, text }) {
  const problems = [];
  if (result === 'failed') problems.push(told(details?.error));
  if (cases === 0) problems.push('It reported no test.');
  if (problems.length === 0) return undefined;
  if (running.size > 0) problems.push(`Not ended: ${[...running].join(', ')}.`);
  const error = [...problems, text].join('\n');
  return { result: 'failed', name: relative(process.cwd(), resolve(name)), error };
}

/** What went wrong and where, without the runner's own frames. */
function told(error) {
  const cause = error?.cause ?? error;
  const text = stripVTControlCharacters(typeof cause === 'string' ? cause : inspect(cause));
  return text.split('\n').filter((line) => !/^\s+at .*\bnode:/.test(line)).join('\n');
}
