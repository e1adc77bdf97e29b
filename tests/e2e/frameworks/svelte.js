import { mount as mountComponent, unmount } from 'svelte';
import { sessionOf } from 'recipe';
import Session from './Session.svelte';

export function mount(client, target) {
  const mounted = mountComponent(Session, { target, props: { session: sessionOf(client) } });
  return () => unmount(mounted);
}
