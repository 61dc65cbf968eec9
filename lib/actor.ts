/**
 * Who does something, as the audit log names them. `address` is null for what the product does by itself. `role` is a person's, or that of who made
 * a token; `via` names the session or the token. `machine`: a program, not a person.
 */
export type Actor = { name: string; address: string | null; role?: string; via?: string; machine?: true };

/** The product itself: the first start, scheduled work. */
export const systemActor: Actor = { name: "Postern", address: null, machine: true };

const idLength = 8;

/** How the audit log names a session or a token: enough to tell them apart, and nothing that anybody could use. */
export function viaOf(kind: "session" | "token", id: string): string {
  return `${kind} ${id.slice(0, idLength)}`;
}
