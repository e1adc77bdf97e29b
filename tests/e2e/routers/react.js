import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Link, useLocation } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { startRouter } from 'recipe';
import { client } from './client.js';

function Issues() {
  const { search, hash } = useLocation();
  return [`Issues ${search}${hash} `, createElement(Link, { key: 'about', to: '/about' }, 'About')];
}

const router = await startRouter(client, [
  { path: '/issues', Component: Issues },
  { path: '/about', element: 'About us' },
  { path: '*', element: 'Elsewhere' },
]);
createRoot(document.querySelector('main')).render(createElement(RouterProvider, { router }));
