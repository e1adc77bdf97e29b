import { createApp, h } from 'vue';
import { RouterLink, RouterView, useRoute } from 'vue-router';
import { startRouter } from 'recipe';
import { client } from './client.js';

const Issues = {
  setup() {
    const route = useRoute();
    return () => [`Issues ${route.fullPath.slice(route.path.length)} `, h(RouterLink, { to: '/about' }, () => 'About')];
  },
};

const router = await startRouter(client, [
  { path: '/issues', component: Issues },
  { path: '/about', component: { render: () => 'About us' } },
  { path: '/:rest(.*)', component: { render: () => 'Elsewhere' } },
]);
createApp(RouterView).use(router).mount('main');
