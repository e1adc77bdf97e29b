// The city's API, and the list of issues.

import { AppError } from './errors.js';

// `fetch` is the client's: it adds the token, and refuses every address that is
// not one of the client's resources. `onAnswer` hears of each answer (steps.js).
export function createApi(fetch, base, onAnswer = () => {}) {
  async function call(method, path, body) {
    const init = { method, headers: { Accept: 'application/json' } };
    if (body) {
      init.headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(body);
    }

    const begun = performance.now();
    let response;
    try {
      response = await fetch(base + path, init);
    } catch (error) {
      // fetch reports every network failure as a TypeError. Typed errors
      // (token_expired, login_required, …) pass through as they are.
      throw error instanceof TypeError ? new AppError('api_unreachable') : error;
    }
    onAnswer({ method, path, url: new URL(base + path), status: response.status, milliseconds: Math.round(performance.now() - begun) });

    // An answer without a body, or with an HTML error page, is data too: none.
    const data = await response.json().catch(() => null);
    if (response.status === 401) throw new AppError('api_unauthorized', { status: 401 });
    if (response.status === 422) throw new AppError('api_invalid', { status: 422, fields: data?.errors ?? {} });
    if (!response.ok || data === null) throw new AppError('api_failed', { status: response.status });
    return data;
  }

  return {
    profile: () => call('GET', '/profile'),
    issues: async () => {
      const all = [];
      for (let page = 1; page; ) {
        const { issues, metadata } = await call('GET', `/issues?page=${page}`);
        all.push(...issues);
        page = metadata?.pagination.next_page; // null or absent: that was the last
      }
      return all;
    },
    report: (draft) => call('POST', '/issues', draft),
  };
}

const isClosed = (issue) => /^(closed|archived)$/i.test(issue.status ?? '');
const FILTERS = { all: () => true, open: (issue) => !isClosed(issue), closed: isClosed };
const EMPTY = {
  all: 'You have reported nothing yet.',
  open: 'None of your reports is open.',
  closed: 'None of your reports is closed yet.',
};

export function filterOf(url) {
  const name = new URL(url, location.href).searchParams.get('status');
  return Object.hasOwn(FILTERS, name ?? '') ? name : 'all';
}

// textContent throughout: what people wrote is text, whatever it looks like.
export function renderIssues(issues, filter) {
  const shown = issues.filter(FILTERS[filter]);
  document.querySelector('#issues').replaceChildren(...shown.map(renderIssue));
  document.querySelector('#issues-status').textContent =
    shown.length === 0 ? EMPTY[filter] : shown.length === 1 ? '1 report' : `${shown.length} reports`;
}

function renderIssue(issue) {
  const item = document.querySelector('#issue-template').content.cloneNode(true);
  item.querySelector('h3').textContent = issue.summary;
  item.querySelector('.issue-address').textContent = issue.address ?? '';

  const text = item.querySelector('.issue-text');
  text.textContent = issue.description ?? '';
  text.hidden = !issue.description;

  const chip = item.querySelector('.chip');
  chip.textContent = issue.status ?? 'Open';
  chip.classList.toggle('done', isClosed(issue));

  const time = item.querySelector('time');
  const created = new Date(issue.created_at ?? NaN);
  if (Number.isNaN(created.getTime())) {
    time.remove();
  } else {
    time.dateTime = created.toISOString();
    time.textContent = ago(created);
  }
  return item;
}

const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60]];
const WEEK = 7 * 86_400;

function ago(date) {
  const seconds = (Date.now() - date.getTime()) / 1000;
  if (seconds > WEEK) return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? [];
  if (!unit) return 'just now';
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(seconds / size), unit);
}
