// Functions go into a page as text, and so do their argument and their result: JSON is the same in every engine.

/** A function's text, to be called in the page with JSON or with nothing; it promises JSON, or nothing. */
export function inText(run) {
  return `async (given) => JSON.stringify(await (${run})(given && JSON.parse(given)))`;
}
