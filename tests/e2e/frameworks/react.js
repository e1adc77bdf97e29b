import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { useSession } from 'recipe';

const Session = ({ client }) => useSession(client);

export function mount(client, target) {
  const root = createRoot(target);
  root.render(createElement(Session, { client }));
  return () => root.unmount();
}
