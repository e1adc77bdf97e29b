// The report form: its draft, and what the API says against it.

const FIELDS = ['summary', 'address', 'description'];
const COPY = 'city-issues:draft';

const form = document.querySelector('#report-form');

export const readDraft = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value.trim()]));

export const isEmpty = (draft) => FIELDS.every((name) => !draft?.[name]);

export function fillDraft(draft) {
  if (isEmpty(draft)) return false;
  for (const name of FIELDS) form.elements[name].value = String(draft[name] ?? '');
  return true;
}

// The draft travels through a sign-in as its appState. A refused sign-in returns
// none, and neither does the Back button, so a copy stays in this tab for those.
// It is what the person typed and no secret; it is removed when it is read.
export function keepCopy(draft) {
  if (isEmpty(draft)) return;
  try {
    sessionStorage.setItem(COPY, JSON.stringify(draft));
  } catch {
    // Storage refused: the draft still has its appState.
  }
}

export function takeCopy() {
  try {
    const copy = JSON.parse(sessionStorage.getItem(COPY));
    sessionStorage.removeItem(COPY);
    return copy;
  } catch {
    return null;
  }
}

export function clearForm() {
  form.reset();
  showFieldErrors({});
}

// `fields` is the API's object: a message, or a list of messages, for each field.
// The first field in error gets the focus. Returns what belongs to no field.
export function showFieldErrors(fields) {
  for (const name of FIELDS) {
    const input = form.elements[name];
    const messages = [fields[name] ?? []].flat();
    if (messages.length > 0) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    document.querySelector(`#${name}-error`).textContent = messages.map(asSentence).join(' ');
  }
  form.querySelector('[aria-invalid]')?.focus();
  return Object.entries(fields).filter(([name]) => !FIELDS.includes(name)).flatMap(([, messages]) => messages);
}

// Rails gives the second half of a sentence: "can't be blank".
function asSentence(message) {
  const text = /^[a-z]/.test(message) ? `This ${message.replace("'", '’')}` : String(message);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
