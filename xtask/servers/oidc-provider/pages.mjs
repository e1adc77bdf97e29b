// The pages that a user sees, with the same fields and buttons as the other servers'.

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (character) => ESCAPES[character]);

const page = (content) => `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="data:,">
  <title>oidc-provider, a development server</title>
  <style>
    :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
    body { max-width: 26rem; margin: 3rem auto; padding: 0 1rem; }
    label { display: block; margin-top: 1rem; }
    input:not([type=hidden]) { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
    button { margin-top: 1rem; padding: .5rem 1.5rem; font: inherit; }
    .choices { display: flex; gap: 1rem; }
  </style>
</head>
<body>
  <main>${content}</main>
</body>
</html>
`;

export const signInPage = ({ email, refused }) => page(`
<h1>Sign in</h1>
${refused ? '<p role="alert">The e-mail address or the password is wrong.</p>' : ''}
<form method="post">
  <label for="email">E-mail address</label>
  <input type="email" name="email" id="email" value="${escape(email)}" autocomplete="username" required>
  <label for="password">Password</label>
  <input type="password" name="password" id="password" autocomplete="current-password" required>
  <button type="submit" id="sign-in">Sign in</button>
</form>`);

export const consentPage = ({ name, scopes }) => page(`
<h1>Allow ${escape(name)}?</h1>
<p>${escape(name)} asks for:</p>
<ul>${scopes.map((scope) => `<li>${escape(scope)}</li>`).join('')}</ul>
<form method="post" class="choices">
  <button type="submit" id="allow" name="answer" value="allow">Allow</button>
  <button type="submit" id="deny" name="answer" value="deny">Deny</button>
</form>`);

// `form` is oidc-provider's own, with this id.
export const logoutPage = (form) => page(`
<h1>Sign out?</h1>
${form}
<div class="choices">
  <button type="submit" form="op.logoutForm" id="sign-out" name="logout" value="yes">Sign out</button>
  <button type="submit" form="op.logoutForm">Stay signed in</button>
</div>`);

export const messagePage = (title, message) => page(`
<h1>${escape(title)}</h1>
<p role="alert">${escape(message)}</p>`);
