// jsdom, and what it lacks of a browser, as Node has it.
import { TestEnvironment } from 'jest-environment-jsdom';

export default class PageEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Headers, Request, Response, ReadableStream, AbortController, AbortSignal, TextDecoder, TextEncoder, WebAssembly });
  }
}
