import { signIn } from './sign-in.js';

console.log(await signIn(JSON.parse(process.env.SETTINGS)));
