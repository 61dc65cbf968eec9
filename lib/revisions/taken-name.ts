import { PublicError } from "#lib/errors.ts";

/** Why an object of the draft cannot have its name. `what` is its noun: `list`. */
export function takenName(what: string, name: string): PublicError {
  const message = `Not saved: there is another ${what} "${name}". Choose another name.`;
  return new PublicError("NAME_TAKEN", message, { fields: { name: ["taken"] } });
}

/** Why it can neither go nor be renamed: `users` are its users in words, at least one. */
export function stillUsed(what: string, name: string, verb: string, users: readonly string[]): PublicError {
  const [first = "", ...rest] = users;
  const words = rest.length === 0 ? first : `${first} and ${rest.length} more`;
  return new PublicError("IN_USE", `Not ${verb}: the ${what} "${name}" is used by ${words}. Take it out there first.`);
}
