import '@angular/compiler';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { sessionOf } from 'recipe';

export async function mount(client, target) {
  class Session {
    session = sessionOf(client);
  }
  // What the decorator @Component does.
  const component = Component({ selector: 'session', template: '{{ session() }}' })(Session);
  const app = await createApplication({ providers: [provideZonelessChangeDetection()] });
  app.bootstrap(component, target);
  return () => app.destroy();
}
