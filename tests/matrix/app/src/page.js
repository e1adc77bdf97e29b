// What an application writes: a button that signs in, and an answer of the API.
import 'claviger/early';
import { createClient } from 'claviger';
import { loadModule } from './load-module.js';

export async function start() {
  const button = document.querySelector('button');
  const output = document.querySelector('output');
  const show = (value) => {
    output.textContent = String(value);
  };
  try {
    const { options, api } = await (await fetch('/settings.json')).json();
    await loadModule();
    const client = await createClient(options);
    if (await client.handleRedirect()) {
      show(await (await client.fetch(api)).text());
    } else {
      button.onclick = () => client.login().catch(show);
      button.disabled = false;
    }
  } catch (error) {
    show(error);
  }
}
