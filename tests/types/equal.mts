/** `true` where both types are the same, modifiers included; `false` makes {@link check} fail to compile. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** A statement about types. It does nothing when it runs. */
export declare function check<_Statement extends true>(): void;
