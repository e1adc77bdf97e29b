// The module says the rest.
import start from './program.js';

start();
