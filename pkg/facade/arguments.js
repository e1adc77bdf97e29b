// Arguments, read with a check: a value of the wrong type is a TypeError that names it. What the values mean is
// checked by the module.
import { BE_AN_ABORT_SIGNAL, BE_AN_ABSOLUTE_URL, BE_AN_OBJECT, BE_A_STRING, HAVE_STRINGS } from './musts.js';

/** The error of an argument; production entries have no `must`. */
export function wrong(name, must) {
  return new TypeError(must ? `${name} must ${must}.` : `${name} is not valid.`);
}

/** Object.hasOwn, for engines from before it. */
export const owns = (value, member) => Object.prototype.hasOwnProperty.call(value, member);

export function object(value, name) {
  if (!value || typeof value !== 'object') throw wrong(name, BE_AN_OBJECT);
  return value;
}

/** Reads an object's own members, so that what a page has added to Object.prototype is no option. */
export function membersOf(value, name) {
  object(value, name);
  return (member) => (owns(value, member) ? value[member] : undefined);
}

/** A value of this type, or none. */
export function typed(value, type, name, must = BE_A_STRING) {
  if (value !== undefined && typeof value !== type) throw wrong(name, must);
  return value;
}

/** Whether it is an object of the platform's with this name, of this window or of another one, such as a frame's. */
export function isA(value, name) {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/** A flag for the module: there, or not. */
export function flag(value) {
  return value ? '1' : undefined;
}

/** A URL as the browser reads it. */
export function url(text, name, must = BE_AN_ABSOLUTE_URL) {
  try {
    return new URL(text).href;
  } catch {
    throw wrong(name, must);
  }
}

/** Parameters as a form; those that are undefined are left out, and those of a list stand there each. */
export function form(parameters, option = 'parameters') {
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(object(parameters, option))) {
    for (const value of values === undefined ? [] : [values].flat()) {
      if (typeof value !== 'string') throw wrong(option, HAVE_STRINGS);
      form.append(name, value);
    }
  }
  return `${form}`;
}

/** The signal of further options, which may be left out. */
export function readSignal(options = {}) {
  const signal = membersOf(options, 'options')('signal');
  if (signal !== undefined && signal !== null && !isA(signal, 'AbortSignal')) throw wrong('signal', BE_AN_ABORT_SIGNAL);
  return signal ?? undefined;
}
