// The page of those who ask for openid: which ID tokens they believe.
import { cases } from '../harness/id-tokens.mjs';
import { grid } from './markdown.mjs';
import { asking } from './openid.mjs';

/** What became of a broken token. */
function verdict({ about, checks }, { id, check }) {
  const { isBelieved, isSilent, hasNonce } = checks[id];
  if (!isBelieved) return isSilent ? 'silent' : 'refused';
  if (check === 'nonce' && !hasNonce) return 'none sent';
  return about.leaves?.checks.includes(check) ? 'not claimed' : '**believed**';
}

/** A check by how many of its tokens are refused. */
function made(adapter, kind) {
  const names = [...new Set(kind.map(({ check }) => check))];
  return names.flatMap((name) => {
    const own = kind.filter(({ check }) => check === name);
    const refused = own.filter(({ id }) => !adapter.checks[id].isBelieved).length;
    if (refused === 0) return [];
    return refused === own.length ? [name] : [`${name} (${refused} of ${own.length})`];
  });
}

const list = (names) => names.join(', ') || '–';

function broken(adapters, kind) {
  const row = (one) => [one.check, one.note, one.id, ...adapters.map((adapter) => verdict(adapter, one))];
  return grid(['check', 'the token', 'vector', ...adapters.map(({ title }) => title)], kind.map(row), '---');
}

function good(adapters) {
  const row = ({ id, group, note }) => [group === 'accept' ? note : `${group}: ${note}`, id, ...adapters.map(({ checks }) => (checks[id].isBelieved ? 'taken' : 'refused'))];
  return grid(['the token', 'vector', ...adapters.map(({ title }) => title)], cases.good.map(row), '---');
}

/** Those whose access token stays in the storage although its response was refused. */
function kept(adapters) {
  const leave = ({ checks }) => [...cases.required, ...cases.open].some(({ id }) => !checks[id].isBelieved && checks[id].isKept);
  const names = adapters.filter(leave).map(({ title }) => title);
  return names.length ? `\nOf responses that were refused, the access token nevertheless stays in the storage with ${names.join(' and ')}.\n` : '';
}

export function idTokensMarkdown(run) {
  const { date, chromium, node } = run;
  const adapters = asking(run);
  const said = adapters.filter(({ about }) => about.leaves);
  return `# Which ID tokens clients believe

Claviger beside the clients that one could take instead. \`cargo xtask bench --openid --only id-tokens\` wrote this page on ${date}, with Chromium ${chromium}, headless, and Node ${node}; nothing on it depends on the machine. What a login with an ID token costs is in the [benchmarks](benchmarks.md).

Each logs in with a code and \`openid\`, by its own defaults, as its documentation says; where a check has to be switched on, a row has it on, and says so. Each is first proved to do its job: the good token is taken, and the client names its user.

${grid(['', 'version', 'what it checks of what is required', 'and of what is left open', 'switched on'], adapters.map((adapter) => [adapter.title, adapter.version, list(made(adapter, cases.required)), list(made(adapter, cases.open)), adapter.about.switchedOn ?? '']), '---')}

## Which broken tokens are believed

Each client gets a code, and at the token endpoint for it a response whose ID token is broken in one way. The tokens are those of \`tests/vectors/id_tokens.json\`, made anew for the login: its issuer, client, nonce, access token and time. "Refused" means that the client's callback gave no access token and that the client then names no user; "**believed**", that it did one of both; "silent", that it did neither, and its callback had not ended after half a minute. Tokens that have expired or are not valid yet are off by more than any client allows a clock.

### What OpenID Connect requires

Checks that OpenID Connect Core 1.0 asks of every client that was given a code (sections 2, 3.1.3.3 and 3.1.3.7). "None sent": the nonce is to be compared where one was sent, and this client sends none; PKCE binds its code to its login.

${broken(adapters, cases.required)}

### What it leaves open

An ID token that came from the token endpoint, over TLS, needs no check of its signature (section 3.1.3.7, number 6), and with a code \`at_hash\` is optional (section 3.1.3.8). The other rules here are of RFC 7515, RFC 8725 or of extensions. "Not claimed": the client says itself that it leaves this check, as below.

${broken(adapters, cases.open)}
${kept(adapters)}
${said.map(({ title, about }) => `- ${title}: ${about.leaves.says}`).join('\n')}

## Which good tokens are taken

That a client is strict is worth nothing where it refuses what it should take. None of them has to know every algorithm: RS256 is the only one that is required.

${good(adapters)}
`;
}
