/**
 * The platform's storages, by the names that options have for them. They are functions, because a browser that blocks
 * storage throws when it is asked for one.
 */
export const STORAGES = { __proto__: null, session: () => sessionStorage, local: () => localStorage };
