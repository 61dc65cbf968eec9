import type { NextAuthOptions } from "next-auth";
import { setting } from "#lib/env.ts";
import { clientAddress } from "./client-address.ts";
import { sessionCookie } from "./cookie.ts";
import { credentialsSchema } from "./credentials.ts";
import { endSession, renewSession, signIn } from "./mutations.ts";
import { sessionOfToken } from "./queries.ts";
import { sessionIdleMs } from "./session-lifetime.ts";
import { tokenSchema } from "./token.ts";

/** What the sign-in form is told by next-auth's `error`; anything else is a wrong e-mail or password. */
export const signInErrors = { locked: "locked", unavailable: "unavailable" } as const;

/** next-auth's configuration: credentials and encrypted JWT sessions, each checked against the database. */
export function authOptions(): NextAuthOptions {
  const maxAge = sessionIdleMs / 1000;
  return {
    secret: setting("NEXTAUTH_SECRET"),
    session: { strategy: "jwt", maxAge },
    jwt: { maxAge },
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: "/login", error: "/login" },
    providers: [
      {
        id: "credentials",
        name: "E-mail and password",
        type: "credentials",
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: (credentials, request) => authorize(credentials, new Headers(request.headers ?? {})),
      },
    ],
    callbacks: { jwt: keepToken, session: ({ session }) => session },
    events: { signOut: ({ token }) => signOut(token) },
    logger: { error: logUnexpected, warn: () => {}, debug: () => {} },
  };
}

async function authorize(input: unknown, headers: Headers) {
  const credentials = credentialsSchema.safeParse(input);
  if (!credentials.success) return null;
  const result = await signIn(credentials.data, clientAddress(headers), new Date()).catch((error: unknown) => {
    console.error("sign-in failed", error);
    throw new Error(signInErrors.unavailable);
  });
  if (result.kind === "refused") return null;
  if (result.kind === "locked") throw new Error(signInErrors.locked);
  return result.user;
}

type JwtCallback = NonNullable<NonNullable<NextAuthOptions["callbacks"]>["jwt"]>;

/** At sign-in makes the token; later lets it live on only while its session does. A throw makes next-auth drop the cookie. */
const keepToken: JwtCallback = async ({ token, user }) => {
  if (user !== undefined && "sessionId" in user) {
    const made = { sub: user.id, sid: user.sessionId };
    return { name: token.name ?? null, email: token.email ?? null, ...tokenSchema.parse(made) };
  }
  const session = await renewSession(tokenSchema.parse(token), new Date());
  if (session === null) throw new Error("The session has ended.");
  return { ...tokenSchema.parse(token), name: session.name, email: session.email };
};

async function signOut(token: unknown): Promise<void> {
  const parsed = tokenSchema.safeParse(token);
  const session = parsed.success ? await sessionOfToken(parsed.data, new Date()) : null;
  if (session !== null) await endSession(session, null);
}

/** An ended or forged session is everyday business; the rest is worth a line. */
function logUnexpected(code: string, metadata: unknown): void {
  if (code !== "JWT_SESSION_ERROR") console.error(`next-auth ${code}`, metadata);
}
