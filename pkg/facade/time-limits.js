// How long to wait, where more than one file has to know it.

/** Longest time that the platform's timers wait. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long a server may take for metadata, for a code's exchange and for a token without a login. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How long an issuer may take to give its keys. */
export const KEYS_TIMEOUT_MS = 10_000;

/** How long a tab waits while another one renews the token: one that is frozen never ends. */
export const OTHER_TAB_TIMEOUT_MS = 10_000;

/** How long a server may take to renew a token: less than another tab waits for this one. */
export const RENEWAL_TIMEOUT_MS = 9_000;

/** How long a store of the caller's may take for one operation. */
export const STORE_TIMEOUT_MS = 5_000;

/** How long the server may take to revoke a token. */
export const REVOCATION_TIMEOUT_MS = 9_000;
