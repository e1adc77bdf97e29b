import { testTool } from './harness/tool.mjs';

await testTool('nuxt');
