// The real authorization servers, and a user at the pages of one of them.
import assert from 'node:assert/strict';

export const DOORKEEPER = described('CLAVIGER_DOORKEEPER');
export const DJANGO = described('CLAVIGER_DJANGO');
export const OIDC_PROVIDER = described('CLAVIGER_OIDC_PROVIDER');

/** What a server says of itself, or `skip`: why it is not there. */
function described(variable) {
  const description = process.env[variable];
  return description ? JSON.parse(description) : { skip: process.env[`${variable}_LEFT_OUT`] ?? `${variable} is not set` };
}

/**
 * Signs in at Doorkeeper and presses the button that is named, `allow` or `deny`; gives the URL that
 * the user is sent back to.
 */
export async function answerAtDoorkeeper(url, button, { email, password }) {
  const cookies = new Map();
  const { origin } = new URL(url);

  /** Requests a page of the server's, as far as its redirects stay there. */
  async function visit(target, form) {
    const response = await fetch(target, {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map((cookie) => cookie.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    const location = response.headers.get('Location');
    if (!location) return { page: await response.text() };
    const next = new URL(location, target);
    return next.origin === origin ? visit(next) : { left: next.href };
  }

  const signIn = await visit(url);
  const consent = await visit(`${origin}/sign-in`, { ...formWith('sign-in', signIn.page), email, password });
  const { left, page } = await visit(`${origin}/oauth/authorize`, formWith(button, consent.page));
  assert.ok(left, page);
  return left;
}

/** The hidden fields of the form that has the button. */
function formWith(button, page) {
  const form = page.split('<form').find((form) => form.includes(`id="${button}"`));
  assert.ok(form, page);
  const attribute = (input, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? '';
  const fields = form.match(/<input[^>]*type="hidden"[^>]*>/g).map((input) => [attribute(input, 'name'), unescape(attribute(input, 'value'))]);
  return Object.fromEntries(fields);
}

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
