// The examples that the documents mark with their names.
import { readFileSync } from 'node:fs';

/** Those of docs/<document>.md: their code by their names. */
export function examplesOf(document) {
  const text = readFileSync(new URL(`../../../docs/${document}.md`, import.meta.url), 'utf8');
  return Object.fromEntries([...text.matchAll(/<!-- example: (\w+) -->\n```\w+\n(.*?)```/gs)].map(([, name, code]) => [name, code]));
}
