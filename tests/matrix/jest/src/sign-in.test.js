import { expect, test } from '@jest/globals';
import { signIn } from './sign-in.js';

test('signs in', async () => {
  const answer = await signIn(JSON.parse(process.env.SETTINGS));
  console.log(answer);
  expect(answer).toBe('{"isKnown":true}');
});
