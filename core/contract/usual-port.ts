import type { Protocol } from "./facts.ts";

/** The port that a service has where nothing else is said: TLS from the first byte has one of its own (RFC 8314 §3.3). */
export function usualPort(protocol: Protocol, tlsMode: string): number {
  if (protocol === "smtp") return tlsMode === "implicit" ? 465 : 25;
  return tlsMode === "implicit" ? 995 : 110;
}

/** The port of a changed TLS mode: a usual one follows it, every other stays. */
export function followingPort(protocol: Protocol, port: string, before: string, after: string): string {
  return port === String(usualPort(protocol, before)) ? String(usualPort(protocol, after)) : port;
}
