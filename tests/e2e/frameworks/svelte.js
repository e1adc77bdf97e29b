import { mount as mountComponent, unmount } from 'svelte';
import { tokenOf } from 'recipe';
import Session from './Session.svelte';

export function mount(client, target) {
  const session = mountComponent(Session, { target, props: { token: tokenOf(client) } });
  return () => unmount(session);
}
