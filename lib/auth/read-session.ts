import { decode } from "next-auth/jwt";
import { setting } from "#lib/env.ts";
import { sessionCookie } from "./cookie.ts";
import { type SessionUser, sessionOfToken } from "./queries.ts";
import { type SessionToken, tokenSchema } from "./token.ts";

/** The token in a cookie's value; null for none, a forged one, or one that lay idle for too long. */
export async function readToken(cookieValue: string | undefined): Promise<SessionToken | null> {
  if (cookieValue === undefined || cookieValue === "") return null;
  const payload = await decode({ token: cookieValue, secret: setting("NEXTAUTH_SECRET") }).catch(() => null);
  return tokenSchema.nullable().catch(null).parse(payload);
}

/** The session behind a cookie's value, or null. Rejects when the database is away. */
export async function readSession(cookieValue: string | undefined, now: Date): Promise<SessionUser | null> {
  const token = await readToken(cookieValue);
  return token === null ? null : sessionOfToken(token, now);
}

/** The token of a request to a route handler, from its Cookie header only. */
export function tokenOfRequest(request: Request): Promise<SessionToken | null> {
  const { name } = sessionCookie();
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const pair = pairs.find((candidate) => candidate.startsWith(`${name}=`));
  return readToken(pair?.slice(name.length + 1));
}

/** The session of a request to a route handler, or null: then the answer is 401. */
export async function sessionOfRequest(request: Request): Promise<SessionUser | null> {
  const token = await tokenOfRequest(request);
  return token === null ? null : sessionOfToken(token, new Date());
}
