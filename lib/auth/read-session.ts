import { decode } from "next-auth/jwt";
import { setting } from "#lib/env.ts";
import { sessionCookie } from "./cookie.ts";
import { type SessionUser, sessionOfToken } from "./queries.ts";
import { tokenSchema } from "./token.ts";

/** The session behind a cookie's value. Null for none, a forged, an idle or an ended one; rejects when the database is away. */
export async function readSession(cookieValue: string | undefined, now: Date): Promise<SessionUser | null> {
  if (cookieValue === undefined || cookieValue === "") return null;
  const payload = await decode({ token: cookieValue, secret: setting("NEXTAUTH_SECRET") }).catch(() => null);
  const token = tokenSchema.safeParse(payload);
  return token.success ? sessionOfToken(token.data, now) : null;
}

/** The session of a request to a route handler, from its Cookie header only. */
export function sessionOfRequest(request: Request): Promise<SessionUser | null> {
  const { name } = sessionCookie();
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const pair = pairs.find((candidate) => candidate.startsWith(`${name}=`));
  return readSession(pair?.slice(name.length + 1), new Date());
}
