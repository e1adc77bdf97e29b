import '@angular/compiler';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { tokenOf } from 'recipe';

export async function mount(client, target) {
  class Session {
    token = tokenOf(client);
  }
  // What the decorator @Component does.
  const component = Component({ selector: 'session', template: "{{ token()?.access_token ?? 'Signed out' }}" })(Session);
  const app = await createApplication({ providers: [provideZonelessChangeDetection()] });
  app.bootstrap(component, target);
  return () => app.destroy();
}
