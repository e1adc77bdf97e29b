/** The platform's storages, by the names that options have for them: as functions, because a browser that blocks storage throws. */
export const STORAGES = { __proto__: null, session: () => sessionStorage, local: () => localStorage };
