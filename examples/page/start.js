// The module says the rest.
import start from './page.js';

start();
