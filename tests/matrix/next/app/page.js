'use client';

import { useEffect } from 'react';
import { start } from '../src/page.js';

export default function Page() {
  useEffect(() => {
    start();
  }, []);
  return (
    <main>
      <button disabled>Sign in</button>
      <output />
    </main>
  );
}
