import type { LiveSession } from "#core/contract/live-session.ts";
import type { Session } from "#worker/services.ts";

export function liveSession(over: Partial<LiveSession> = {}): LiveSession {
  return {
    id: "01JGTESTSESSION0000000000A",
    protocol: "smtp",
    interface: "External",
    policy: "In",
    client: { address: "192.0.2.7", port: 40_000 },
    helo: "client.test",
    user: null,
    state: "ready",
    lastCommand: "EHLO client.test",
    tls: { client: null, upstream: null },
    upstream: null,
    beganAt: "2026-01-05T10:00:00.000Z",
    bytesIn: 20,
    bytesOut: 80,
    messages: 0,
    ...over,
  };
}

/** A session that does nothing of itself. */
export function idleSession(over: Partial<Session> = {}): Session {
  const nothing = (): void => undefined;
  return { id: liveSession().id, drain: nothing, destroy: nothing, kill: nothing, live: () => liveSession(), ...over };
}
