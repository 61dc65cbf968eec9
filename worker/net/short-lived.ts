/**
 * For a callback that is put into a property of what is soon over: a message, a command, a session. V8 takes a function that is written where
 * it is assigned to a property for one that stays, and allocates it among what lives long; everything that it refers to, a whole message with
 * what was found in it, would then wait for a collection of the whole heap. One that comes out of a call is allocated as everything else is.
 */
export function shortLived<Callback>(callback: Callback): Callback {
  return callback;
}
