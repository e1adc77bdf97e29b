import { authorize, create, finish, initSync, logout, start, usableFor } from 'claviger:glue';
import module from 'claviger:wasm';
import { entry } from './entry.js';

const core = { authorize, create, finish, initSync, logout, start, usableFor };
export const { createClient, OAuthError } = entry(core, module);
