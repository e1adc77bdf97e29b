import * as glue from 'claviger:glue';
import module from 'claviger:wasm';
import { entry } from './facade.js';

export const { createClient, OAuthError } = entry(glue, module);
