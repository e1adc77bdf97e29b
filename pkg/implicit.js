import module from 'claviger:wasm';
import { call, initSync } from 'claviger:glue';
import { entry } from './entry.js';

export const { createClient, OAuthError } = entry(initSync, call, module);
