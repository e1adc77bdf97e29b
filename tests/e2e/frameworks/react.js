import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { useToken } from 'recipe';

const Session = ({ client }) => useToken(client)?.access_token ?? 'Signed out';

export function mount(client, target) {
  const root = createRoot(target);
  root.render(createElement(Session, { client }));
  return () => root.unmount();
}
