import { Component, afterNextRender, provideBrowserGlobalErrorListeners } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { start } from './page.js';

@Component({ selector: 'app-root', template: '<button disabled>Sign in</button><output></output>' })
class App {
  constructor() {
    afterNextRender(() => void start());
  }
}

bootstrapApplication(App, { providers: [provideBrowserGlobalErrorListeners()] });
