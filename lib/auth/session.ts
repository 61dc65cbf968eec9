import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "#lib/actor.ts";
import { clientAddress } from "./client-address.ts";
import { sessionCookie } from "./cookie.ts";
import { actorOf, type SessionUser } from "./queries.ts";
import { readSession } from "./read-session.ts";

/** Who is signed in, and as whom the audit log names them. */
export type Session = SessionUser & { actor: Actor };

/** The session of the page or action being rendered, or null. Looked up once a request. */
export const currentSession = cache(async (): Promise<Session | null> => {
  const store = await cookies();
  const user = await readSession(store.get(sessionCookie().name)?.value, new Date());
  if (user === null) return null;
  return { ...user, actor: actorOf(user, clientAddress(await headers())) };
});

/** The session, or off to the sign-in page. Every page calls it before its first query. */
export async function requireSession(): Promise<Session> {
  return (await currentSession()) ?? redirect("/login");
}
