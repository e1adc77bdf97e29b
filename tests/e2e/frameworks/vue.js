import { createApp } from 'vue';
import { useToken } from 'recipe';

export function mount(client, target) {
  const app = createApp({
    setup() {
      const token = useToken(client);
      return () => token.value?.access_token ?? 'Signed out';
    },
  });
  app.mount(target);
  return () => app.unmount();
}
