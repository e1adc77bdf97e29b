// The client as a relying party: what its logins ask for in addition, and what becomes of ID tokens.
import {
  ACCESS_TOKEN, ASK, CHECK_ID_TOKEN, CLAIMS, DONE, ID_TOKEN_CHECKED, KEPT, KEYS_MAY_HAVE_CHANGED, PARAMETERS, READ_ID_TOKEN, REQUEST, STATUS,
  TRUSTS_TOKEN_ENDPOINT, UNVERIFIED,
} from 'claviger:numbers';
import { flag, membersOf, wrong } from './arguments.js';
import { call } from './door.js';
import { BE_CONTEXTS } from './musts.js';
import { openidMethods } from './openid-methods.js';
import { until } from './shared-wait.js';
import { TOKEN_MEMBERS } from './token-endpoint.js';
import { check, errorOf } from './verdict.js';
import { doJob } from './web-crypto.js';

/** Where what decides stands in an answer of the token endpoint as the module takes it. */
const [GIVEN_ACCESS_TOKEN, GIVEN_ERROR, GIVEN_ID_TOKEN] = ['access_token', 'error', 'id_token'].map((name) => 3 + TOKEN_MEMBERS.indexOf(name));

function raise(code) {
  throw errorOf(code);
}

/** The authentication contexts that are demanded, with single spaces between them. */
export function readRequiredAcr(option) {
  const required = option('requiredAcr');
  if (required === undefined) return undefined;
  const isContext = (text) => typeof text === 'string' && /^[^ ]+$/.test(text);
  if (!Array.isArray(required) || !required.length || !required.every(isContext)) throw wrong('requiredAcr', BE_CONTEXTS);
  return required.join(' ');
}

export function relyingParty(texts, { keys }) {
  /** The ID token that was read last, and its claims. */
  let read = [undefined, null];

  return {
    keys,
    /** The texts of a login with what its ID token has to fit; `isRepeated` where the form is an earlier login's. */
    request([appState, returnTo, form], options = {}, isRepeated) {
      const { [PARAMETERS]: parameters, [KEPT]: kept } = check(call(ASK, [form, readRequiredAcr(membersOf(options, 'options')), isRepeated], texts));
      return [appState, returnTo, parameters, kept];
    },
    /** Asks for the keys before anybody waits for them. */
    prepare() {
      if (!texts[TRUSTS_TOKEN_ENDPOINT]) keys.get().catch(() => {});
    },
    /**
     * Verifies what came with an answer of the module's: in the redirect, or, `given`, from the token endpoint. `previous`
     * is the ID token of the session that it renews.
     */
    async verifyAnswer(answer, given, previous, isRefreshed, signal) {
      const isInRedirect = answer[STATUS] === UNVERIFIED;
      const [access, idToken] = isInRedirect ? [answer[ACCESS_TOKEN], given[0]] : [GIVEN_ACCESS_TOKEN, GIVEN_ID_TOKEN].map((at) => given[at]?.slice(1));
      // What brings no token is the module's to refuse, and a renewal may leave the ID token as it is.
      if (!isInRedirect && (!access || given[GIVEN_ERROR] || (isRefreshed && !idToken))) return;
      const subject = previous && (claims(previous)?.sub ?? raise('subject_mismatch'));
      await verify([idToken, answer[PARAMETERS], access, flag(isInRedirect), undefined, undefined, subject, isRefreshed], signal);
    },
    verify,
    claims,
    /** What a login has brought. */
    brought: (token, idToken) => ({ ...(token && { token }), claims: claims(idToken) }),
    methods: (session) => openidMethods(texts, claims, session),
  };

  /** Verifies an ID token, with what it has to fit in texts for the module. */
  async function verify(given, signal) {
    const { [STATUS]: status } = check(call(CHECK_ID_TOKEN, given, texts));
    let known = status === REQUEST ? await until(keys.get(), signal) : undefined;
    for (;;) {
      const all = [...given, keys.refetchedAt(), known];
      let answer = call(CHECK_ID_TOKEN, all, texts);
      if (answer[STATUS] === DONE) answer = call(ID_TOKEN_CHECKED, [...all, ...(await doJob(answer, given[0]))], texts);
      if (answer[STATUS] === DONE || status !== REQUEST) return void check(answer);
      // Another login may have asked for them again meanwhile.
      const newer = await until(answer[KEYS_MAY_HAVE_CHANGED] ? keys.refetch() : keys.get(), signal);
      if (newer === known) return void check(answer);
      known = newer;
    }
  }

  /** The claims of an ID token that was verified, frozen; nothing of one that is no longer this client's. */
  function claims(idToken) {
    if (read[0] !== idToken) {
      const { [CLAIMS]: json } = idToken ? call(READ_ID_TOKEN, [idToken], texts) : {};
      read = [idToken, json ? JSON.parse(json, (_, value) => Object.freeze(value)) : null];
    }
    return read[1];
  }
}
