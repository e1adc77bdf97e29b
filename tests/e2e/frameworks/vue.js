import { createApp } from 'vue';
import { useSession } from 'recipe';

export function mount(client, target) {
  const app = createApp({
    setup() {
      const session = useSession(client);
      return () => session.value;
    },
  });
  app.mount(target);
  return () => app.unmount();
}
