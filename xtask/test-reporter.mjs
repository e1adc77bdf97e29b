// A reporter for `node --test`: one JSON line for each test case, for `cargo xtask test` to count.
import { relative } from 'node:path';

export default async function* lines(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isFile = data.nesting === 0 && data.file !== undefined && data.name === relative(process.cwd(), data.file);
    if (data.details?.type === 'suite' || (isFile && type === 'test:pass')) continue;
    const result = type === 'test:fail' && data.todo === undefined ? 'failed' : data.skip === undefined ? 'passed' : 'skipped';
    const reason = typeof data.skip === 'string' ? data.skip : undefined;
    yield `${JSON.stringify({ result, name: data.name, reason })}\n`;
  }
}
