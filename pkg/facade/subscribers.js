// Who is told of changes of the session.

/** Subscribers, who are told of each event in the order in which they subscribed. */
export function subscribers() {
  const subscriptions = new Set();
  const events = [];
  let isTelling = false;

  function tellAll(event) {
    // A copy, so that a listener may subscribe or unsubscribe while it is told.
    for (const { listener } of [...subscriptions]) {
      try {
        listener(event);
      } catch (error) {
        // Report a listener's error as an unhandled one, so that the other listeners are still told.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  return {
    /** What a listener does while it is told has its own events, which come when everybody has heard all of these. */
    tell(...together) {
      events.push(...together.map(Object.freeze));
      if (isTelling) return;
      isTelling = true;
      while (events.length) tellAll(events.shift());
      isTelling = false;
    },
    subscribe(listener) {
      if (typeof listener !== 'function') throw new TypeError('listener must be a function.');
      // An object for each subscription, so that a listener that subscribes twice can end each on its own.
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
  };
}
