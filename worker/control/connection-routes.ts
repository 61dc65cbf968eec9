import { controlPaths } from "#core/contract/control-api.ts";
import {
  type KillAnswer,
  type KillRequest,
  killRequestSchema,
  type LiveSessionsAnswer,
  liveSessionsMax,
} from "#core/contract/live-session.ts";
import type { Listeners } from "../net/listeners.ts";
import type { SourceBans } from "../net/source-bans.ts";
import type { Session } from "../services.ts";
import { type ControlAnswer, errorAnswer, shapeWords } from "./control-answer.ts";
import type { ControlRoute } from "./control-routes.ts";

const killRequestBytesMax = 16 * 1024;

export type ConnectionContext = {
  listeners: Pick<Listeners, "sessions">;
  bans: Pick<SourceBans, "ban">;
};

/** The sessions that run now. */
export function connectionRoutes({ listeners, bans }: ConnectionContext): [string, ControlRoute][] {
  return [
    [
      controlPaths.connections,
      { method: "GET", bodyBytesMax: 0, answer: () => ({ status: 200, body: liveSessions(listeners.sessions()) }) },
    ],
    [
      controlPaths.connectionCommands,
      { method: "POST", bodyBytesMax: killRequestBytesMax, answer: (body) => commandKill(listeners, bans, body) },
    ],
  ];
}

function liveSessions(sessions: Iterable<Session>): LiveSessionsAnswer {
  const all = [...sessions];
  all.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { sessions: all.slice(0, liveSessionsMax).map((session) => session.live()), total: all.length };
}

function commandKill(
  listeners: ConnectionContext["listeners"],
  bans: ConnectionContext["bans"],
  body: unknown,
): ControlAnswer {
  const request = killRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  const running = new Map(Array.from(listeners.sessions(), (session) => [session.id, session]));
  const results = [...new Set(request.data.ids)].map((id) => ({ id, done: kill(running.get(id), bans, request.data) }));
  return { status: 200, body: { results } satisfies KillAnswer };
}

function kill(session: Session | undefined, bans: ConnectionContext["bans"], { banMinutes, by }: KillRequest): boolean {
  if (session === undefined) return false;
  // Before it ends: its client may be back at once.
  if (banMinutes !== null) {
    const { client } = session.live();
    bans.ban(client.address, { minutes: banMinutes, reason: `session ended by ${by}`, by: "person" });
  }
  session.kill();
  return true;
}
