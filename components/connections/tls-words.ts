import type { LiveSession } from "#core/contract/live-session.ts";

/** What each leg speaks, in a few words. */
export function tlsWords({ client, upstream }: LiveSession["tls"], hasUpstream: boolean): string {
  const inside = client ?? "clear text";
  return hasUpstream ? `${inside}; server: ${upstream ?? "clear text"}` : inside;
}
